/** A language whose contexts can be copied, in cells. All of them are about one variable, `x`. */
export type ForkCells = {
  readonly set: (value: number) => string;
  /** Prints it in a line. */
  readonly show: string;
  /** Defines something that prints twice its value, and calls it. */
  readonly define: string;
  readonly call: string;
  /** Takes half a second, and sets it to 7. */
  readonly slow: string;
  readonly endless: string;
  /** Reads a line and prints it. */
  readonly ask: string;
  /** Sets it to -1, and then fails, crashes, or reacts to no interrupt. */
  readonly fail: string;
  readonly crash: string;
  readonly deaf: string;
  /** Ends the process with the exit code 3. Absent: it costs the cell alone, and so does a crash. */
  readonly exit?: string;
  /** Takes so many bytes; then changes all of them. */
  readonly fill: { readonly bytes: number; readonly code: string; readonly change: string };
  /** Starts what a copy cannot have, and what is said of it. */
  readonly lost: { readonly code: string; readonly warning: RegExp };
  /** Sets up much of what the language has; `look` prints it, with what a copy of standard output is for. */
  readonly state: { readonly setup: string; readonly look: string; readonly shown: string };
  /** Plans something for the end of the process; prints whether it was done. Absent: nothing is ever done at the end. */
  readonly atEnd?: { readonly plan: string; readonly look: string };
  /** Prints the number of the process. */
  readonly pid: string;
};

const c: ForkCells = {
  set: (value) => `int x = ${value};`,
  show: 'printf("%d\\n", x);',
  define: 'void twice(void) { printf("%d\\n", 2 * x); }',
  call: "twice();",
  slow: "usleep(500000);\nx = 7;",
  endless: "volatile int on = 1;\nwhile (on) {}",
  ask: "{ char line[80]; fgets(line, sizeof line, stdin); fputs(line, stdout); }",
  fail: "int main(void) { x = -1; return 3; }",
  crash: "x = -1;\n*(volatile int *)0 = 1;",
  deaf: "x = -1;\nsignal(SIGINT, SIG_IGN);\nwhile (1) usleep(1000);",
  fill: {
    bytes: 64_000_000,
    code: "char *data = malloc(64000000);\nmemset(data, 1, 64000000);",
    change: "memset(data, 2, 64000000);",
  },
  lost: {
    code: "void *rest(void *given) { sleep(300); return given; }\npthread_t thread;\npthread_create(&thread, 0, rest, 0);",
    warning: /^the thread .* does not run in the fork$/,
  },
  state: {
    setup:
      '#include <math.h>\nstruct point { int x, y; } point = {1, 2};\nint out = dup(1);\nFILE *file = tmpfile();\nfputs("kept", file);\nfflush(file);\n#define MORE 3\nint more(int n) { static int calls = 0; return n + MORE + ++calls; }\nmore(1);\nsetenv("OWN", "env", 1);',
    look: 'fflush(stdout);\ndprintf(out, "%d ", more(point.y));\nrewind(file);\n{ char text[9]; fgets(text, 9, file); printf("%s %s %.0f", text, getenv("OWN"), floor(2.5)); }',
    shown: "7 kept env 2",
  },
  pid: 'printf("%d\\n", getpid());',
};

export const forkCells: Readonly<Record<string, ForkCells>> = {
  python: {
    set: (value) => `x = ${value}`,
    show: "print(x)",
    define: "def twice(): print(2 * x)",
    call: "twice()",
    slow: "import time; time.sleep(0.5); x = 7",
    endless: "while True: pass",
    ask: "print(input())",
    fail: "x = -1; 1 / 0",
    crash: "x = -1; import os; os.kill(os.getpid(), 11)",
    deaf: "x = -1; import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    exit: "import os; os._exit(3)",
    fill: {
      bytes: 64_000_000,
      code: "data = bytearray(64_000_000)",
      change: "for i in range(0, len(data), 4096): data[i] = 1",
    },
    lost: {
      code: "import threading, time; threading.Thread(target=time.sleep, args=(300,), daemon=True).start()",
      warning: /^the thread .* does not run in the fork$/,
    },
    state: {
      setup:
        "import os, math\nclass Point:\n    def __init__(self, x): self.x = x\npoint = Point(3); numbers = (n * n for n in range(10)); next(numbers); next(numbers)\nos.environ['OWN'] = 'env'",
      look: "print(point.x, next(numbers), os.environ['OWN'], math.floor(2.5))",
      shown: "3 4 env 2",
    },
    pid: "import os; print(os.getpid())",
  },
  php: {
    set: (value) => `$x = ${value};`,
    show: 'echo $x, "\\n";',
    define: 'function twice() { global $x; echo 2 * $x, "\\n"; }',
    call: "twice();",
    slow: "usleep(500000);\n$x = 7;",
    endless: "while (true);",
    ask: "echo fgets(STDIN);",
    fail: "$x = -1;\nthrow new Exception('no');",
    crash: "$x = -1;\nposix_kill(getmypid(), SIGSEGV);",
    deaf: "$x = -1;\npcntl_sigprocmask(SIG_BLOCK, [SIGINT]);\nwhile (true);",
    fill: {
      bytes: 64_000_000,
      code: "$data = str_repeat('a', 64000000);",
      change: "for ($i = 0; $i < 64000000; $i += 4096) { $data[$i] = 'b'; }",
    },
    lost: {
      code: "$server = stream_socket_server('tcp://127.0.0.1:0');",
      warning: /^the tcp socket on port \d+ is shared with the original$/,
    },
    state: {
      setup: `final class Point { public function __construct(public int $x) {} }
$point = new Point(3);
function numbers() { for ($n = 0; ; $n++) { yield $n * $n; } }
$numbers = numbers(); $numbers->next();
$scale = fn(int $n) => $n * $point->x;
function calls() { static $n = 0; return ++$n; }
calls();
$out = fopen('php://stdout', 'w'); $file = tmpfile(); fwrite($file, 'kept'); putenv('OWN=env'); const MORE = 3;`,
      look: `$numbers->next(); fwrite($out, $scale($numbers->current()) . ' '); fseek($file, 0);
echo implode(' ', [calls(), fread($file, 9), getenv('OWN'), MORE]); fwrite(STDERR, 'apart');`,
      shown: "12 2 kept env 3",
    },
    atEnd: {
      plan: "class Ending { public function __destruct() { touch('ended'); } }\n$ending = new Ending();\nregister_shutdown_function(fn() => touch('ended'));",
      look: "echo file_exists('ended') ? 'done' : 'not done';",
    },
    pid: 'echo getmypid(), "\\n";',
  },
  c,
  cpp: {
    ...c,
    show: "std::cout << x << std::endl;",
    define: 'auto twice = [] { std::cout << 2 * x << "\\n"; };',
    ask: "std::string line;\nstd::getline(std::cin, line);\nstd::cout << line << std::endl;",
    fail: 'x = -1;\nthrow std::runtime_error("no");',
    fill: {
      bytes: 64_000_000,
      code: "std::vector<char> data(64000000);",
      change: "std::ranges::fill(data, 1);",
    },
    state: {
      setup: `template <class T> T doubled(T value) { return value + value; }
struct Point { int x; explicit Point(int x) : x(x) {} virtual int twice() { return 2 * x; } virtual ~Point() = default; };
auto point = std::make_unique<Point>(3);
std::map<std::string, std::vector<int>> table{{"a", {1, 2}}};
auto counter = [n = 0]() mutable { return ++n; };
counter();
int out = dup(1);
thread_local int own = 5;
setenv("OWN", "env", 1);`,
      look: `std::cout.flush();
dprintf(out, "%d ", counter());
std::cout << point->twice() << ' ' << doubled(table["a"][1]) << ' ' << own << ' ' << getenv("OWN");
std::cerr << "apart";`,
      shown: "2 6 4 5 env",
    },
    lost: {
      code: "std::thread([] { sleep(300); }).detach();",
      warning: /^the thread .* does not run in the fork$/,
    },
  },
  bash: {
    set: (value) => `x=${value}`,
    show: "echo $x",
    define: "twice() { echo $((2 * x)); }",
    call: "twice",
    slow: "sleep 0.5\nx=7",
    endless: "while :; do :; done",
    ask: 'read -r line\necho "$line"',
    fail: "x=-1\nfalse",
    crash: "x=-1\nkill -SEGV $$",
    deaf: "x=-1\ntrap '' INT\nwhile :; do :; done",
    exit: "exit 3",
    // A copy has all of it from the beginning.
    fill: { bytes: 5_000_000, code: "printf -v data '%5000000s' ''", change: "x=1" },
    state: {
      setup: `declare -A table=([a]=1); list=(1 "2 3"); declare -ir count=4; declare -n name=list; exec 7>&1
alias say=echo; IFS=,; set -f; umask 027; mkdir -p sub; pushd sub >/dev/null; export OWN=env; shopt -s nullglob; (exit 0)`,
      look: `printf '%s ' "\${table[a]}" "\${name[1]}" "$count" "\${#DIRSTACK[@]}" >&7
say "[$IFS]" "$-" "$OWN" "$(umask)" "\${PWD##*/}" "$(shopt -q nullglob && echo nullglob)" "$?"
echo apart >&2`,
      shown: "1 2 3 4 2 [,] fhiBEs env 0027 sub nullglob 0",
    },
    atEnd: { plan: "trap 'touch ended' EXIT", look: "[[ -e ended ]] && echo 'done' || echo 'not done'" },
    lost: { code: "sleep 300 &", warning: /^the process sleep \(\d+\) stays with the original$/ },
    pid: "echo $$",
  },
  fortran: {
    set: (value) => `integer :: x = ${value}`,
    show: "print '(i0)', x",
    define: "subroutine twice()\n  print '(i0)', 2 * x\nend subroutine",
    call: "call twice()",
    slow: "call execute_command_line('sleep 0.5')\nx = 7",
    endless: "do\nend do",
    ask: "character(80) :: line\nread '(a)', line\nprint '(a)', trim(line)",
    fail: "x = -1\nerror stop 'no'",
    crash: "x = -1\ncall abort()",
    deaf: "x = -1\ncall signal(2, 1)\ndo\n  call sleep(1)\nend do",
    fill: {
      bytes: 64_000_000,
      code: "integer(1), allocatable :: data(:)\nallocate (data(64000000))\ndata = 1",
      change: "data = 2",
    },
    lost: {
      code: "interface\n  integer(4) function socket(domain, type, protocol) bind(c)\n    integer(4), value :: domain, type, protocol\n  end function\n  integer(4) function listen(socket, most) bind(c)\n    integer(4), value :: socket, most\n  end function\nend interface\ninteger :: status\nstatus = listen(socket(2, 1, 0), 5)",
      warning: /^the tcp socket on port \d+ is shared with the original$/,
    },
    state: {
      setup:
        "type :: point\n  integer :: x = 1, y = 2\nend type\ntype(point) :: place\ninteger, parameter :: more = 3\ninteger :: unit, ignored\ninteger function calls(n)\n  integer, intent(in) :: n\n  integer, save :: count = 0\n  count = count + 1\n  calls = n + more + count\nend function\nopen (newunit=unit, status='scratch')\nwrite (unit, '(a)') 'kept'\nignored = calls(1)\nopen (11, file='/dev/stdout', action='write')",
      look: "character(9) :: text\nrewind (unit)\nread (unit, *) text\nwrite (11, '(i0, 1x, a)') calls(place%y), trim(text)\nflush (11)",
      shown: "7 kept",
    },
    pid: "print '(i0)', getpid()",
  },
  rust: {
    set: (value) => `let mut x = ${value};`,
    show: 'println!("{x}");',
    define: 'fn twice(n: i32) {\n    println!("{}", 2 * n);\n}',
    call: "twice(x);",
    slow: "std::thread::sleep(std::time::Duration::from_millis(500));\nx = 7;",
    endless: "loop {}",
    ask: 'let mut line = String::new();\nstd::io::stdin().read_line(&mut line)?;\nprint!("{line}");',
    fail: 'x = -1;\npanic!("no");',
    // One statement: those before it would count.
    crash: "{\n    x = -1;\n    unsafe { std::ptr::write_volatile(8 as *mut i32, 1) };\n}",
    deaf: 'unsafe extern "C" { fn signal(number: i32, action: usize) -> usize; }\nx = -1;\nunsafe { signal(2, 1) };\nloop {}',
    fill: { bytes: 64_000_000, code: "let mut data = vec![1u8; 64_000_000];", change: "data.fill(2);" },
    lost: {
      code: "std::thread::spawn(|| std::thread::sleep(std::time::Duration::from_secs(300)));",
      warning: /^the thread .* does not run in the fork$/,
    },
    state: {
      setup: `use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};
use std::os::fd::AsFd;
trait Animal { fn name(&self) -> String; }
struct Cat { lives: u8 }
impl Animal for Cat { fn name(&self) -> String { format!("cat{}", self.lives) } }
let animals: Vec<Box<dyn Animal>> = vec![Box::new(Cat { lives: 9 })];
static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
fn calls() -> u32 { 1 + CALLS.fetch_add(1, std::sync::atomic::Ordering::SeqCst) }
calls();
let mut count = 1;
let mut counter = move || { count += 1; count };
let (sender, receiver) = std::sync::mpsc::channel();
sender.send(BTreeMap::from([("a", vec![1, 2])]))?;
let mut out = std::fs::File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
let mut file = std::fs::File::options().read(true).write(true).create(true).open("kept")?;
file.write_all(b"kept")?;
unsafe { std::env::set_var("OWN", "env") };
(1..=4).into_par_iter().sum::<i32>();`,
      look: `let mut text = String::new();
file.rewind()?;
file.read_to_string(&mut text)?;
write!(out, "{} {} {} ", animals[0].name(), calls(), counter())?;
print!("{:?} {text} {} {}", receiver.recv()?["a"], std::env::var("OWN")?, (1..=4).into_par_iter().sum::<i32>());
eprint!("apart");`,
      shown: "cat9 2 2 [1, 2] kept env 10",
    },
    atEnd: {
      plan: `unsafe extern "C" { fn on_exit(function: extern "C" fn(i32, *mut u8), data: *mut u8) -> i32; }
extern "C" fn ending(_: i32, _: *mut u8) { let _ = std::fs::write("ended", ""); }
unsafe { on_exit(ending, std::ptr::null_mut()) };`,
      look: 'println!("{}", if std::fs::exists("ended")? { "done" } else { "not done" });',
    },
    pid: 'println!("{}", std::process::id());',
  },
};
