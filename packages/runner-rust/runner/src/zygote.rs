//! A rustc that is loaded already and forks for each compilation: see zygote.c.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

pub struct Zygote {
    requests: ChildStdin,
    answers: ChildStdout,
    arguments: PathBuf,
    messages: PathBuf,
}

impl Zygote {
    /// `rustc` is set up as for a compilation, without its arguments.
    pub fn start(mut rustc: Command, library: &Path, directory: &Path) -> Option<Self> {
        let (arguments, messages) = (directory.join("arguments"), directory.join("messages"));
        rustc.arg(format!("@{}", arguments.display())).env("LD_PRELOAD", library).env("KERNELBOX_MESSAGES", &messages);
        rustc.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // It is nobody's child: it is not the code's to wait for, nor anything that a fork lacks.
        unsafe {
            rustc.pre_exec(|| match libc::fork() {
                0 => Ok(()),
                -1 => Err(io::Error::last_os_error()),
                _ => libc::_exit(0),
            });
        }
        let mut child = rustc.spawn().ok()?;
        child.wait().ok()?;
        // It ends when nobody can ask any more.
        Some(Self { requests: child.stdin.take()?, answers: child.stdout.take()?, arguments, messages })
    }

    /// How rustc ended, and what it said. None: it cannot be asked.
    pub fn compile(&mut self, arguments: &[String]) -> Option<(ExitStatus, String)> {
        fs::write(&self.arguments, arguments.join("\n")).ok()?;
        self.requests.write_all(b"c").ok()?;
        let mut status = [0; 4];
        self.answers.read_exact(&mut status).ok()?;
        let text = fs::read(&self.messages).ok()?;
        Some((ExitStatus::from_raw(i32::from_ne_bytes(status)), String::from_utf8_lossy(&text).into_owned()))
    }
}
