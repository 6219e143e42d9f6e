//! JSON of what the standard library has.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::Arc;

/// What can stand in JSON.
pub trait Json {
    fn write(&self, out: &mut String);
}

/// What is shown as JSON, too.
pub trait Sequence {
    fn write_all(&self, out: &mut String);
    fn length(&self) -> Option<usize>;
}

pub fn json_of<T: Sequence + ?Sized>(value: &T, limit: usize) -> Option<String> {
    // Whoever has so many values has more text than that.
    if value.length().is_some_and(|length| length > limit / 2) {
        return None;
    }
    let mut text = String::new();
    value.write_all(&mut text);
    (text.len() <= limit).then_some(text)
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn write_list<'a, T: Json + 'a>(items: impl IntoIterator<Item = &'a T>, out: &mut String) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        item.write(out);
    }
    out.push(']');
}

fn write_map<'a, K: Key + 'a, V: Json + 'a>(items: impl IntoIterator<Item = (&'a K, &'a V)>, out: &mut String) {
    out.push('{');
    for (index, (key, value)) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(&key.text(), out);
        out.push(':');
        value.write(out);
    }
    out.push('}');
}

/// What can name a member.
pub trait Key {
    fn text(&self) -> Cow<'_, str>;
}

macro_rules! texts {
    ($($type:ty),*) => {$(
        impl Key for $type { fn text(&self) -> Cow<'_, str> { Cow::Borrowed(self) } }
        impl Json for $type { fn write(&self, out: &mut String) { write_text(self, out) } }
    )*};
}
texts!(str, String);

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Key for $type { fn text(&self) -> Cow<'_, str> { Cow::Owned(self.to_string()) } }
        impl Json for $type { fn write(&self, out: &mut String) { let _ = write!(out, "{self}"); } }
    )*};
}
integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, bool);

macro_rules! floats {
    ($($type:ty),*) => {$(
        impl Json for $type {
            fn write(&self, out: &mut String) {
                // JSON has no infinity.
                let _ = if self.is_finite() { write!(out, "{self}") } else { write!(out, "null") };
            }
        }
    )*};
}
floats!(f32, f64);

impl Key for char {
    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Json for char {
    fn write(&self, out: &mut String) {
        write_text(&self.to_string(), out);
    }
}

impl Json for () {
    fn write(&self, out: &mut String) {
        out.push_str("null");
    }
}

impl<T: Json> Json for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }
}

macro_rules! through {
    ($($type:ty),*) => {$(
        impl<T: Json + ?Sized> Json for $type { fn write(&self, out: &mut String) { (**self).write(out) } }
        impl<T: Key + ?Sized> Key for $type { fn text(&self) -> Cow<'_, str> { (**self).text() } }
        impl<T: Sequence + ?Sized> Sequence for $type {
            fn write_all(&self, out: &mut String) { (**self).write_all(out) }
            fn length(&self) -> Option<usize> { (**self).length() }
        }
    )*};
}
through!(&T, Box<T>, Rc<T>, Arc<T>);

macro_rules! lists {
    ($([$($generics:tt)*] $type:ty),*) => {$(
        impl<T: Json, $($generics)*> Json for $type { fn write(&self, out: &mut String) { write_list(self.iter(), out) } }
        impl<T: Json, $($generics)*> Sequence for $type {
            fn write_all(&self, out: &mut String) { write_list(self.iter(), out) }
            fn length(&self) -> Option<usize> { Some(self.len()) }
        }
    )*};
}
lists!([] [T], [const N: usize] [T; N], [] Vec<T>, [] VecDeque<T>, [] BTreeSet<T>, [S] HashSet<T, S>);

macro_rules! maps {
    ($([$($generics:tt)*] $type:ty),*) => {$(
        impl<K: Key, V: Json, $($generics)*> Json for $type { fn write(&self, out: &mut String) { write_map(self.iter(), out) } }
        impl<K: Key, V: Json, $($generics)*> Sequence for $type {
            fn write_all(&self, out: &mut String) { write_map(self.iter(), out) }
            fn length(&self) -> Option<usize> { Some(self.len()) }
        }
    )*};
}
maps!([] BTreeMap<K, V>, [S] HashMap<K, V, S>);

macro_rules! tuples {
    ($(($($name:ident $index:tt),+)),*) => {$(
        impl<$($name: Json),+> Json for ($($name,)+) {
            fn write(&self, out: &mut String) {
                out.push('[');
                $(if $index > 0 { out.push(','); } self.$index.write(out);)+
                out.push(']');
            }
        }
    )*};
}
tuples!((A 0), (A 0, B 1), (A 0, B 1, C 2), (A 0, B 1, C 2, D 3), (A 0, B 1, C 2, D 3, E 4));
