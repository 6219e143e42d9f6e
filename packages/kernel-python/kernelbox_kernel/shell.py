"""IPython's shell without a history of outputs, and with one picture per figure."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from ipykernel import zmqshell
from ipykernel.displayhook import ZMQShellDisplayHook
from traitlets import Type

from kernelbox_kernel.formatters.figure import close_shown_figure

KERNEL_DIRECTORIES = tuple(os.path.dirname(module) + os.sep for module in (__file__, zmqshell.__file__))


class DisplayHook(ZMQShellDisplayHook):
    """Shows the value of a cell's last expression."""

    def __call__(self, result: Any = None) -> None:
        """Show one value; a figure that was shown here is not shown again at the cell's end."""
        super().__call__(result)
        if result is not None and not self.quiet():
            close_shown_figure(result)

    def log_output(self, format_dict: dict[str, Any]) -> None:
        """Keep no copy: whoever runs the kernel has the output, and the memory is the user's."""


# Libraries (rich, tqdm, plotly and others) recognise a notebook by this class's name.
class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """The namespace of one context, and what runs code in it."""

    displayhook_class = Type(DisplayHook)

    last_error: tuple[str, str] | None = None
    """Name and message of the newest error that was shown."""

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        """Use no directory in the user's home."""
        directory = os.path.join(tempfile.gettempdir(), f"kernelbox-ipython-{os.getpid()}")
        self.ipython_dir = ipython_dir or directory

    def init_environment(self) -> None:
        """Keep pagers away from child processes; unlike ipykernel, force no colours on them."""
        os.environ.setdefault("TERM", "dumb")
        os.environ["PAGER"] = os.environ["GIT_PAGER"] = "cat"

    @contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        # IPython keeps all that a cell prints in memory, for a history that nobody reads here.
        yield

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        kind, value, traceback = super()._get_exc_info(exc_tuple)
        traceback = without_kernel_frames(traceback)
        if value is not None:
            if not str_works(value):
                # IPython would fail over it, and the cell would end with that error instead of its own.
                kind = type(kind.__name__, (Exception,), {"__module__": kind.__module__})
                value = kind(safe_str(value))
            value.__traceback__ = traceback
        return kind, value, traceback

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.last_error = (etype.__name__, safe_str(evalue))
        super()._showtraceback(etype, evalue, stb)

    def fail(self, error: BaseException, traceback: TracebackType | None = None) -> None:
        """Show an error that did not come out of the user's code."""
        self.showtraceback((type(error), error, traceback or error.__traceback__))


def without_kernel_frames(traceback: TracebackType | None) -> TracebackType | None:
    """Take the kernel's own steps out of a traceback: what is left is the user's code and what it called."""
    kept = []
    step = traceback
    while step is not None:
        if not step.tb_frame.f_code.co_filename.startswith(KERNEL_DIRECTORIES):
            kept.append(step)
        step = step.tb_next
    if len(kept) < 2:
        # The first is IPython's: without one of the user's it is our own failure, and its traceback should say where.
        return traceback
    for step, following in zip(kept, [*kept[1:], None], strict=True):
        step.tb_next = following
    return kept[0]


def str_works(value: object) -> bool:
    """Whether ``str(value)`` gives text; an exception class may define it as anything."""
    try:
        str(value)
    except Exception:
        return False
    return True


def safe_str(value: object) -> str:
    """``str(value)``, or a placeholder where that raises."""
    return str(value) if str_works(value) else f"<unprintable {type(value).__name__} object>"
