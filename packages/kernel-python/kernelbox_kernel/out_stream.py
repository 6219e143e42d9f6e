"""``sys.stdout`` and ``sys.stderr`` of a kernel."""

import codecs
import contextlib
import os
import select
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO
from typing import Any

from ipykernel.iostream import IOPubThread
from ipykernel.iostream import OutStream as IPythonOutStream

_READ_BYTES = 65536
# Text shows within 20 ms, also while the cell computes. Whole lines after a pause hardly wait; where there is much, it
# goes together.
_FIRST_FLUSH_SECONDS = 0.002
_NEXT_FLUSH_SECONDS = 0.01
_PAUSE_SECONDS = 0.05
# A child process that goes on writing does not hold its cell up for longer.
_DRAIN_SECONDS = 0.2
# So that whoever carries the output works on the first part while the kernel makes the next.
_LONGEST_MESSAGE = 1 << 20
# After a shorter pause between two writes of Python no child process can have run in between.
_SHORTEST_CHILD_SECONDS = 0.0005


class OutStream(IPythonOutStream):
    """ipykernel's stream: sooner, whole in UTF-8, and not doubled by a fork."""

    _flushing = False
    _flushed_at = 0.0
    _written_at = 0.0
    _ends_line = True
    _has_predecessors = False

    successor: "OutStream | None" = None
    """In a forked kernel: the stream that took this one's place."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._pipe_lock = threading.Lock()
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        super().__init__(*arguments, **options)
        os.register_at_fork(after_in_child=self._forget_buffered)

    def _forget_buffered(self) -> None:
        # The child has a copy of what the parent has not sent yet, and perhaps a lock that nobody will release.
        self._buffer_lock = threading.RLock()
        self._pipe_lock = threading.Lock()
        self._buffers = defaultdict(StringIO)
        self._flush_pending = False
        self._subprocess_flush_pending = False
        self._flushing = False
        self._has_predecessors = False
        # What comes out of the pipe is the parent's to read.
        self._fid = None

    def _watch_pipe_fd(self) -> None:
        # What C code and child processes write to the file descriptor.
        descriptor = self._fid
        if descriptor is None:
            return
        try:
            while self._should_watch and self._fid is not None:
                select.select([descriptor], [], [])
                self._read_pipe()
        except OSError as error:
            self._exc = (type(error), error, error.__traceback__)

    def _read_pipe(self) -> bool:
        # At most what a pipe holds. Whoever reads also writes, under the lock: so its order is kept.
        with self._pipe_lock:
            if self._fid is None or not select.select([self._fid], [], [], 0)[0]:
                return False
            data = os.read(self._fid, _READ_BYTES)
            if not data:
                self._fid = None  # the cell closed its standard output
            if not data or not self._should_watch:
                return False
            # A character may be cut in two by a read.
            text = self._decoder.decode(data)
            if text:
                self._ends_line = text[-1] == "\n"
                super().write(text)
        if self.name == "stderr":
            # The last words of a dying kernel also reach whoever started it; that one may be gone.
            with contextlib.suppress(OSError):
                os.write(self._original_stdstream_copy, data)
        return True

    def _schedule_flush(self) -> None:
        if not self._flush_pending:
            self._flush_pending = True
            self.pub_thread.schedule(self._flush_soon)

    def _flush_soon(self) -> None:
        pause = time.monotonic() - self._flushed_at
        wait = _FIRST_FLUSH_SECONDS if pause > _PAUSE_SECONDS else _NEXT_FLUSH_SECONDS
        self._io_loop.call_later(wait, self._flush_lines)

    def _flush_lines(self) -> None:
        # `print` writes the end of its line apart.
        if self._ends_line:
            self._flush_in_time()
        else:
            self._io_loop.call_later(_NEXT_FLUSH_SECONDS - _FIRST_FLUSH_SECONDS, self._flush_in_time)

    def _flush_in_time(self) -> None:
        self._has_predecessors = True
        try:
            self._flush()
        finally:
            self._has_predecessors = False

    def write(self, string: str) -> int | None:
        """Write text, after what a child process has written before."""
        if self.successor is not None:
            return self.successor.write(string)
        now = time.monotonic()
        if now - self._written_at > _SHORTEST_CHILD_SECONDS:
            with contextlib.suppress(OSError):
                self._read_pipe()
        self._written_at = now
        self._ends_line = string[-1:] == "\n"
        return super().write(string)

    def flush(self) -> None:
        """Send what was written. With nothing to send it costs nothing, which it does six times a cell."""
        if self.successor is not None:
            return self.successor.flush()
        if self._buffers or self._flushing:
            super().flush()

    def _flush(self) -> None:
        self._flushing = True
        self._flushed_at = time.monotonic()
        try:
            super()._flush()
        finally:
            self._flushing = False

    def _flush_buffers(self) -> Iterator[tuple[dict[str, Any], str]]:
        taken = list(super()._flush_buffers())
        if self._has_predecessors:
            self._has_predecessors = False  # not for flushes among them
            # Nobody asked for this flush in the order of things: what waits to be sent was said before this text.
            send_waiting(self.pub_thread)
        for parent, data in taken:
            start = 0
            while start < len(data):
                end = start + _LONGEST_MESSAGE
                if end < len(data):
                    end = data.rfind("\n", start, end) + 1 or end
                yield parent, data[start:end]
                start = end

    def drain_pipe(self) -> None:
        """Take in what the cell's C code and child processes have written, so that it belongs to the cell's output."""
        deadline = time.monotonic() + _DRAIN_SECONDS
        with contextlib.suppress(OSError):
            while self._read_pipe() and time.monotonic() < deadline:
                pass


def send_waiting(thread: IOPubThread) -> None:
    """Do what was scheduled up to now. On the output thread, and not while it does such a thing."""
    for _ in range(len(thread._events)):
        thread._events.popleft()()
