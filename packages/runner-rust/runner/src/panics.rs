//! Panics: what is told of them.

use crate::diagnostics::Failure;
use crate::places;
use kernelbox::Failed;
use std::alloc;
use std::any::Any;
use std::backtrace::Backtrace;
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};

struct Seen {
    message: String,
    file: String,
    line: usize,
    trace: Backtrace,
}

/// What ends the process, and not only the cell.
static FINAL: Mutex<Option<String>> = Mutex::new(None);

/// What was said before an abort.
pub fn final_words() -> Option<String> {
    FINAL.try_lock().ok()?.clone()
}

static LAST: Mutex<Option<Seen>> = Mutex::new(None);
/// The thread of the cell. While it is known, a cell runs.
static THREAD: Mutex<Option<ThreadId>> = Mutex::new(None);
/// The code may catch panics: then all are told at once, as they would be in any program.
static TELLS: AtomicBool = AtomicBool::new(false);

pub fn set_up() {
    panic::set_hook(Box::new(hook));
    // What follows is an abort.
    alloc::set_alloc_error_hook(|layout| {
        if let Ok(mut words) = FINAL.try_lock() {
            *words = Some(format!("memory allocation of {} bytes failed", layout.size()));
        }
    });
}

pub fn expect(tells: bool) {
    TELLS.store(tells, SeqCst);
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = None;
    *THREAD.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
}

fn message_of(payload: &dyn Any) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic with a value that is no text".into())
}

fn hook(info: &PanicHookInfo<'_>) {
    let message = message_of(info.payload());
    let (file, line) = info.location().map_or(("", 0), |place| (place.file(), place.line()));
    let is_cell = *THREAD.lock().unwrap_or_else(PoisonError::into_inner) == Some(thread::current().id());
    if !is_cell || TELLS.load(SeqCst) {
        let name = thread::current().name().map_or_else(|| "<unnamed>".into(), String::from);
        eprintln!("thread '{name}' panicked at {}:\n{message}", places::name(file, line));
    }
    if is_cell && !info.can_unwind() {
        // The process is about to be aborted.
        *FINAL.lock().unwrap_or_else(PoisonError::into_inner) = Some(message.clone());
    }
    if is_cell {
        let seen = Seen { message, file: file.into(), line: line as usize, trace: Backtrace::force_capture() };
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
    }
}

/// The error of a cell that nobody has caught a panic of.
pub fn failure_of(payload: &(dyn Any + Send)) -> Failure {
    if let Some(failed) = payload.downcast_ref::<Failed>() {
        let line = places::line_in_cell(failed.file, failed.line as usize);
        // `main` has returned it: from where it does not say.
        let place =
            places::find(failed.file, failed.line as usize).map_or_else(String::new, |(cell, line)| format!("\n  {cell}:{line}"));
        let traceback = format!("{}: {}{place}", failed.name, failed.message);
        return Failure { name: failed.name.into(), message: failed.message.clone(), line, traceback };
    }
    let seen = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(seen) = seen else { return Failure::new("Panic", &message_of(payload)) };
    let (line, trace) = places::describe(&seen.trace);
    let line = places::line_in_cell(&seen.file, seen.line).or(line);
    let traceback = format!("Panic: {}{trace}", seen.message);
    Failure { name: "Panic".into(), message: seen.message, line, traceback }
}
