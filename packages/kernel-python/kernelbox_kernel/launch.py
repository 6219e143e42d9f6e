"""Starts the kernel without what a box has no use for."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


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


def main(argv: Sequence[str] | None = None) -> None:
    """Run a kernel until it is told to shut down.

    Parameters
    ----------
    argv : sequence of str, optional
        Command-line arguments without the program's name; those of the process by default.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    # Code in a cell sees its own arguments, never those of the kernel.
    sys.argv = [""]
    # ipykernel imports debugpy where it finds it: a quarter of the start, and nobody can attach to a box.
    with without_module("debugpy"):
        from kernelbox_kernel.app import KernelApp

        app = KernelApp.instance()
        app.initialize(arguments)
    app.start()
