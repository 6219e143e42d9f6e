//! The two pipes to the host: docs/runners.md.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::FromRawFd;
use std::sync::{Mutex, OnceLock};

const REQUESTS: i32 = 3;
const EVENTS: i32 = 4;

static READER: OnceLock<Mutex<BufReader<File>>> = OnceLock::new();
static SENDING: Mutex<()> = Mutex::new(());

pub struct Frame {
    pub name: String,
    fields: Vec<Vec<u8>>,
}

impl Frame {
    pub fn field(&self, index: usize) -> String {
        self.fields.get(index).map(|field| String::from_utf8_lossy(field).into_owned()).unwrap_or_default()
    }
}

/// What the code starts does not get the pipes.
pub fn open() {
    for descriptor in [REQUESTS, EVENTS] {
        unsafe { libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    let _ = READER.set(Mutex::new(BufReader::new(unsafe { File::from_raw_fd(REQUESTS) })));
}

fn encode(name: &str, fields: &[&[u8]]) -> Vec<u8> {
    let mut head = String::from(name);
    for field in fields {
        let _ = write!(head, " {}", field.len());
    }
    head.push('\n');
    let mut bytes = head.into_bytes();
    fields.iter().for_each(|field| bytes.extend_from_slice(field));
    bytes
}

fn write_all(bytes: &[u8]) {
    let mut events = std::mem::ManuallyDrop::new(unsafe { File::from_raw_fd(EVENTS) });
    if events.write_all(bytes).is_err() {
        // The host has gone.
        unsafe { libc::_exit(1) };
    }
}

pub fn emit_bytes(name: &str, fields: &[&[u8]]) {
    let bytes = encode(name, fields);
    let _guard = SENDING.lock();
    write_all(&bytes);
}

/// Does something while no thread is sending.
pub fn while_silent<R>(action: impl FnOnce() -> R) -> R {
    let _guard = SENDING.lock();
    action()
}

pub fn emit(name: &str, fields: &[&str]) {
    let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
    emit_bytes(name, &fields);
}

/// From a signal handler, whatever the process was doing.
pub fn emit_from_crash(name: &str, fields: &[&str]) {
    let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
    let bytes = encode(name, &fields);
    let _guard = SENDING.try_lock();
    write_all(&bytes);
}

/// The next frame; none when the host has gone.
pub fn receive() -> Option<Frame> {
    let mut reader = READER.get()?.lock().ok()?;
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut words = line.split_whitespace();
    let name = words.next()?.to_string();
    let mut fields = Vec::new();
    for word in words {
        let mut field = vec![0; word.parse().ok()?];
        reader.read_exact(&mut field).ok()?;
        fields.push(field);
    }
    Some(Frame { name, fields })
}

/// Waits until the host has taken all that was sent and written.
pub fn sync() {
    static TOKENS: Mutex<u64> = Mutex::new(0);
    let Ok(mut tokens) = TOKENS.lock() else { return };
    *tokens += 1;
    let token = tokens.to_string();
    emit("sync", &[&token]);
    while let Some(frame) = receive() {
        if frame.name == "synced" && frame.field(0) == token {
            return;
        }
    }
    unsafe { libc::_exit(0) };
}
