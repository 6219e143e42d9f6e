"""What one run brings along: environment, arguments, stdin."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RunSettings:
    """``metadata.kernelbox`` of an ``execute_request``, as far as the kernel acts on it."""

    env: Mapping[str, str] = field(default_factory=dict)
    args: Sequence[str] = ()
    stdin: str | None = None
    """All of the input; ``None`` where the run has no text of its own."""

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any] | None) -> "RunSettings":
        """Read the settings out of a request's metadata; fields of other clients are ignored."""
        options = (metadata or {}).get("kernelbox") or {}
        stdin = options.get("stdin") or {}
        return cls(
            env=options.get("env") or {},
            args=options.get("args") or (),
            stdin=str(stdin.get("text", "")) if stdin.get("type") == "text" else None,
        )


@contextmanager
def process_settings(settings: RunSettings) -> Iterator[None]:
    """Set environment and arguments, and put back afterwards exactly what was set, however the run ends."""
    before = {name: os.environ.get(name) for name in settings.env}
    arguments = sys.argv
    try:
        os.environ.update(settings.env)
        sys.argv = ["", *settings.args]
        yield
    finally:
        sys.argv = arguments
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
