"""Short descriptions of variables, made without trusting the objects."""

import reprlib
import signal
import sys
import threading
import time
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_REPR_CHARACTERS = 80
_REPR_SECONDS = 0.1
_ALL_REPRS_SECONDS = 1.0

_SCALARS = (bool, int, float, complex, type(None), type(Ellipsis))
_CONTAINERS = (str, bytes, bytearray, list, tuple, dict, set, frozenset)


class _TookTooLong(BaseException):
    """Not an ``Exception``: a ``repr`` that catches everything ordinary is stopped as well."""


def describe_variables(namespace: Mapping[str, Any], hidden: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List what the user defined, in order of definition.

    Parameters
    ----------
    namespace : mapping
        The user's namespace.
    hidden : mapping
        What IPython put there; a name that the user gave another value is the user's.

    Returns
    -------
    list of dict
        ``name``, ``type``, ``repr`` (at most 80 characters) and ``size`` in bytes (``None`` where nobody knows).
    """
    limits = _Limits(time.monotonic() + _ALL_REPRS_SECONDS)
    return [
        {"name": name, "type": type_name(value), "repr": short_repr(value, limits), "size": size_of(value)}
        for name, value in list(namespace.items())
        if not name.startswith("_") and not (name in hidden and hidden[name] is value)
    ]


def type_name(value: object) -> str:
    """Name a type as code does: ``int``, ``pandas.DataFrame``."""
    kind = type(value)
    return (
        kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    )


def size_of(value: object) -> int | None:
    """Give the bytes that an object holds itself; for arrays and frames their data, too."""
    try:
        if _is_from(value, "pandas", "DataFrame"):
            return int(value.memory_usage().sum())  # type: ignore[attr-defined]
        if _is_from(value, "pandas", "Series"):
            return int(value.memory_usage())  # type: ignore[attr-defined]
        if _is_from(value, "numpy", "ndarray"):
            return int(value.nbytes)  # type: ignore[attr-defined]
        return sys.getsizeof(value)
    except Exception:
        return None


def short_repr(value: object, limits: "_Limits | None" = None) -> str:
    """Describe a value in at most 80 characters; a ``repr`` that raises or never ends does no harm."""
    limits = limits or _Limits(time.monotonic() + _ALL_REPRS_SECONDS)
    try:
        text = _summary(value) or _Short(limits).repr(value)
    except Exception:
        text = _plain(value)
    text = " ".join(text.split())
    return text if len(text) <= _REPR_CHARACTERS else text[: _REPR_CHARACTERS - 1] + "…"


def _summary(value: Any) -> str | None:
    if _is_from(value, "pandas", "DataFrame"):
        return f"DataFrame ({len(value)} rows × {len(value.columns)} columns)"
    if _is_from(value, "pandas", "Series"):
        return f"Series ({len(value)} values, {value.dtype})"
    if _is_from(value, "numpy", "ndarray"):
        return f"ndarray {value.shape} {value.dtype}"
    if isinstance(value, types.ModuleType):
        return f"<module {value.__name__}>"
    if isinstance(value, type):
        return f"<class {value.__module__}.{value.__qualname__}>"
    return None


class _Limits:
    """The time that all representations of one answer may take together."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    @contextmanager
    def one(self) -> Iterator[None]:
        """Stop what runs inside when its time is over."""
        seconds = min(_REPR_SECONDS, self._deadline - time.monotonic())
        if seconds <= 0 or threading.current_thread() is not threading.main_thread():
            raise TimeoutError

        def stop(_signal: int, _frame: types.FrameType | None) -> None:
            raise _TookTooLong

        started = time.monotonic()
        handler = signal.signal(signal.SIGALRM, stop)
        timer = signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        except _TookTooLong:
            raise TimeoutError from None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
            if timer[0] > 0:
                # A timer of the user's own goes on.
                signal.setitimer(signal.ITIMER_REAL, max(timer[0] - (time.monotonic() - started), 1e-6), timer[1])


class _Short(reprlib.Repr):
    """Looks only at the first few items, a few levels deep, and runs foreign code on a clock."""

    def __init__(self, limits: _Limits) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother, self.maxlong = 3, _REPR_CHARACTERS, _REPR_CHARACTERS, 60
        self.maxdict = self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = 10
        self._limits = limits

    def repr1(self, x: Any, level: int) -> str:
        if type(x) in _SCALARS or type(x) in _CONTAINERS:
            return super().repr1(x, level)
        return self.repr_instance(x, level)

    def repr_instance(self, x: Any, level: int) -> str:
        summary = _summary(x)
        if summary is not None:
            return summary
        if type(x).__repr__ is object.__repr__:
            return _plain(x)
        try:
            with self._limits.one():
                text = repr(x)
        except Exception:
            return _plain(x)
        return text if len(text) <= self.maxother else text[: self.maxother - 1] + "…"


def _plain(value: object) -> str:
    return f"<{type_name(value)} object>"


def _is_from(value: object, package: str, name: str) -> bool:
    # By name: nothing is imported for the sake of a description.
    return any(kind.__name__ == name and kind.__module__.partition(".")[0] == package for kind in type(value).__mro__)
