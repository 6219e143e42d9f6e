//! `std::env::args` of one run. The standard library reads what the process was started with: so it is started with room for more.

use std::collections::HashMap;
use std::ffi::{CString, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::sync::atomic::{AtomicPtr, Ordering::SeqCst};
use std::{env, ptr};

const ROOM: usize = 1024;

static VALUES: AtomicPtr<*mut c_char> = AtomicPtr::new(ptr::null_mut());

#[used]
#[unsafe(link_section = ".init_array")]
static READ: extern "C" fn(c_int, *mut *mut c_char, *mut *mut c_char) = read;

extern "C" fn read(_: c_int, values: *mut *mut c_char, _: *mut *mut c_char) {
    VALUES.store(values, SeqCst);
}

/// Starts this program again, in the same process, with as many arguments as there may be.
pub fn make_room() {
    if env::args_os().len() >= ROOM {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let Ok(program) = CString::new(program.as_os_str().as_bytes()) else { return };
    let mut values = vec![program.as_ptr()];
    values.resize(ROOM, c"".as_ptr());
    values.push(ptr::null());
    unsafe { libc::execv(program.as_ptr(), values.as_ptr()) };
}

/// What the next cell finds. Fails when there are too many.
pub fn set(values: &[String]) -> Result<(), String> {
    let places = VALUES.load(SeqCst);
    if places.is_null() || values.len() >= ROOM {
        return Err(format!("a cell can have {} arguments", ROOM - 2));
    }
    for (index, value) in values.iter().enumerate() {
        let text = CString::new(value.replace('\0', "")).unwrap_or_default();
        // They stay: the code may hold on to them.
        unsafe { *places.add(index) = text.into_raw() };
    }
    unsafe { *places.add(values.len()) = ptr::null_mut() };
    Ok(())
}

/// Environment variables for one run: put back at its end.
pub struct Environment(Vec<(String, Option<std::ffi::OsString>)>);

impl Environment {
    pub fn set(variables: &HashMap<String, String>) -> Self {
        let mut before = Vec::new();
        for (name, value) in variables {
            before.push((name.clone(), env::var_os(name)));
            unsafe { env::set_var(name, value) };
        }
        Self(before)
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        for (name, value) in self.0.drain(..) {
            match value {
                Some(value) => unsafe { env::set_var(name, value) },
                None => unsafe { env::remove_var(name) },
            }
        }
    }
}
