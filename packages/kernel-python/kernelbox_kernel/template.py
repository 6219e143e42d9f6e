"""``python -m kernelbox_kernel.template SOCKET MODULE…``: imports once, then forks kernels on request.

It connects to SOCKET and speaks lines of JSON there. It says ``{"type": "ready"}`` once its imports are done, or
``{"type": "failed", "message"}`` and ends. To a request
``{"type": "fork", "id", "connectionFile", "output", "cwd", "environment"}`` it answers
``{"type": "forked", "id", "pid"}`` or ``{"type": "failed", "id", "message"}``. It ends when SOCKET closes.
"""

import gc
import importlib
import json
import os
import socket
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO

# `-m` puts the working directory first: a file of the user named like a standard module would be imported.
if sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from kernelbox_kernel.forking import Birth, fork

_INLINE_BACKEND = "module://matplotlib_inline.backend_inline"


def serve(control: BinaryIO) -> Birth | None:
    """Fork on request until the other end closes. In a forked process: what it is to become."""
    for line in control:
        request = json.loads(line)
        answer: dict[str, Any] = {"id": request["id"]}
        birth = Birth(
            connection_file=request["connectionFile"],
            output=request["output"],
            cwd=request["cwd"],
            environment=request["environment"],
            is_independent=True,
        )
        try:
            pid = fork(birth)
        except OSError as error:
            answer |= {"type": "failed", "message": str(error)}
        else:
            if pid is None:
                return birth
            answer |= {"type": "forked", "pid": pid}
        say(control, answer)
    return None


def say(control: BinaryIO, message: dict[str, Any]) -> None:
    """Send one line."""
    control.write(json.dumps(message).encode() + b"\n")
    control.flush()


def import_all(modules: Sequence[str]) -> None:
    """Import what the kernels shall have, and what a kernel itself is made of."""
    os.environ.setdefault("MPLBACKEND", _INLINE_BACKEND)
    for module in modules:
        importlib.import_module(module)
    # The last: it is the part that must never fail for want of something the user chose.
    importlib.import_module("kernelbox_kernel.launch").import_kernel()
    # What is there now is never garbage, and collecting would copy the pages that all kernels share.
    gc.collect()
    gc.freeze()


def main(argv: Sequence[str]) -> None:
    """Run the template, or, in a process forked from it, a kernel."""
    path, *modules = argv
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    control = connection.makefile("rwb")
    try:
        import_all(modules)
    except Exception as error:
        say(control, {"type": "failed", "message": f"{type(error).__name__}: {error}"})
        raise
    say(control, {"type": "ready"})
    birth = serve(control)
    control.close()
    connection.close()
    if birth is not None:
        from kernelbox_kernel.launch import run_kernel

        run_kernel(["-f", birth.connection_file])


if __name__ == "__main__":
    main(sys.argv[1:])
