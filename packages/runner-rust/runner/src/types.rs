//! The types of variables, from what rustc writes about the cell's function: in its MIR each `keep` names the type, with paths
//! that other code can use.

use crate::items::{Kind, Stored};
use crate::names::names_in_text;
use std::collections::HashMap;

/// The types by the numbers of the places in the store.
pub fn kept_types(mir: &str) -> HashMap<usize, String> {
    const CALL: &str = "kernelbox::keep::<";
    let mut found = HashMap::new();
    for line in mir.lines() {
        let Some((_, rest)) = line.split_once(CALL) else { continue };
        let Some(end) = rest.rfind(">(const ") else { continue };
        let index = rest[end + ">(const ".len()..].split_once("_usize").and_then(|(number, _)| number.parse().ok());
        if let Some(index) = index {
            found.insert(index, rest[..end].to_string());
        }
    }
    found
}

pub enum Spelling {
    /// It can stand in code.
    Plain,
    /// This expression of the variable has a type that can.
    Converted(String),
    /// There is no way, for this reason.
    None(String),
}

/// What holds these in a variable would stop whoever wants them in the next cell, as if the cell went on.
const LOCKS: [&str; 6] = ["StdinLock", "StdoutLock", "StderrLock", "MutexGuard", "RwLockReadGuard", "RwLockWriteGuard"];

/// Whether a type, or one of the code's own types in it, has the lock of something that lives longer than the cell.
fn holds_lock<'a>(type_name: &str, items: impl Iterator<Item = &'a Stored> + Clone) -> bool {
    let mut names = names_in_text(type_name);
    loop {
        if LOCKS.iter().any(|lock| names.contains(*lock)) {
            return true;
        }
        let before = names.len();
        for item in items.clone().filter(|item| item.kind == Kind::Type && names.contains(&item.name)).collect::<Vec<_>>() {
            names.extend(item.mentions.iter().cloned());
        }
        if names.len() == before {
            return false;
        }
    }
}

pub fn spelling<'a>(type_name: &str, variable: &str, mir: &str, items: impl Iterator<Item = &'a Stored> + Clone) -> Spelling {
    if holds_lock(type_name, items) {
        return Spelling::None("it held a lock, which ends with its cell".into());
    }
    let nameless = || {
        Spelling::None(format!(
            "its type {type_name} has no name that another cell could use; collect it, or put it into a Box<dyn …>"
        ))
    };
    if type_name.starts_with("{closure@") && type_name.ends_with('}') {
        return closure(type_name, mir)
            .map_or_else(nameless, |boxed| Spelling::Converted(format!("::std::boxed::Box::new({variable}) as {boxed}")));
    }
    // fn(i32) -> i32 {double}
    if let Some((pointer, _)) =
        type_name.split_once(" {").filter(|(start, _)| start.starts_with("fn(") || start.starts_with("for<"))
    {
        return if pointer.contains('{') { nameless() } else { Spelling::Converted(format!("{variable} as {pointer}")) };
    }
    if type_name.contains('{') || type_name.contains("impl ") || type_name.contains('?') { nameless() } else { Spelling::Plain }
}

/// `Box<dyn Fn(i32) -> i32>`, from the head of the closure's own function.
fn closure(type_name: &str, mir: &str) -> Option<String> {
    let head = mir.lines().find(|line| {
        line.starts_with("fn ") && line.contains("{closure#") && line.contains(&format!("{type_name}")) && {
            let (_, parameters) = line.split_once("(_1: ").unwrap_or_default();
            parameters.trim_start_matches("&mut ").trim_start_matches('&').starts_with(type_name)
        }
    })?;
    let (_, parameters) = head.split_once("(_1: ")?;
    let kind = if parameters.starts_with("&mut ") {
        "FnMut"
    } else if parameters.starts_with('&') {
        "Fn"
    } else {
        "FnOnce"
    };
    let rest = &parameters[parameters.find(type_name)? + type_name.len()..];
    let (types, result) = rest.rsplit_once(") -> ")?;
    let result = result.trim_end().trim_end_matches('{').trim_end();
    let types: Vec<String> = parameter_types(types);
    let text = format!("::std::boxed::Box<dyn {kind}({}) -> {result}>", types.join(", "));
    (!text.contains('{') && !text.contains("impl ")).then_some(text)
}

/// Of `, _2: i32, _3: (a, b)`.
fn parameter_types(text: &str) -> Vec<String> {
    let mut types = Vec::new();
    for number in 2.. {
        let Some((_, rest)) = text.split_once(&format!("_{number}: ")) else { break };
        let end = rest.find(&format!(", _{}: ", number + 1)).unwrap_or(rest.len());
        types.push(rest[..end].to_string());
    }
    types
}
