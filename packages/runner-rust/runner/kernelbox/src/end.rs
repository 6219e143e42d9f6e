//! How cells end before their end: `?`, and what `main` returns.

use std::convert::Infallible;
use std::fmt::Debug;
use std::ops::FromResidual;
use std::panic::{Location, resume_unwind};
use std::process::ExitCode;

/// What a cell returns.
pub struct Ending;

/// What `?` has found, on its way to the runner.
pub struct Failed {
    pub name: &'static str,
    pub message: String,
    pub file: &'static str,
    pub line: u32,
}

#[track_caller]
fn fail(name: &'static str, message: String) -> ! {
    let place = Location::caller();
    resume_unwind(Box::new(Failed { name, message, file: place.file(), line: place.line() }))
}

impl<E: Debug> FromResidual<Result<Infallible, E>> for Ending {
    #[track_caller]
    fn from_residual(residual: Result<Infallible, E>) -> Self {
        match residual {
            Err(error) => fail("Error", format!("{error:?}")),
        }
    }
}

impl FromResidual<Option<Infallible>> for Ending {
    #[track_caller]
    fn from_residual(_: Option<Infallible>) -> Self {
        fail("None", "there was no value where `?` wants one".into())
    }
}

/// What `main` may return.
pub trait Finish {
    #[track_caller]
    fn finish(self);
}

impl Finish for () {
    fn finish(self) {}
}

impl Finish for ExitCode {
    #[track_caller]
    fn finish(self) {
        if self != ExitCode::SUCCESS {
            fail("Exit", format!("main returned {self:?}"));
        }
    }
}

impl<T: Finish, E: Debug> Finish for Result<T, E> {
    #[track_caller]
    fn finish(self) {
        match self {
            Ok(value) => value.finish(),
            Err(error) => fail("Error", format!("{error:?}")),
        }
    }
}

#[track_caller]
pub fn finish<T: Finish>(value: T) {
    value.finish();
}
