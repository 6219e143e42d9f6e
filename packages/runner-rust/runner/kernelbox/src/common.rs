//! What many cells need of the generic parts of the standard library, made here once: a cell that uses a `HashMap<String, i32>`
//! finds its functions in this library (`-Zshare-generics`), and takes half the time to compile.

use crate::json::{Json, Key, Sequence};
use crate::show::{ShowDebug, ShowRich, ShowSequence, Value};
use crate::{Rich, keep, release, take};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::hint::black_box;

fn kept<T: 'static>(value: T) -> T {
    keep(0, "", value);
    unsafe { take(0) }
}

fn value<T: Clone + Debug + 'static>(value: T) {
    (&Value(&value)).kb_show();
    let some = kept(Some(value.clone()));
    (&Value(&some)).kb_show();
    black_box((some.is_some(), some.as_ref().map(|_| ()), some.clone()));
    release(some.unwrap());
    release(kept(value));
}

fn text<T: Rich + 'static>(value: T) {
    (&&&&Value(&value)).kb_show();
}

fn listed<T: Clone + Debug + PartialEq + 'static>(value: T) {
    let mut list: Vec<T> = Vec::new();
    list.push(value.clone());
    list.extend(vec![value.clone(); 2].into_iter());
    list.extend(list.clone().iter().cloned());
    list.extend_from_slice(&[value.clone()]);
    list.insert(0, value.clone());
    list.truncate(list.len() - 1);
    black_box((
        list.pop(),
        list.remove(0),
        list.first(),
        list.last().cloned(),
        list.get(1),
        list.contains(&value),
        list.is_empty(),
    ));
    black_box((
        list.iter().count(),
        list.iter().cloned().collect::<Vec<T>>(),
        list.iter().rev().next(),
        list.iter().enumerate().next(),
    ));
    black_box((&list[0], &list[1..], list == list.clone(), list.with_room()));
    black_box(list.swap_remove(0));
    list.reverse();
    for item in &list {
        black_box(item);
    }
    for item in list.clone() {
        black_box(item);
    }
    for item in &mut list {
        black_box(item);
    }
    (&Value(&list)).kb_show();
    let mut list = kept(list);
    list.clear();
    black_box(list);
}

trait WithRoom {
    fn with_room(&self) -> Self;
}

impl<T> WithRoom for Vec<T> {
    fn with_room(&self) -> Self {
        Vec::with_capacity(self.len())
    }
}

fn listed_json<T: Clone + Debug + PartialEq + Json + 'static>(value: T) {
    listed(value.clone());
    shown(&vec![value]);
}

fn ordered<T: Clone + Debug + Ord + 'static>(value: T) {
    let mut list = vec![value.clone(), value];
    list.sort();
    list.sort_unstable();
    list.dedup();
    black_box((list.iter().max(), list.iter().min(), list.binary_search(&list[0]).is_ok()));
}

fn mapped<K: Clone + Debug + Eq + Hash + Ord + 'static, V: Clone + Debug + PartialEq + 'static>(key: K, value: V) {
    let mut map: HashMap<K, V> = HashMap::new();
    map.insert(key.clone(), value.clone());
    *map.entry(key.clone()).or_insert(value.clone()) = value.clone();
    map.entry(key.clone()).or_insert_with(|| value.clone());
    black_box((map.get(&key), map.contains_key(&key), map.len(), map.is_empty(), map.clone() == map));
    black_box(map.get_mut(&key));
    black_box(map.remove(&key));
    black_box((map.iter().next(), map.keys().next(), map.values().next()));
    for item in &map {
        black_box(item);
    }
    for item in map.clone() {
        black_box(item);
    }
    let mut pairs: Vec<(&K, &V)> = map.iter().collect();
    pairs.sort_by(|a, b| a.0.cmp(b.0));
    black_box(pairs);
    let mut pairs: Vec<(K, V)> = map.clone().into_iter().collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    (&Value(&pairs)).kb_show();
    release(kept(pairs));
    (&Value(&map)).kb_show();
    release(kept(map));
    let mut tree: BTreeMap<K, V> = BTreeMap::new();
    tree.insert(key.clone(), value.clone());
    tree.entry(key.clone()).or_insert(value);
    black_box((tree.get(&key), tree.iter().next(), tree.len(), tree.contains_key(&key)));
    for item in &tree {
        black_box(item);
    }
    (&Value(&tree)).kb_show();
    release(kept(tree));
}

fn mapped_json<K: Clone + Debug + Eq + Hash + Ord + Key + 'static, V: Clone + Debug + PartialEq + Json + 'static>(
    key: K,
    value: V,
) {
    let map = HashMap::from([(key.clone(), value.clone())]);
    shown(&map);
    shown(&BTreeMap::from([(key.clone(), value.clone())]));
    mapped(key, value);
}

fn shown<T: Sequence + Debug>(value: &T) {
    (&&&Value(value)).kb_show();
}

fn hashed<T: Clone + Debug + Eq + Hash + Json + 'static>(value: T) {
    let mut set: HashSet<T> = HashSet::new();
    set.insert(value.clone());
    black_box((set.contains(&value), set.len(), set.iter().next()));
    shown(&set);
    release(kept(set));
    let mut queue: VecDeque<T> = VecDeque::new();
    queue.push_back(value.clone());
    queue.push_front(value);
    black_box((queue.pop_front(), queue.pop_back(), queue.len()));
    release(kept(queue));
}

fn printed<T: Display>(value: T) {
    black_box(value.to_string());
}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        value::<$type>(1 as $type);
        printed(1 as $type);
        listed_json::<$type>(1 as $type);
        listed_json::<Vec<$type>>(vec![1 as $type]);
        listed::<(String, $type)>((String::new(), 1 as $type));
        black_box(vec![1 as $type].iter().sum::<$type>());
        black_box(vec![1 as $type].iter().product::<$type>());
        black_box("1".parse::<$type>().unwrap());
        mapped_json::<String, $type>(String::new(), 1 as $type);
        mapped_json::<&'static str, $type>("", 1 as $type);
    )*};
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        numbers!($type);
        ordered::<$type>(1);
        hashed::<$type>(1);
        mapped_json::<$type, $type>(1, 1);
        mapped_json::<$type, String>(1, String::new());
        for number in 0..black_box(1 as $type) { black_box(number); }
        for number in (0..=black_box(1 as $type)).rev() { black_box(number); }
        black_box((0..black_box(1 as $type)).sum::<$type>());
        black_box((0..=black_box(1 as $type)).sum::<$type>());
        black_box((0..black_box(1 as $type)).collect::<Vec<$type>>());
        black_box((1..=black_box(1 as $type)).product::<$type>());
    )*};
}

/// Never called.
pub fn all() {
    integers!(i32, u32, i64, u64, usize);
    numbers!(f64);
    value(1u8);
    value('a');
    value(true);
    value(String::new());
    value("");
    value(());
    value((1i32, 1i32));
    text(String::new());
    text("");
    text(());
    listed_json(1u8);
    listed_json('a');
    listed_json(true);
    listed_json(String::new());
    listed_json("");
    listed_json(vec![String::new()]);
    ordered(String::new());
    ordered("");
    ordered('a');
    hashed(String::new());
    hashed("");
    hashed('a');
    mapped_json(String::new(), String::new());
    mapped_json(String::new(), vec![String::new()]);
    mapped_json('a', 1i32);
    mapped_json('a', 1usize);
    let line = String::from("a b");
    black_box((
        line.split(' ').collect::<Vec<&str>>(),
        line.split_whitespace().collect::<Vec<&str>>(),
        line.lines().collect::<Vec<&str>>(),
    ));
    black_box((
        line.chars().collect::<Vec<char>>(),
        line.chars().rev().collect::<String>(),
        line.split(' ').map(String::from).collect::<Vec<String>>(),
    ));
    black_box((
        line.contains("a"),
        line.find('a'),
        line.replace("a", "b"),
        line.starts_with("a"),
        line.trim().to_string(),
        line.split_once(' '),
    ));
    black_box((vec![line.clone()].join(","), vec![""].join(","), line.repeat(2), line.to_uppercase(), line.to_lowercase()));
}
