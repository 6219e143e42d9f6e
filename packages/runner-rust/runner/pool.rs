
// Of Kernelbox: a copy of the process has none of the threads, and makes new ones.
struct OfThisProcess(std::cell::UnsafeCell<Once>);

// It is written to when a new process has one thread.
unsafe impl Sync for OfThisProcess {}

impl std::ops::Deref for OfThisProcess {
    type Target = Once;
    fn deref(&self) -> &Once {
        static IS_WATCHED: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
        extern "C" {
            fn pthread_atfork(before: Option<extern "C" fn()>, after: Option<extern "C" fn()>, child: Option<extern "C" fn()>) -> i32;
        }
        if !IS_WATCHED.swap(true, Ordering::SeqCst) {
            unsafe { pthread_atfork(None, None, Some(forget_threads)) };
        }
        unsafe { &*self.0.get() }
    }
}

extern "C" fn forget_threads() {
    unsafe { THE_REGISTRY_SET.0.get().write(Once::new()) }
}
