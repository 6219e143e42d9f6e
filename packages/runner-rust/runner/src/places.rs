//! Where things happened: lines of cells for lines of what was compiled, and the way of a panic through the cells.

use crate::unwinding;
use std::backtrace::Backtrace;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

const MOST_FRAMES: usize = 40;
const FIRST_FRAMES: usize = 35;

type Lines = Vec<Option<(String, usize)>>;

struct Places {
    files: Option<HashMap<String, Lines>>,
    running: String,
}

static PLACES: Mutex<Places> = Mutex::new(Places { files: None, running: String::new() });

/// Remembers the lines of a compiled file.
pub fn add(file: &str, lines: Lines) {
    PLACES.lock().unwrap_or_else(PoisonError::into_inner).files.get_or_insert_default().insert(file.to_string(), lines);
}

pub fn set_running(cell: &str) {
    PLACES.lock().unwrap_or_else(PoisonError::into_inner).running = cell.to_string();
}

/// The cell and line of a place in a compiled file.
pub fn find(file: &str, line: usize) -> Option<(String, usize)> {
    let name = file.rsplit('/').next()?;
    // A crash may have been in the middle of this.
    let places = PLACES.try_lock().ok()?;
    places.files.as_ref()?.get(name)?.get(line.checked_sub(1)?)?.clone()
}

pub fn name(file: &str, line: u32) -> String {
    find(file, line as usize).map_or_else(|| format!("{file}:{line}"), |(cell, line)| format!("{cell}:{line}"))
}

/// The line of the running cell that is meant by a place, if it is in that.
pub fn line_in_cell(file: &str, line: usize) -> Option<usize> {
    let (cell, line) = find(file, line)?;
    (PLACES.try_lock().ok()?.running == cell).then_some(line)
}

/// The lines of cells that led here: the innermost one of the running cell, and all as text.
pub fn trace() -> (Option<usize>, String) {
    describe(&Backtrace::force_capture())
}

pub fn describe(trace: &Backtrace) -> (Option<usize>, String) {
    let left_out = unwinding::left_out();
    let text = trace.to_string();
    let mut innermost = None;
    let mut found: Vec<(String, usize)> = Vec::new();
    let mut function = "";
    for line in text.lines() {
        let line = line.trim();
        let Some(place) = line.strip_prefix("at ") else {
            function = line.split_once(": ").map_or(line, |(_, name)| name);
            continue;
        };
        // FILE:LINE:COLUMN
        let mut parts = place.rsplitn(3, ':');
        let (_, number, file) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        let Some(number) = number.and_then(|number| number.parse().ok()) else { continue };
        let Some((cell, line)) = find(file, number) else { continue };
        innermost = innermost.or_else(|| line_in_cell(file, number));
        let frame = format!("{cell}:{line}{}", described(function));
        match found.last_mut() {
            // A recursion has more than anybody reads.
            Some((last, count)) if *last == frame => *count += 1,
            _ => found.push((frame, 1)),
        }
    }
    // Those that were left out belong to what comes again and again.
    if let Some((_, most)) = found.iter_mut().filter(|(_, count)| *count > 1).max_by_key(|(_, count)| *count) {
        *most += left_out;
    }
    let mut out = String::new();
    for (index, (frame, count)) in found.iter().enumerate() {
        if found.len() > MOST_FRAMES && (FIRST_FRAMES..found.len() + FIRST_FRAMES - MOST_FRAMES).contains(&index) {
            if index == FIRST_FRAMES {
                out.push_str("\n  …");
            }
            continue;
        }
        let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
        let _ = write!(out, "\n  {frame}{times}");
    }
    (innermost, out)
}

/// ` in FUNCTION`, unless it is the cell itself.
fn described(function: &str) -> String {
    let name = function.strip_prefix("cell::").unwrap_or(function);
    if name.starts_with("kb_cell_") && !name.contains("::") {
        return String::new();
    }
    let closure = name.split_once("::{{closure}}").filter(|(start, _)| start.starts_with("kb_cell_"));
    format!(" in {}", closure.map_or(name, |_| "a closure"))
}
