//! What rustc says, and how it is told: with the lines of the cells.

use crate::source::{Origin, Source};
use serde_json::Value;
use std::fmt::Write as _;

pub struct Span {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
    pub is_primary: bool,
    pub label: String,
    text: String,
}

pub struct Diagnostic {
    pub code: String,
    pub message: String,
    pub spans: Vec<Span>,
    children: Vec<(String, String)>,
}

/// The errors in rustc's output; its summary is none.
pub fn diagnostics_of(output: &str) -> Vec<Diagnostic> {
    let values = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut found: Vec<Diagnostic> = values.filter(|value| value["level"] == "error").map(|value| diagnostic(&value)).collect();
    let has_places = found.iter().any(|diagnostic| !diagnostic.spans.is_empty());
    found.retain(|diagnostic| !has_places || !diagnostic.spans.is_empty());
    found
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap_or_default() as usize
}

fn diagnostic(value: &Value) -> Diagnostic {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    Diagnostic {
        code: text(&value["code"]["code"]),
        message: text(&value["message"]),
        spans: list(&value["spans"]).iter().map(outermost).map(|span| span_of(&span)).collect(),
        children: list(&value["children"]).iter().map(|child| (text(&child["level"]), advice(child))).collect(),
    }
}

/// A note or a hint, with what it wants to put in.
fn advice(child: &Value) -> String {
    let message = text(&child["message"]);
    match child["spans"].as_array().map(Vec::as_slice) {
        Some([span]) => match text(&span["suggested_replacement"]).trim() {
            new if new.is_empty() || new.contains('\n') || message.contains(&format!("`{new}`")) => message,
            new => format!("{message}: `{new}`"),
        },
        _ => message,
    }
}

/// Of what a macro has made, the place where the cell calls it.
fn outermost(span: &Value) -> Value {
    let mut place = span.clone();
    while place["expansion"]["span"].is_object() {
        let label = place["label"].clone();
        let is_primary = place["is_primary"].clone();
        place = place["expansion"]["span"].clone();
        place["label"] = label;
        place["is_primary"] = is_primary;
    }
    place
}

fn span_of(span: &Value) -> Span {
    Span {
        line: number(&span["line_start"]),
        column: number(&span["column_start"]),
        end_line: number(&span["line_end"]),
        end_column: number(&span["column_end"]),
        is_primary: span["is_primary"] == true,
        label: text(&span["label"]),
        text: text(&span["text"][0]["text"]),
    }
}

pub struct Failure {
    pub name: String,
    pub message: String,
    pub line: Option<usize>,
    pub traceback: String,
}

impl Failure {
    pub fn new(name: &str, message: &str) -> Self {
        Self { name: name.into(), message: message.into(), line: None, traceback: format!("{name}: {message}") }
    }
}

impl Diagnostic {
    pub fn primary(&self) -> Option<&Span> {
        self.spans.iter().find(|span| span.is_primary).or(self.spans.first())
    }

    /// One sentence: rustc's message with the words that stand at the place.
    fn headline(&self) -> String {
        match self.primary() {
            Some(span)
                if !span.label.starts_with("not found")
                    && span.label.split(' ').any(|word| word != "cannot" && !self.message.contains(word)) =>
            {
                format!("{}: {}", self.message, span.label)
            }
            _ => self.message.clone(),
        }
    }

    fn write(&self, source: &Source, cell: &str, out: &mut String) {
        let code = if self.code.is_empty() { String::new() } else { format!("[{}]", self.code) };
        let _ = writeln!(out, "error{code}: {}", self.message);
        let mut spans: Vec<&Span> = self.spans.iter().collect();
        spans.sort_by_key(|span| !span.is_primary);
        for span in spans {
            let (cell, line) = match source.origin(span.line) {
                Origin::Cell(line) => (cell, *line),
                Origin::Item { cell, line, .. } => (cell.as_str(), *line),
                _ => continue,
            };
            let (column, text) = source.in_cell(span.line, span.column, &span.text);
            let _ = writeln!(out, "  {cell}:{line}:{column}");
            let text = text.trim_end();
            let width = if span.end_line == span.line { span.end_column.saturating_sub(span.column).max(1) } else { 1 };
            let mark = if span.is_primary { "^" } else { "-" };
            let _ = writeln!(out, "    {text}");
            let _ = writeln!(out, "    {}{} {}", " ".repeat(column.saturating_sub(1)), mark.repeat(width), span.label);
        }
        for (level, message) in &self.children {
            let _ = writeln!(out, "  {level}: {message}");
        }
    }
}

/// The error of a cell that does not compile.
pub fn failure_of(found: &[Diagnostic], source: &Source, cell: &str, hint: impl Fn(&Diagnostic) -> Option<String>) -> Failure {
    let in_cell =
        |diagnostic: &&Diagnostic| diagnostic.primary().is_some_and(|span| matches!(source.origin(span.line), Origin::Cell(_)));
    let Some(first) = found.iter().find(in_cell).or(found.first()) else {
        return Failure::new("CompileError", "the cell does not compile");
    };
    let mut message = first.headline();
    if let Some(more) = hint(first) {
        let _ = write!(message, " ({more})");
    }
    let line = first.primary().and_then(|span| match source.origin(span.line) {
        Origin::Cell(line) => Some(*line),
        // What stands around the cell: its end, as a rule.
        Origin::Glue => (1..span.line).rev().find_map(|line| match source.origin(line) {
            Origin::Cell(line) => Some(*line),
            _ => None,
        }),
        _ => None,
    });
    let mut traceback = String::new();
    found.iter().for_each(|diagnostic| diagnostic.write(source, cell, &mut traceback));
    Failure { name: "CompileError".into(), message, line, traceback: traceback.trim_end().to_string() }
}

/// The name that rustc does not find.
pub fn missing_name(diagnostic: &Diagnostic) -> Option<&str> {
    (diagnostic.code == "E0425").then(|| diagnostic.message.split('`').nth(1)).flatten()
}
