//! The program that runs cells in Rust: see docs/runners.md for what goes over descriptors 3 and 4.

#![feature(alloc_error_hook, panic_can_unwind)]

mod adjust;
mod arguments;
mod cell;
mod compiler;
mod diagnostics;
mod forks;
mod frames;
mod imports;
mod items;
mod libraries;
mod library;
mod names;
mod panics;
mod pipes;
mod places;
mod plan;
mod questions;
mod session;
mod source;
mod system;
mod types;
mod unwinding;
mod zygote;

use session::Session;
use std::collections::HashMap;
use std::path::PathBuf;
use std::{env, process};

fn libraries() -> Result<PathBuf, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let directory = program.parent().ok_or("the program is nowhere")?;
    Ok(directory.to_path_buf())
}

fn start() -> Result<Session, String> {
    let libraries = libraries()?;
    let directory = PathBuf::from(env::var_os("KERNELBOX_RUNNER_DIRECTORY").unwrap_or_else(|| env::temp_dir().into()));
    // One thread.
    unsafe { env::remove_var("KERNELBOX_RUNNER_DIRECTORY") };
    frames::open();
    let compiler = compiler::Compiler::new(libraries, &directory)?;
    system::set_up();
    pipes::set_up();
    panics::set_up();
    kernelbox::set_hooks(kernelbox::Hooks {
        emit: frames::emit_bytes,
        sync: frames::sync,
        step: session::step,
        place: places::name,
    });
    let session = Session::new(compiler);
    greet(&session);
    Ok(session)
}

fn greet(session: &Session) {
    frames::emit("ready", &["1", &session.compiler.version, "complete", "inspect", "check", "variables", "fork"]);
}

fn main() {
    arguments::make_room();
    let mut session = match start() {
        Ok(session) => session,
        Err(reason) => {
            eprintln!("{reason}");
            process::exit(1);
        }
    };
    let mut arguments = Vec::new();
    let mut environment = HashMap::new();
    while let Some(frame) = frames::receive() {
        match frame.name.as_str() {
            "arg" => arguments.push(frame.field(0)),
            "env" => {
                environment.insert(frame.field(0), frame.field(1));
            }
            "run" => {
                session.run(&frame.field(0), &frame.field(1), &std::mem::take(&mut arguments), &std::mem::take(&mut environment))
            }
            "fork" => {
                let directory = PathBuf::from(frame.field(0));
                if forks::make_runner(&directory, || session.move_to(&directory)) {
                    greet(&session);
                }
            }
            _ => questions::answer(&mut session, &frame),
        }
    }
    unsafe { libc::_exit(0) };
}
