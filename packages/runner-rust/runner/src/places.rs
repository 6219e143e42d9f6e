//! Where things happened: lines of cells for lines of what was compiled, and the way of a panic through the cells.

use std::backtrace::Backtrace;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

/// A recursion has more than anybody reads.
const MOST_FRAMES: usize = 40;

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
    let text = trace.to_string();
    let mut innermost = None;
    let mut out = String::new();
    let mut function = "";
    let mut frames = 0;
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
        frames += 1;
        if frames > MOST_FRAMES {
            if frames == MOST_FRAMES + 1 {
                out.push_str("\n  …");
            }
            continue;
        }
        let name = function.strip_prefix("cell::").unwrap_or(function);
        if name.starts_with("kb_cell_") && !name.contains("::") {
            let _ = write!(out, "\n  {cell}:{line}");
        } else {
            let name =
                name.split_once("::{{closure}}").filter(|(start, _)| start.starts_with("kb_cell_")).map_or(name, |_| "a closure");
            let _ = write!(out, "\n  {cell}:{line} in {name}");
        }
    }
    (innermost, out)
}
