"""A runner for tests: a cell is Python. It copies itself before each one; `--no-copies` leaves that out."""

import os
import signal
import sys
import traceback

requests, events = os.fdopen(3, "rb", 0), os.fdopen(4, "wb", 0)


def emit(name: str, *values: str | bytes) -> None:
    """Send a frame."""
    fields = [field.encode() if isinstance(field, str) else field for field in values]
    events.write(" ".join([name, *(str(len(field)) for field in fields)]).encode() + b"\n" + b"".join(fields))


def receive() -> list[str]:
    """Wait for a frame."""
    head = requests.readline().decode().split()
    if not head:
        os._exit(0)
    return [head[0], *(read(int(size)) for size in head[1:])]


def read(size: int) -> str:
    """Read a field."""
    data = b""
    while len(data) < size:
        data += requests.read(size - len(data))
    return data.decode()


def copy() -> int | None:
    """Make a copy that waits until the host says that the original is gone."""
    if "--no-copies" in sys.argv:
        return None
    pid = os.fork()
    if pid:
        return pid
    signal.sigwait([signal.SIGUSR1])
    emit("took-over", str(os.getpid()))
    return 0


def fork(directory: str) -> None:
    """Make a copy that is a runner for another host."""
    if "--no-room" in sys.argv:
        emit("error", "Error", "no process can be made", "", "")
        return
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        return
    if os.fork():
        os._exit(0)
    os.setsid()
    emit("forked", str(os.getpid()))
    if "--mute" in sys.argv:
        os._exit(0)
    for number, name in enumerate(("in", "out", "err", "requests", "events")):
        path = f"{directory}/{name}"
        both = os.open(path, os.O_RDWR)
        opened = os.open(path, os.O_RDONLY if number in (0, 3) else os.O_WRONLY)
        os.dup2(opened, number)
        os.close(opened)
        os.close(both)
    greet()


def greet() -> None:
    """Say who this is."""
    emit("ready", "1", "3.x", "complete", "check", "inspect", "variables", *forks)


def run(code: str) -> None:
    """Run a cell."""
    snapshot = copy()
    if snapshot == 0:
        return
    emit("running", str(os.getpid()), "" if snapshot is None else str(snapshot))
    end = ["ok"]
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        exec(code, variables)
    except KeyboardInterrupt:
        end = ["interrupted"]
    except BaseException as error:
        end = ["error", type(error).__name__, str(error), "7", traceback.format_exc()]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.flush()
    if snapshot is not None:
        os.kill(snapshot, signal.SIGKILL)
        os.waitpid(snapshot, 0)
    arguments.clear()
    emit(*end)


signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
signal.signal(signal.SIGINT, signal.SIG_IGN)
arguments = []
variables = {"emit": emit, "arguments": arguments, "os": os, "sys": sys, "receive": receive}
if "--fail" in sys.argv:
    sys.exit("no such library")
if "--hang" in sys.argv:
    signal.pause()
forks = [] if "--no-forks" in sys.argv else ["fork"]
greet()
while True:
    name, *fields = receive()
    if name == "arg":
        arguments.append(fields[0])
    elif name == "env":
        os.environ[fields[0]] = fields[1]
    elif name == "run":
        run(fields[0])
    elif name == "fork":
        fork(fields[0])
    elif name == "complete":
        emit("answer", "4", fields[1], "match")
    elif name == "check":
        emit("answer", "incomplete", "  ")
    elif name == "inspect":
        emit("answer", "text/plain", ":".join(fields))
    elif name == "variables":
        emit("answer", "x", "int", "1", "28", "y", "file", "?", "")
