//! The pipes to the host: standard input and output, requests and events.

use std::ffi::{CString, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{array, fs, io, mem};

/// What the host has given, by its number.
const PIPES: [(&str, c_int); 5] = [
    ("in", libc::O_RDONLY),
    ("out", libc::O_WRONLY),
    ("err", libc::O_WRONLY),
    ("requests", libc::O_RDONLY),
    ("events", libc::O_WRONLY),
];

/// Which pipe or file a descriptor stands for.
type Identity = Option<(u64, u64)>;

/// The code may have closed the pipes, or opened them once more.
static OURS: Mutex<[Identity; PIPES.len()]> = Mutex::new([None; PIPES.len()]);

fn identity_of(descriptor: c_int) -> Identity {
    unsafe {
        let mut found: libc::stat = mem::zeroed();
        (libc::fstat(descriptor, &mut found) == 0).then_some((found.st_dev, found.st_ino))
    }
}

/// Where no program looks for its files.
const FAR: c_int = 200;

pub fn set_up() {
    *OURS.lock().unwrap_or_else(PoisonError::into_inner) = array::from_fn(|number| identity_of(number as c_int));
    for number in 0..=2 {
        unsafe { libc::fcntl(number, libc::F_DUPFD_CLOEXEC, FAR) };
    }
}

/// The code may have closed standard input or output: the next cell has them again.
pub fn mend() {
    let ours = *OURS.lock().unwrap_or_else(PoisonError::into_inner);
    for (number, place) in (0..=2).zip(ours) {
        if identity_of(number).is_none()
            && place.is_some()
            && let Some(kept) = open_descriptors().into_iter().find(|kept| identity_of(*kept) == place)
        {
            unsafe { libc::dup2(kept, number) };
        }
    }
}

fn open_descriptors() -> Vec<c_int> {
    let entries = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// Puts a pipe in the place of the one that was there, wherever that is open.
fn take_pipe(path: &Path, mode: c_int, place: Identity) -> io::Result<Identity> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    unsafe {
        // Opening one end never waits while the other one is open.
        let both = libc::open(path.as_ptr(), libc::O_RDWR | libc::O_CLOEXEC);
        let opened = libc::open(path.as_ptr(), mode | libc::O_CLOEXEC);
        if both < 0 || opened < 0 {
            return Err(io::Error::last_os_error());
        }
        libc::close(both);
        for number in open_descriptors() {
            if place.is_some() && identity_of(number) == place {
                let flags = libc::fcntl(number, libc::F_GETFD);
                let is_own = flags & libc::FD_CLOEXEC != 0;
                libc::dup3(opened, number, if is_own { libc::O_CLOEXEC } else { 0 });
            }
        }
        let identity = identity_of(opened);
        libc::close(opened);
        Ok(identity)
    }
}

/// Puts the pipes of a directory in the place of those that there were.
pub fn take(directory: &Path) -> io::Result<()> {
    let mut places = OURS.lock().unwrap_or_else(PoisonError::into_inner);
    for ((name, mode), place) in PIPES.into_iter().zip(places.iter_mut()) {
        *place = take_pipe(&directory.join(name), mode, *place)?;
    }
    Ok(())
}
