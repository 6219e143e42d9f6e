//! What cells are linked with. Cells see it as `kernelbox` and as `kb`.
//!
//! For their authors: [`html`], [`svg`], [`markdown`], [`latex`], [`json`], [`png`], [`jpeg`], [`file`], [`display`] and the
//! trait [`Rich`]. The rest is for the code that the runner writes around them.
#![feature(try_trait_v2)]

#[doc(hidden)]
pub mod common;
mod display;
mod end;
mod future;
mod json;
#[doc(hidden)]
pub mod show;
#[doc(hidden)]
pub mod store;

pub use display::{Rich, display, file, html, jpeg, json, latex, markdown, png, svg};
#[doc(hidden)]
pub use end::{Ending, Failed, finish};
#[doc(hidden)]
pub use future::block_on;
#[doc(hidden)]
pub use store::{keep, peek, release, take};

use std::sync::OnceLock;

/// What the runner does for cells.
#[doc(hidden)]
pub struct Hooks {
    /// Sends an event to the host.
    pub emit: fn(&str, &[&[u8]]),
    /// Waits until the host has taken all that was sent and written.
    pub sync: fn(),
    /// Whether the process that asks is a copy that has taken over from here.
    pub step: fn() -> bool,
    /// The place in a cell of a place in what was compiled: `cell-3:2`.
    pub place: fn(&str, u32) -> String,
}

static HOOKS: OnceLock<Hooks> = OnceLock::new();

#[doc(hidden)]
pub fn set_hooks(hooks: Hooks) {
    let _ = HOOKS.set(hooks);
}

pub(crate) fn hooks() -> &'static Hooks {
    HOOKS.get().expect("cells run in the runner only")
}

/// Between two statements: from here on, a copy of the process can take over.
#[doc(hidden)]
#[inline(never)]
pub fn step() -> bool {
    (hooks().step)()
}

/// For `dbg!`.
#[doc(hidden)]
pub fn place(file: &str, line: u32) -> String {
    (hooks().place)(file, line)
}
