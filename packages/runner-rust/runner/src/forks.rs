//! Copies of this process for other hosts: docs/runners.md.

use crate::{frames, pipes, system};
use std::ffi::c_int;
use std::io;
use std::path::Path;

/// Makes a process that is nobody's child: its number, and 0 in it.
fn make_orphan() -> io::Result<c_int> {
    let mut ends = [0; 2];
    unsafe {
        if libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) != 0 {
            return Err(io::Error::last_os_error());
        }
        let size = size_of::<c_int>();
        let middle = system::fork();
        if middle == 0 {
            // Ends at once.
            let copy = libc::fork();
            if copy != 0 {
                let sent = libc::write(ends[1], (&raw const copy).cast(), size);
                libc::_exit(if sent == size as isize { 0 } else { 1 });
            }
            libc::close(ends[0]);
            libc::close(ends[1]);
            return Ok(0);
        }
        let failed = io::Error::last_os_error();
        libc::close(ends[1]);
        let mut copy: c_int = -1;
        if middle > 0 {
            while libc::read(ends[0], (&raw mut copy).cast(), size) < 0 && system::is_cut_short() {}
            while libc::waitpid(middle, std::ptr::null_mut(), 0) < 0 && system::is_cut_short() {}
        }
        libc::close(ends[0]);
        if copy > 0 { Ok(copy) } else { Err(failed) }
    }
}

/// Makes a copy for the host that will be at the pipes in a directory, and gives true in it. The copy does what comes `first` before
/// it is announced: from then on the files of the original may be removed.
pub fn make_runner(directory: &Path, first: impl FnOnce()) -> bool {
    match make_orphan() {
        Ok(0) => {}
        Ok(_) => return false,
        Err(error) => {
            frames::emit("error", &["Error", &format!("no process can be made: {error}"), "", ""]);
            return false;
        }
    }
    unsafe { libc::setsid() };
    system::become_runner();
    first();
    frames::emit("forked", &[&std::process::id().to_string()]);
    if pipes::take(directory).is_err() {
        unsafe { libc::_exit(1) };
    }
    true
}
