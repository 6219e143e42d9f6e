"""What a copy of a process cannot have."""

import asyncio
import multiprocessing
import os
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kernelbox_kernel.shell import KERNEL_DIRECTORIES

_PROTOCOLS = ("tcp", "tcp6", "udp", "udp6")


class FileDescriptors:
    """Knows which open sockets are the kernel's own."""

    def __init__(self, ports: Iterable[int]) -> None:
        self._ports = set(ports)
        self._own = set(_open_sockets())

    def of_the_user(self) -> list[str]:
        """Describe the sockets that the user's code opened."""
        opened = {inode for inode in _open_sockets() if inode not in self._own}
        if not opened:
            return []
        found = []
        for protocol in _PROTOCOLS:
            for inode, local_port, remote_port in _inet_sockets(protocol):
                if inode in opened and local_port not in self._ports:
                    found.append(f"the {protocol.rstrip('6')} socket on port {local_port}" + _peer(remote_port))
        return sorted(found)


def losses_of_a_fork(kernel: Any) -> list[str]:
    """Say, a sentence each, what a fork of this process does not get."""
    own = {"IOPub", "Heartbeat", "Control"}
    watchers = {getattr(stream, "watch_fd_thread", None) for stream in kernel.output_streams}
    threads = [
        thread.name
        for thread in threading.enumerate()
        if thread is not threading.main_thread()
        and thread.name not in own
        and thread not in watchers
        and not type(thread).__module__.startswith("ipykernel.")
    ]
    losses = [f"the thread {name} does not run in the fork" for name in threads]
    tasks = [task for task in asyncio.all_tasks() if not task.done() and not _is_of_the_kernel(task)]
    losses += [f"the asyncio task {task.get_name()} does not run in the fork" for task in tasks]
    losses += [f"the process {child.name} stays with the original" for child in multiprocessing.active_children()]
    if kernel.descriptors is not None:
        losses += [f"{what} is shared with the original" for what in kernel.descriptors.of_the_user()]
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        losses.append("the GPU cannot be used in the fork")
    return losses


def _is_of_the_kernel(task: "asyncio.Task[Any]") -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and code.co_filename.startswith(KERNEL_DIRECTORIES)


def _peer(port: int) -> str:
    return f", connected to port {port}" if port else ""


def _open_sockets() -> list[int]:
    inodes = []
    try:
        names = os.listdir("/proc/self/fd")
    except OSError:
        return []
    for name in names:
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            # The one that listed the directory is gone by now.
            continue
        if target.startswith("socket:["):
            inodes.append(int(target[8:-1]))
    return inodes


def _inet_sockets(protocol: str) -> Iterable[tuple[int, int, int]]:
    try:
        lines = Path(f"/proc/self/net/{protocol}").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return
    for line in lines:
        fields = line.split()
        local, remote = (int(address.rsplit(":", 1)[1], 16) for address in fields[1:3])
        yield int(fields[9]), local, remote
