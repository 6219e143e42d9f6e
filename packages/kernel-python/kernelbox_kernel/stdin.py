"""``sys.stdin`` of a run."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from IPython.core.error import StdinNotImplementedError

NO_STDIN = (
    "this run cannot ask for input: neither onInput nor stdin was given; pass onInput to answer what the code "
    "asks for, or stdin to give all of its input as text"
)


def fail_without_stdin() -> bytes:
    """Stand in for the input of a run that has none."""
    raise StdinNotImplementedError(NO_STDIN)


class _LineSource(io.RawIOBase):
    """Bytes that are fetched line by line, when somebody reads them."""

    def __init__(self, read_line: Callable[[], bytes]) -> None:
        self._read_line = read_line
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._pending or self._read_line()
        count = min(len(buffer), len(data))
        buffer[:count] = data[:count]
        self._pending = data[count:]
        return count


def stdin_from_lines(read_line: Callable[[], bytes]) -> TextIO:
    """Make a text stream, with ``buffer``, of a function that gives the next line and ``b""`` at the end."""
    return io.TextIOWrapper(io.BufferedReader(_LineSource(read_line)), encoding="utf-8", errors="surrogateescape")


def stdin_from_text(text: str) -> TextIO:
    """Make a text stream, with ``buffer``, of all of the input."""
    return io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogatepass")), encoding="utf-8")


@contextmanager
def replaced_stdin(stream: TextIO) -> Iterator[None]:
    """Make ``stream`` the standard input; a stream that the code itself put there stays."""
    before = sys.stdin
    sys.stdin = stream
    try:
        yield
    finally:
        if sys.stdin is stream:
            sys.stdin = before


def line_from(stream: TextIO) -> str:
    """Read a line as :func:`input` does: without its end; ``EOFError`` where there is none."""
    line = stream.readline()
    if line == "":
        raise EOFError("EOF when reading a line")
    return line.removesuffix("\n")
