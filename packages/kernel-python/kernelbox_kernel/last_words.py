"""What a kernel has printed reaches its client also where the code ends the process at once."""

import contextlib
import os
import signal
import sys
import time
from typing import NoReturn

# ZeroMQ has no call that tells when a message has left the process; its own thread sends within this time.
_SEND_SECONDS = 0.05
_DEADLY = {signal.SIGKILL, signal.SIGTERM, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS}


def deliver_before_exit() -> None:
    """Let ``os._exit`` and ``os.kill`` of the kernel's own process send what was printed before they act."""
    owner = os.getpid()
    exit_now, kill_now = os._exit, os.kill

    def deliver() -> None:
        # A forked child ends as it always does: what was printed is its parent's.
        if os.getpid() != owner:
            return
        # Whatever goes wrong, the process ends as it was told to.
        with contextlib.suppress(BaseException):
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            time.sleep(_SEND_SECONDS)

    def _exit(status: int) -> NoReturn:
        deliver()
        exit_now(status)

    def kill(pid: int, signal_number: int, /) -> None:
        if pid == owner and signal_number in _DEADLY:
            deliver()
        kill_now(pid, signal_number)

    os._exit, os.kill = _exit, kill
