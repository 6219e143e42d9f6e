"""Copies of a running Python that become kernels of their own."""

import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kernelbox_kernel.openmp import pause_openmp

_OOM_SCORE = b"900"


@dataclass(frozen=True)
class Birth:
    """What a forked process becomes.

    Attributes
    ----------
    connection_file : str or None
        Jupyter's description of the sockets to bind, for a kernel.
    socket : str or None
        Path of a listening socket, for a process that waits there for requests to fork (see ``fork_server``).
    output : str or None
        Path of a FIFO that is made for what the process writes to its own stdout and stderr; lost by default.
    cwd : str or None
        Its working directory; that of the parent by default.
    environment : mapping or None
        Its whole environment; that of the parent by default.
    is_independent : bool
        Whether its random numbers differ from its parent's.
    """

    connection_file: str | None = None
    socket: str | None = None
    output: str | None = None
    cwd: str | None = None
    environment: Mapping[str, str] | None = None
    is_independent: bool = False


class ForkedChild(SystemExit):
    """Raised in the copy, to leave all that the parent was doing."""

    def __init__(self, birth: Birth) -> None:
        super().__init__(0)
        self.birth = birth


def fork(birth: Birth) -> int | None:
    """Fork this process. Call it on the main thread.

    Returns
    -------
    int or None
        The new process's id; ``None`` in the new process, whose parent is the nearest subreaper, not this process.

    Raises
    ------
    OSError
        There is no memory or process number left, or the FIFO could not be made. Nothing was started.
    """
    pause_openmp()
    numbers = random.getstate()
    _held.close()
    try:
        if birth.output is not None:
            os.mkfifo(birth.output, 0o600)
            _held.open(birth.output)
        pid = _fork_orphan()
    except OSError:
        if birth.output is not None:
            Path(birth.output).unlink(missing_ok=True)
        raise
    if pid is not None:
        return pid
    try:
        # Python seeds them anew in every copy.
        random.setstate(numbers)
        _become(birth)
        _held.close()
    except BaseException as error:
        # Half a kernel must never go on with what its parent was doing.
        os.write(2, f"a forked kernel could not start: {error!r}\n".encode())
        os._exit(1)
    return None


class _HeldOutput:
    """Keeps the FIFO of the last fork open until the next: a child may say something and end before it is read."""

    def __init__(self) -> None:
        self._descriptor: int | None = None

    def open(self, path: str) -> None:
        # For reading too, since opening a FIFO for writing alone waits for its reader.
        self._descriptor = os.open(path, os.O_RDWR)

    def duplicate(self) -> int:
        """Give it to the child, which may come to open it when the reader has already removed its name."""
        return os.open(os.devnull, os.O_RDWR) if self._descriptor is None else os.dup(self._descriptor)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


_held = _HeldOutput()


def _fork_orphan() -> int | None:
    # The middle process ends at once: so the new one is an orphan, which the supervisor adopts and is told the end of.
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb", buffering=0) as answers, os.fdopen(writer, "wb", buffering=0) as answer:
        middle = _fork()
        if middle == 0:
            try:
                pid = _fork()
            except OSError as error:
                answer.write(str(-(error.errno or 1)).encode())
                os._exit(1)
            if pid == 0:
                return None
            answer.write(str(pid).encode())
            os._exit(0)
        answer.close()
        pid = int(answers.read(32) or b"-1")
        _wait_for(middle)
    if pid < 0:
        raise OSError(-pid, os.strerror(-pid))
    return pid


def _fork() -> int:
    # Since 3.12 Python warns of forks beside threads. None of ours goes on in the copy.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _wait_for(pid: int) -> None:
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        # A handler of SIGCHLD that the user's code installed was faster.
        return


def _become(birth: Birth) -> None:
    os.setsid()
    _raise_oom_score()
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = _held.duplicate()
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    for descriptor in (nothing, output):
        if descriptor > 2:
            os.close(descriptor)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if birth.environment is not None:
        os.environ.clear()
        os.environ.update(birth.environment)
        time.tzset()
    if birth.cwd is not None:
        os.chdir(birth.cwd)
    if birth.is_independent:
        _reseed()


def _raise_oom_score() -> None:
    try:
        descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    except OSError:
        # Then boxd may be killed first; nothing that we could do about it.
        return
    try:
        os.write(descriptor, _OOM_SCORE)
    except OSError:
        return
    finally:
        os.close(descriptor)


def _reseed() -> None:
    """Give the copy random numbers of its own; what asks the system each time (uuid4, secrets, OpenSSL) has them."""
    random.seed()
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
    process = sys.modules.get("multiprocessing.process")
    if process is not None:
        process.current_process().authkey = os.urandom(32)
