"""``python -m kernelbox_kernel.template SOCKET [MODULE…]``: imports once, then forks kernels on request.

It is a ``fork_server`` that first says ``{"type": "ready"}``, as soon as it can fork kernels. Then, between its forks,
it imports the modules; it says ``{"type": "skipped", "module", "message"}`` of those that cannot be imported, and
``{"type": "imported"}`` at the end.
"""

import gc
import importlib
import os
import sys
from collections.abc import Sequence

# `-m` puts the working directory first: a file of the user named like a standard module would be imported.
if sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from kernelbox_kernel.fork_server import ForkServer
from kernelbox_kernel.forking import Birth
from kernelbox_kernel.openmp import pause_openmp

_INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
# Whoever heard that it is ready wants a kernel at once; an import would make them wait.
_FIRST_REQUEST_SECONDS = 0.05


def import_all(modules: Sequence[str], server: ForkServer) -> Birth | None:
    """Import what the kernels shall have. In a process that was forked meanwhile: what it is to become."""
    from kernelbox_kernel.prepared_shell import note_modules

    birth = server.serve(_FIRST_REQUEST_SECONDS)
    for module in modules:
        if birth is not None:
            return birth
        try:
            importlib.import_module(module)
        except Exception as error:
            server.say({"type": "skipped", "module": module, "message": f"{type(error).__name__}: {error}"})
        note_modules()
        birth = server.serve(0)
    return birth


def share_memory() -> None:
    """Make what is there now be never garbage: collecting would copy the pages that all kernels share."""
    gc.collect()
    gc.freeze()


def main(argv: Sequence[str]) -> None:
    """Run the template, or, in a process forked from it, a kernel."""
    path, *modules = argv
    # The place for a setting of the user's own; the box's environment has it where there is one.
    os.environ.setdefault("MPLBACKEND", _INLINE_BACKEND)
    from kernelbox_kernel.launch import prepare_kernel, run_kernel

    prepare_kernel()
    share_memory()
    server = ForkServer(path)
    server.say({"type": "ready"})
    birth = import_all(modules, server)
    if birth is None:
        # Looks for the libraries now, and not in the first fork.
        pause_openmp()
        share_memory()
        server.say({"type": "imported"})
        birth = server.serve()
    server.close()
    if birth is not None:
        run_kernel(["-f", birth.connection_file])


if __name__ == "__main__":
    main(sys.argv[1:])
