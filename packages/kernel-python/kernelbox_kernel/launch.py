"""Starts the kernel without what a box has no use for."""

import atexit
import importlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from kernelbox_kernel.forking import Birth

# The kernel's own `os._exit` waits for what was printed, which has been sent by then.
exit_now = os._exit


@contextmanager
def without_module(name: str) -> Iterator[None]:
    """Make ``import name`` fail for a while, and leave no trace of it."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def provide_font_list() -> None:
    """Copy the list of fonts that an image was built with to where matplotlib looks for it, and may write."""
    target = os.environ.get("MPLCONFIGDIR")
    built = Path(sys.prefix) / "share" / "kernelbox" / "matplotlib"
    if target is None or not built.is_dir() or os.path.exists(target):
        return
    try:
        shutil.copytree(built, target)
    except OSError:
        # Another kernel was faster, or the place is not ours: matplotlib then makes its own list.
        return


# Otherwise imported while a kernel is made, in every process that is forked from a template.
_LATE_IMPORTS = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "ipykernel.debugger",
    "kernelbox_kernel.packer",
    "tornado.platform.asyncio",
    "tornado.queues",
)


def import_kernel() -> None:
    """Import what a kernel is made of."""
    # ipykernel imports debugpy where it finds it: a quarter of the start, and nobody can attach to a box.
    with without_module("debugpy"):
        import kernelbox_kernel.app  # noqa: F401

        for name in _LATE_IMPORTS:
            importlib.import_module(name)


def prepare_kernel() -> None:
    """Import what a kernel is made of, and make all of it that needs neither sockets nor threads."""
    import_kernel()
    from kernelbox_kernel.prepared_shell import prepare_shell

    prepare_shell()


def run_kernel(arguments: Sequence[str]) -> None:
    """Run a kernel until it is told to shut down; in a process that was forked from it, that one's kernel."""
    # Code in a cell sees its own arguments, never those of the kernel.
    sys.argv = [""]
    provide_font_list()
    # ipykernel looks for debugpy again when it makes its kernel.
    with without_module("debugpy"):
        from kernelbox_kernel.app import KernelApp

        app = KernelApp.instance()
        app.initialize(list(arguments))
    birth = app.start()
    while birth is not None:
        if birth.socket is None:
            app = app.successor(birth)
            birth = app.start()
        else:
            birth = wait_for_fork(birth.socket)
    end()


def end() -> NoReturn:
    """End the process once all that was registered for its end has run.

    Taking the interpreter apart object by object takes longer than all the rest when pandas is loaded, and a thread of
    the user's that goes on would hold it up for good.
    """
    atexit._run_exitfuncs()
    exit_now(0)


def wait_for_fork(path: str) -> "Birth | None":
    """Be a checkpoint: nothing runs here, until a process is forked that goes on where the kernel was."""
    from kernelbox_kernel.fork_server import ForkServer

    server = ForkServer(path)
    server.say({"type": "ready"})
    birth = server.serve()
    server.close()
    if birth is None:
        # What the user registered to run at the end of the kernel is not for its copies.
        exit_now(0)
    return birth


def main(argv: Sequence[str] | None = None) -> None:
    """Run a kernel until it is told to shut down.

    Parameters
    ----------
    argv : sequence of str, optional
        Command-line arguments without the program's name; those of the process by default.
    """
    run_kernel(sys.argv[1:] if argv is None else argv)
