"""Connections to kernels that nobody here has started."""

import contextlib
import queue
import time

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import write_connection_file

from tests.conftest import Kernel


def connected(connection_file):
    client = BlockingKernelClient(connection_file=str(connection_file))
    client.load_connection_file()
    client.start_channels()
    kernel = Kernel(None, client)
    # A subscription may reach the kernel after the first answer was published.
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(queue.Empty):
            kernel.run("", timeout=1)
            return kernel
    raise AssertionError("the forked kernel does not answer")


def new_connection(directory):
    file, _ = write_connection_file(str(directory / f"kernel-{time.monotonic_ns()}.json"))
    return file
