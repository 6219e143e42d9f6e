//! What is asked between cells: completion, inspection, completeness, variables.

use crate::cell;
use crate::compiler::Compiled;
use crate::frames::{self, Frame};
use crate::items::Kind;
use crate::names::names_in_text;
use crate::places;
use crate::session::Session;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn", "for", "if",
    "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "type", "unsafe", "use", "where", "while",
];

/// What is known without `use`.
const PRELUDE: &[&str] = &[
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Vec",
    "bool",
    "char",
    "f32",
    "f64",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "kb",
    "kernelbox",
    "std",
    "str",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
    "assert!",
    "assert_eq!",
    "assert_ne!",
    "dbg!",
    "eprint!",
    "eprintln!",
    "format!",
    "matches!",
    "panic!",
    "print!",
    "println!",
    "todo!",
    "unreachable!",
    "vec!",
    "write!",
    "writeln!",
];

const LONGEST_LINE: usize = 200;

pub fn answer(session: &mut Session, frame: &Frame) {
    let fields = match frame.name.as_str() {
        "complete" => complete(session, &frame.field(0), frame.field(1).parse().unwrap_or(usize::MAX)),
        "inspect" => inspect(session, &frame.field(0), frame.field(1).parse().unwrap_or(usize::MAX)),
        "check" => check(&frame.field(0)),
        "variables" => variables(session),
        _ => return,
    };
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    frames::emit("answer", &fields);
}

fn is_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The name that ends at a position, and where it starts.
fn name_before(code: &str, position: usize) -> (usize, &str) {
    let end = code.floor_char_boundary(position);
    let start = code[..end].char_indices().rev().take_while(|(_, c)| is_name(*c)).last().map_or(end, |(index, _)| index);
    (start, &code[start..end])
}

/// The first name of a type: `Vec` of `&std::vec::Vec<i32>`.
fn head(type_name: &str) -> &str {
    let text = type_name.trim_start_matches(['&', '(', ' ']).trim_start_matches("mut ").trim_start_matches("dyn ");
    let path = text.split(['<', ' ', ')', '+']).next().unwrap_or(text);
    path.rsplit("::").next().unwrap_or(path)
}

fn complete(session: &Session, code: &str, position: usize) -> Vec<String> {
    let (start, word) = name_before(code, position);
    let before = &code[..start];
    let mut found: BTreeSet<String> = BTreeSet::new();
    if let Some(owner) = before.strip_suffix('.') {
        let (_, name) = name_before(owner, owner.len());
        if let Some(variable) = session.variables.get(name) {
            found.extend(members(session, &variable.type_name));
        }
    } else if let Some(path) = before.strip_suffix("::") {
        let (_, name) = name_before(path, path.len());
        found.extend(session.items.members_of(name));
        found.extend(session.items.find(name).into_iter().flat_map(|item| item.parts.iter().cloned()));
        found.extend(session.library.of_type(name).map(String::from));
        if name == "kb" || name == "kernelbox" {
            found
                .extend(["display", "file", "html", "jpeg", "json", "latex", "markdown", "png", "svg", "Rich"].map(String::from));
        }
    } else {
        found.extend(session.variables.keys().cloned());
        found.extend(
            session.items.iter().filter(|item| item.kind != Kind::Impl && !item.name.is_empty()).map(|item| item.name.clone()),
        );
        found.extend(session.compiler.crates.iter().filter(|name| *name != "kernelbox_crates").cloned());
        found.extend(KEYWORDS.iter().chain(PRELUDE).map(ToString::to_string));
    }
    let matches = found.into_iter().filter(|name| name.starts_with(word));
    let end = start + word.len();
    [start.to_string(), end.to_string()].into_iter().chain(matches).collect()
}

/// The fields and methods of a value.
fn members(session: &Session, type_name: &str) -> Vec<String> {
    let name = head(type_name);
    let mut found = session.items.members_of(name);
    found.extend(session.items.find(name).into_iter().flat_map(|item| item.parts.iter().cloned()));
    for name in session.library.chain(type_name, name) {
        found.extend(session.library.methods(name).map(String::from));
    }
    // What a box or a reference leads to.
    if ["Box", "Rc", "Arc"].contains(&name)
        && let Some((_, inner)) = type_name.split_once('<')
    {
        found.extend(members(session, inner.trim_end_matches('>')));
    }
    found
}

fn inspect(session: &Session, code: &str, position: usize) -> Vec<String> {
    let position = code.floor_char_boundary(position);
    let end = position + code[position..].chars().take_while(|c| is_name(*c)).map(char::len_utf8).sum::<usize>();
    let (start, name) = name_before(code, end);
    let text = |text: String| vec!["text/plain".to_string(), text];
    if let Some(variable) = session.variables.get(name) {
        let word = if variable.is_mutable { "let mut" } else { "let" };
        return text(format!("{word} {name}: {}", variable.type_name));
    }
    if let Some(item) = session.items.find(name) {
        return text(item.described());
    }
    if let Some((_, owner)) = code[..start].strip_suffix('.').map(|owner| name_before(owner, owner.len()))
        && let Some(variable) = session.variables.get(owner)
        && let Some(signature) = session
            .library
            .chain(&variable.type_name, head(&variable.type_name))
            .into_iter()
            .find_map(|kind| session.library.signature(kind, name))
    {
        return text(signature);
    }
    if let Some((_, owner)) = code[..start].strip_suffix("::").map(|owner| name_before(owner, owner.len()))
        && let Some(signature) = session.library.signature(owner, name)
    {
        return text(signature);
    }
    Vec::new()
}

fn check(code: &str) -> Vec<String> {
    if cell::parse(code).is_ok() {
        return vec!["complete".into()];
    }
    match open_at_end(code) {
        Some(depth) => vec!["incomplete".into(), " ".repeat(4 * depth)],
        // `let x =` ends too early, too: with one more word it would be right.
        None if ["x", "x;", "{}", "x {}"].iter().any(|more| cell::parse(&format!("{code} {more}")).is_ok()) => {
            vec!["incomplete".into(), String::new()]
        }
        None => vec!["invalid".into()],
    }
}

/// How many brackets are open at the end, if something is.
fn open_at_end(code: &str) -> Option<usize> {
    let bytes = code.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while at < bytes.len() {
        let rest = &code[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            let mut nested = 0;
            let mut index = 0;
            loop {
                let rest = rest.get(index..).filter(|rest| !rest.is_empty());
                let Some(rest) = rest else { return Some(depth) };
                if rest.starts_with("/*") {
                    nested += 1;
                    index += 2;
                } else if rest.starts_with("*/") {
                    nested -= 1;
                    index += 2;
                    if nested == 0 {
                        break;
                    }
                } else {
                    index += rest.chars().next().map_or(1, char::len_utf8);
                }
            }
            at += index;
        } else if let Some(raw) = raw_string(rest, code[..at].ends_with(is_name)) {
            let Some(length) = raw else { return Some(depth) };
            at += length;
        } else if rest.starts_with('"') {
            let mut escaped = false;
            let end = rest[1..].char_indices().find(|(_, c)| {
                let is_end = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                is_end
            });
            let Some((index, _)) = end else { return Some(depth) };
            at += index + 2;
        } else if rest.starts_with('\'') {
            // A character, or a lifetime.
            let mut characters = rest[1..].char_indices();
            let first = characters.next().map(|(_, c)| c);
            let second = characters.next();
            at += match (first, second) {
                (Some('\\'), _) => rest[3.min(rest.len())..].find('\'').map_or(rest.len(), |index| index + 4),
                (Some(_), Some((index, '\''))) => index + 2,
                _ => 1,
            };
        } else {
            match bytes[at] {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    (depth > 0).then_some(depth)
}

/// The length of a raw string that starts here; inside none where it does not end.
fn raw_string(text: &str, is_in_name: bool) -> Option<Option<usize>> {
    let rest = text.strip_prefix("br").or_else(|| text.strip_prefix('r')).filter(|_| !is_in_name)?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].strip_prefix('"')?;
    let start = text.len() - rest.len() + hashes + 1;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(text[start..].find(&end).map(|index| start + index + end.len()))
}

/// Name, type, text and size of each variable; the texts come from a small cell of its own.
fn variables(session: &mut Session) -> Vec<String> {
    let mut all: Vec<_> = session.variables.values().cloned().collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    let lines = texts(session, &all).unwrap_or_default();
    let mut fields = Vec::new();
    for (index, variable) in all.iter().enumerate() {
        let (text, size) = lines.get(index).cloned().unwrap_or_default();
        fields.extend([variable.name.clone(), variable.type_name.clone(), text, size]);
    }
    fields
}

fn texts(session: &mut Session, all: &[crate::plan::Variable]) -> Option<Vec<(String, String)>> {
    if all.is_empty() {
        return None;
    }
    let file = session.next_name();
    let function = file.replace('.', "_");
    let mut source = crate::source::Source::default();
    source.glue("#![allow(warnings)]");
    let names = all.iter().flat_map(|variable| names_in_text(&variable.type_name)).collect();
    let needed = session.items.needed(&names);
    let mentioned: BTreeSet<&String> = needed.iter().flat_map(|item| &item.mentions).chain(&names).collect();
    let uses_crates = session.compiler.crates.iter().any(|name| mentioned.contains(name));
    if uses_crates {
        source.glue("extern crate kernelbox_crates as _;");
    }
    for item in &needed {
        source.piece(&item.later, |_| crate::source::Origin::Glue);
    }
    source.glue("use ::kernelbox::show::*;");
    source.glue(&format!("#[unsafe(no_mangle)] pub fn {function}() -> ::std::vec::Vec<(::std::string::String, ::std::string::String)> {{ unsafe {{ ::std::vec!["));
    for variable in all {
        source.glue(&format!(
            "{{ let value = ::kernelbox::peek::<{}>({}usize); ((&&&&Value(value)).kb_line({LONGEST_LINE}), (&&Value(value)).kb_size().map_or_else(::std::string::String::new, |size| size.to_string())) }},",
            variable.type_name, variable.index
        ));
    }
    source.glue("] } }");
    let Ok(Compiled::Done { object, .. }) = session.compiler.compile(&file, &source.text) else { return None };
    places::add(&file, Vec::new());
    let library = object.with_extension("so");
    let function: fn() -> Vec<(String, String)> = session.load(&object, uses_crates, &function).ok()?;
    let lines = catch_unwind(AssertUnwindSafe(function)).ok();
    let _ = std::fs::remove_file(library);
    lines
}
