//! Processes, signals and descriptors.

use crate::frames;
use crate::panics;
use crate::places;
use std::cell::UnsafeCell;
use std::ffi::c_int;
use std::io::{self, BufRead, BufReader};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering::SeqCst};
use std::{mem, ptr};

const FROM_BEFORE: &str = "; variables are as they were before this statement";

/// The process that runs cells.
static OWN: AtomicI32 = AtomicI32::new(0);
static THREAD: AtomicI32 = AtomicI32::new(0);
/// The copy of it that waits.
static COPY: AtomicI32 = AtomicI32::new(0);
static IN_CELL: AtomicBool = AtomicBool::new(false);
static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// What a process leaves to its copy: whether it was interrupted.
static LEFT: AtomicPtr<AtomicBool> = AtomicPtr::new(ptr::null_mut());

fn pid() -> c_int {
    unsafe { libc::getpid() }
}

fn thread() -> c_int {
    unsafe { libc::gettid() }
}

pub fn is_cell_process() -> bool {
    pid() == OWN.load(SeqCst)
}

fn is_cell_thread() -> bool {
    thread() == THREAD.load(SeqCst)
}

fn left() -> &'static AtomicBool {
    unsafe { &*LEFT.load(SeqCst) }
}

struct Stack(UnsafeCell<[u8; 1 << 18]>);
unsafe impl Sync for Stack {}
static SIGNAL_STACK: Stack = Stack(UnsafeCell::new([0; 1 << 18]));

/// This process is the runner, and no other one has to do with it.
pub fn become_runner() {
    OWN.store(pid(), SeqCst);
    THREAD.store(thread(), SeqCst);
    COPY.store(0, SeqCst);
    unsafe {
        let shared =
            libc::mmap(ptr::null_mut(), 4096, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS, -1, 0);
        assert!(shared != libc::MAP_FAILED, "no memory to share with a copy");
        let before = LEFT.swap(shared.cast(), SeqCst);
        if !before.is_null() {
            libc::munmap(before.cast(), 4096);
        }
    }
}

pub fn set_up() {
    become_runner();
    unsafe {
        let stack = libc::stack_t { ss_sp: SIGNAL_STACK.0.get().cast(), ss_flags: 0, ss_size: 1 << 18 };
        libc::sigaltstack(&stack, ptr::null_mut());
        for number in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGABRT] {
            handle(number, on_crash as *const () as usize, libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER);
        }
        libc::signal(libc::SIGINT, libc::SIG_IGN);
        on_exit(leave, ptr::null_mut());
    }
}

unsafe extern "C" {
    fn on_exit(function: extern "C" fn(c_int, *mut libc::c_void), data: *mut libc::c_void) -> c_int;
}

fn handle(number: c_int, handler: usize, flags: c_int) {
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = flags;
        libc::sigaction(number, &action, ptr::null_mut());
    }
}

/// From here on the cell can be interrupted.
pub fn expect_interrupts() {
    INTERRUPTED.store(false, SeqCst);
    handle(libc::SIGINT, on_interrupt as *const () as usize, libc::SA_RESTART);
}

pub fn ignore_interrupts() {
    unsafe { libc::signal(libc::SIGINT, libc::SIG_IGN) };
}

pub fn was_interrupted() -> bool {
    INTERRUPTED.load(SeqCst)
}

extern "C" fn on_interrupt(_: c_int) {
    if !is_cell_process() {
        unsafe { libc::_exit(130) };
    }
    INTERRUPTED.store(true, SeqCst);
    if IN_CELL.load(SeqCst) && COPY.load(SeqCst) > 0 {
        left().store(true, SeqCst);
        unsafe { libc::_exit(130) };
    }
}

pub fn set_in_cell(is_in_cell: bool) {
    IN_CELL.store(is_in_cell, SeqCst);
    if is_in_cell && was_interrupted() {
        on_interrupt(libc::SIGINT);
    }
}

/// What other threads hold nobody gives back in the new process: so they hold neither output nor the way to the host.
pub fn fork() -> c_int {
    let _out = io::stdout().lock();
    let _err = io::stderr().lock();
    frames::while_silent(|| unsafe { libc::fork() })
}

/// What a copy finds when it has taken over.
pub enum Fork {
    Original,
    TookOver,
}

/// Makes a copy of this process, in the place of the one before. Returns again in the copy, when this process has died.
pub fn copy() -> Fork {
    let before = COPY.load(SeqCst);
    unsafe {
        // The host's word that the original is gone may come before the copy waits for it.
        let mut word: libc::sigset_t = mem::zeroed();
        libc::sigemptyset(&mut word);
        libc::sigaddset(&mut word, libc::SIGUSR1);
        libc::sigprocmask(libc::SIG_BLOCK, &word, ptr::null_mut());
        left().store(false, SeqCst);
        let copy = fork();
        if copy == 0 {
            libc::signal(libc::SIGINT, libc::SIG_IGN);
            let mut received = 0;
            libc::sigwait(&word, &mut received);
            libc::sigprocmask(libc::SIG_UNBLOCK, &word, ptr::null_mut());
            OWN.store(pid(), SeqCst);
            THREAD.store(thread(), SeqCst);
            COPY.store(0, SeqCst);
            IN_CELL.store(false, SeqCst);
            if before > 0 {
                // The original had no time for it.
                libc::kill(before, libc::SIGKILL);
            }
            return Fork::TookOver;
        }
        libc::sigprocmask(libc::SIG_UNBLOCK, &word, ptr::null_mut());
        let text = if copy > 0 { copy.to_string() } else { String::new() };
        frames::emit("running", &[&pid().to_string(), &text]);
        COPY.store(copy.max(0), SeqCst);
        end(before);
    }
    Fork::Original
}

/// The statement before a step may have been done by a process that the cell has forked: that one ends here.
pub fn end_if_forked() {
    if !is_cell_process() {
        unsafe { libc::_exit(0) };
    }
}

fn end(copy: c_int) {
    if copy > 0 {
        unsafe {
            libc::kill(copy, libc::SIGKILL);
            while libc::waitpid(copy, ptr::null_mut(), 0) < 0 && is_cut_short() {}
        }
    }
}

/// A call has ended for a signal, and is to be made again.
pub fn is_cut_short() -> bool {
    unsafe { *libc::__errno_location() == libc::EINTR }
}

pub fn end_copy() {
    end(COPY.swap(0, SeqCst));
}

pub fn has_copy() -> bool {
    COPY.load(SeqCst) > 0
}

/// After a take-over: says how the cell has ended.
pub fn say_end() {
    if left().load(SeqCst) {
        frames::emit("running", &[&pid().to_string(), ""]);
        frames::emit("interrupted", &[]);
    } else {
        frames::emit("took-over", &[&pid().to_string()]);
    }
}

/// Says why this process ends, and ends it. There is a copy.
pub fn die(name: &str, message: &str, line: Option<usize>, traceback: &str) -> ! {
    let line = line.map(|line| line.to_string()).unwrap_or_default();
    frames::emit("dying", &[name, message, &line, traceback]);
    unsafe { libc::_exit(101) };
}

/// The code called `exit`.
extern "C" fn leave(status: c_int, _: *mut libc::c_void) {
    if is_cell_process() && IN_CELL.load(SeqCst) {
        let message = format!("the code called std::process::exit({status}){FROM_BEFORE}");
        let (line, trace) = places::trace();
        let line = line.map(|line| line.to_string()).unwrap_or_default();
        frames::emit("dying", &["Exit", &message, &line, &format!("Exit: {message}{trace}")]);
        unsafe { libc::_exit(status) };
    }
}

fn crash(number: c_int, info: &libc::siginfo_t, stack: usize) -> (&'static str, String) {
    let address = unsafe { info.si_addr() } as usize;
    match number {
        libc::SIGSEGV | libc::SIGBUS if info.si_code <= 0 => {
            ("SegmentationFault", "the process was sent a segmentation fault".into())
        }
        libc::SIGSEGV | libc::SIGBUS if address.abs_diff(stack) < 1 << 16 => {
            ("StackOverflow", "the stack has no room left: is there a recursion without an end?".into())
        }
        libc::SIGSEGV | libc::SIGBUS if address < 4096 => {
            ("SegmentationFault", format!("a null pointer was followed (address {address:#x})"))
        }
        libc::SIGSEGV | libc::SIGBUS => {
            ("SegmentationFault", format!("memory was used that is not the program's (address {address:#x})"))
        }
        libc::SIGFPE => ("ArithmeticError", "an arithmetic operation failed".into()),
        libc::SIGILL | libc::SIGTRAP => ("IllegalInstruction", "the code came to a place that it must not reach".into()),
        _ => ("Abort", panics::final_words().unwrap_or_else(|| "the process was aborted".into())),
    }
}

extern "C" fn on_crash(number: c_int, info: &libc::siginfo_t, context: &libc::ucontext_t) {
    // Whatever goes wrong from here on ends the process.
    for fatal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGABRT, libc::SIGALRM] {
        unsafe { libc::signal(fatal, libc::SIG_DFL) };
    }
    if is_cell_process() && IN_CELL.load(SeqCst) {
        unsafe { libc::alarm(5) };
        #[cfg(target_arch = "x86_64")]
        let stack = context.uc_mcontext.gregs[libc::REG_RSP as usize] as usize;
        #[cfg(target_arch = "aarch64")]
        let stack = context.uc_mcontext.sp as usize;
        let (name, mut message) = crash(number, info, stack);
        message.push_str(FROM_BEFORE);
        frames::emit_from_crash("dying", &[name, &message, "", ""]);
        // With what may fail in a broken process: the place.
        let (line, trace) = places::trace();
        let line = line.map(|line| line.to_string()).unwrap_or_default();
        frames::emit_from_crash("dying", &[name, &message, &line, &format!("{name}: {message}{trace}")]);
    }
    unsafe {
        libc::raise(number);
        libc::_exit(128 + number);
    }
}

/// In the place of the C library's: what goes to stderr keeps its order with what goes to stdout.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(descriptor: c_int, data: *const libc::c_void, count: usize) -> isize {
    if descriptor == 1 && IN_CELL.load(SeqCst) && is_cell_process() && is_cell_thread() {
        let mut waiting: c_int = 0;
        if unsafe { libc::ioctl(2, libc::FIONREAD, &mut waiting) } == 0 && waiting > 0 {
            frames::sync();
        }
    }
    unsafe { libc::syscall(libc::SYS_write, descriptor, data, count) as isize }
}

/// The standard library's input, with what it has read ahead. A thread may hold its lock, and wait for input with that.
fn input() -> &'static Mutex<BufReader<io::Empty>> {
    // `Stdin` is such a reference, to a reader whose source has no size, either.
    unsafe { mem::transmute::<io::Stdin, &'static Mutex<BufReader<io::Empty>>>(io::stdin()) }
}

/// The next cell does not get what this one has left of its input.
pub fn forget_input() {
    if let Ok(mut reader) = input().try_lock() {
        let rest = reader.buffer().len();
        reader.consume(rest);
    }
}
