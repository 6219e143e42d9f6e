//! The variables between cells. Each has a place of its own with a number; what its type is only the cells know.

use std::any::Any;
use std::io::{BufWriter, LineWriter, Stderr, Stdout, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

struct Slot {
    name: &'static str,
    data: *mut u8,
    drop: unsafe fn(*mut u8),
}

// Only the thread that runs the cells uses what is in it.
unsafe impl Send for Slot {}

static SLOTS: Mutex<Vec<Option<Slot>>> = Mutex::new(Vec::new());

fn slots() -> MutexGuard<'static, Vec<Option<Slot>>> {
    SLOTS.lock().unwrap_or_else(PoisonError::into_inner)
}

unsafe fn drop_value<T>(data: *mut u8) {
    drop(unsafe { Box::from_raw(data.cast::<T>()) });
}

/// The end of a cell for a variable. Its type is read from this call.
#[inline(never)]
pub fn keep<T: 'static>(index: usize, name: &'static str, mut value: T) {
    flush(&mut value);
    put(index, name, Box::into_raw(Box::new(value)).cast(), drop_value::<T>);
}

/// What was written in a cell comes with it: in a program, its end would see to that.
fn flush(value: &mut dyn Any) {
    if let Some(writer) = value.downcast_mut::<BufWriter<Stdout>>() {
        let _ = writer.flush();
    } else if let Some(writer) = value.downcast_mut::<LineWriter<Stdout>>() {
        let _ = writer.flush();
    } else if let Some(writer) = value.downcast_mut::<BufWriter<Stderr>>() {
        let _ = writer.flush();
    } else if let Some(writer) = value.downcast_mut::<Box<dyn Write>>() {
        let _ = writer.flush();
    }
}

fn put(index: usize, name: &'static str, data: *mut u8, drop: unsafe fn(*mut u8)) {
    let before = {
        let mut slots = slots();
        if slots.len() <= index {
            slots.resize_with(index + 1, || None);
        }
        let before = slots.iter_mut().find(|slot| slot.as_ref().is_some_and(|s| s.name == name)).and_then(Option::take);
        slots[index] = Some(Slot { name, data, drop });
        before
    };
    forget(before);
}

/// Drops what a variable of that name was; that may run code of the user.
fn forget(slot: Option<Slot>) {
    if let Some(slot) = slot {
        unsafe { (slot.drop)(slot.data) }
    }
}

/// The beginning of a cell for a variable.
///
/// # Safety
/// `T` is what was kept there, or has its layout.
#[inline(never)]
pub unsafe fn take<T: 'static>(index: usize) -> T {
    let slot = slots()[index].take().expect("the runner knows what was kept");
    unsafe { *Box::from_raw(slot.data.cast::<T>()) }
}

/// A look at a variable.
///
/// # Safety
/// As [`take`].
pub unsafe fn peek<T: 'static>(index: usize) -> &'static T {
    let data = slots()[index].as_ref().expect("the runner knows what was kept").data;
    unsafe { &*data.cast::<T>() }
}

/// What cannot be kept ends first: it may borrow from what can.
pub fn release<T>(value: T) {
    drop(value);
}

/// The variables that there are: names and numbers.
pub fn names() -> Vec<(&'static str, usize)> {
    let slots = slots();
    slots.iter().enumerate().filter_map(|(index, slot)| Some((slot.as_ref()?.name, index))).collect()
}

/// Removes a variable.
pub fn remove(index: usize) {
    let slot = slots().get_mut(index).and_then(Option::take);
    forget(slot);
}
