//! A backtrace of a recursion without end: in the place of the unwinder's own function, one that leaves out what comes again
//! and again. Nobody reads it, and the standard library would look up the line of each.

use std::ffi::{c_int, c_void};
use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

type Visit = extern "C" fn(*mut c_void, *mut c_void) -> c_int;

/// So many are told in any case.
const FRAMES: usize = 300;
/// The functions of a recursion.
const RECENT: usize = 16;

static LEFT_OUT: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" {
    fn _Unwind_GetIP(context: *mut c_void) -> usize;
}

struct Walk {
    visit: Visit,
    data: *mut c_void,
    seen: usize,
    recent: [usize; RECENT],
}

extern "C" fn frame(context: *mut c_void, walk: *mut c_void) -> c_int {
    let walk = unsafe { &mut *walk.cast::<Walk>() };
    let place = unsafe { _Unwind_GetIP(context) };
    if walk.seen >= FRAMES && walk.recent.contains(&place) {
        LEFT_OUT.fetch_add(1, Relaxed);
        return 0;
    }
    walk.recent[walk.seen % RECENT] = place;
    walk.seen += 1;
    (walk.visit)(context, walk.data)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn _Unwind_Backtrace(visit: Visit, data: *mut c_void) -> c_int {
    type Unwind = unsafe extern "C" fn(Visit, *mut c_void) -> c_int;
    LEFT_OUT.store(0, Relaxed);
    let mut walk = Walk { visit, data, seen: 0, recent: [0; RECENT] };
    unsafe {
        let found = libc::dlsym(libc::RTLD_NEXT, c"_Unwind_Backtrace".as_ptr());
        if found.is_null() {
            return 0;
        }
        mem::transmute::<*mut c_void, Unwind>(found)(frame, (&raw mut walk).cast())
    }
}

/// How many were left out of the last backtrace.
pub fn left_out() -> usize {
    LEFT_OUT.load(Relaxed)
}
