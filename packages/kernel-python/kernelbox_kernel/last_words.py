"""What a kernel has printed reaches its client also where the code ends the process at once."""

import os
import sys
import time
from typing import NoReturn

# ZeroMQ has no call that tells when a message has left the process; its own thread sends within this time.
_SEND_SECONDS = 0.05


def deliver_before_exit() -> None:
    """Let ``os._exit`` of the kernel's own process send what was printed. Forked children end as they always do."""
    owner = os.getpid()
    exit_now = os._exit

    def _exit(status: int) -> NoReturn:
        if os.getpid() == owner:
            try:
                for stream in (sys.stdout, sys.stderr):
                    stream.flush()
                time.sleep(_SEND_SECONDS)
            except BaseException:  # noqa: BLE001  Whatever goes wrong, the process ends as it was told to.
                exit_now(status)
        exit_now(status)

    os._exit = _exit
