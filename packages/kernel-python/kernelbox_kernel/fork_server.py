"""A process that waits on a socket and forks kernels on request: a template, or the checkpoint of a kernel.

It connects to the socket and speaks lines of JSON there. To a request
``{"type": "fork", "id", "connectionFile", "output", "cwd", "environment", "isIndependent"}`` it answers
``{"type": "forked", "id", "pid"}`` or ``{"type": "failed", "id", "message"}``. It ends when the socket closes.
"""

import json
import select
import socket
from typing import Any

from kernelbox_kernel.forking import Birth, fork

_READ_BYTES = 65536


class ForkServer:
    """The waiting end of the socket."""

    def __init__(self, path: str) -> None:
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(path)
        self._received = b""

    def say(self, message: dict[str, Any]) -> None:
        """Send one line."""
        self._connection.sendall(json.dumps(message).encode() + b"\n")

    def serve(self, patience: float | None = None) -> Birth | None:
        """Fork on request.

        Parameters
        ----------
        patience : float, optional
            Return after so many seconds without a request; by default when the other end closes.

        Returns
        -------
        Birth or None
            In a forked process: what it is to become.
        """
        while True:
            request = self._next_request(patience)
            if request is None:
                return None
            birth = self._obey(request)
            if birth is not None:
                return birth

    def close(self) -> None:
        """Leave the socket, in a forked process or at the end."""
        self._connection.close()

    def _next_request(self, patience: float | None) -> dict[str, Any] | None:
        while b"\n" not in self._received:
            if patience is not None and not select.select([self._connection], [], [], patience)[0]:
                return None
            data = self._connection.recv(_READ_BYTES)
            if not data:
                if patience is None:
                    return None
                raise SystemExit(0)
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        return json.loads(line)

    def _obey(self, request: dict[str, Any]) -> Birth | None:
        birth = Birth(
            connection_file=request["connectionFile"],
            output=request["output"],
            cwd=request["cwd"],
            environment=request["environment"],
            is_independent=request["isIndependent"],
        )
        answer: dict[str, Any] = {"id": request["id"]}
        try:
            pid = fork(birth)
        except OSError as error:
            answer |= {"type": "failed", "message": str(error)}
        else:
            if pid is None:
                return birth
            answer |= {"type": "forked", "pid": pid}
        self.say(answer)
        return None
