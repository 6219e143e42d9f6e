//! The libraries that cells were linked as. They stay loaded: values hold functions of them.

use std::ffi::{CStr, CString, c_char, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::{mem, ptr};

/// The beginning of what the dynamic linker has of each: `struct link_map`.
#[repr(C)]
struct LinkMap {
    address: usize,
    name: *mut c_char,
}

#[derive(Default)]
pub struct Libraries(Vec<(*mut c_void, PathBuf)>);

impl Libraries {
    /// Loads one and gives a function of it, whose type the caller knows.
    pub fn load<R>(&mut self, path: PathBuf, function: &str) -> Result<fn() -> R, String> {
        let name = CString::new(path.as_os_str().as_bytes()).map_err(|error| error.to_string())?;
        let symbol = CString::new(function).map_err(|error| error.to_string())?;
        unsafe {
            let handle = libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_GLOBAL);
            let found = if handle.is_null() { handle } else { libc::dlsym(handle, symbol.as_ptr()) };
            if found.is_null() {
                let reason = libc::dlerror();
                let reason = if reason.is_null() { c"it cannot be loaded" } else { CStr::from_ptr(reason) };
                return Err(reason.to_string_lossy().into_owned());
            }
            self.0.push((handle, path));
            Ok(mem::transmute::<*mut c_void, fn() -> R>(found))
        }
    }

    /// Their files have other names now. A backtrace reads the lines of functions from there.
    pub fn move_to(&mut self, directory: &Path) {
        for (handle, path) in &mut self.0 {
            let Some(name) = path.file_name() else { continue };
            let target = directory.join(name);
            let Ok(text) = CString::new(target.as_os_str().as_bytes()) else { continue };
            let mut map: *mut LinkMap = ptr::null_mut();
            unsafe {
                if libc::dlinfo(*handle, libc::RTLD_DI_LINKMAP, (&raw mut map).cast()) == 0 && !map.is_null() {
                    // For good, as the library.
                    (*map).name = text.into_raw();
                }
            }
            *path = target;
        }
    }
}
