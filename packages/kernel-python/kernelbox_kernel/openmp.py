"""OpenMP libraries, whose threads do not survive a fork."""

import ctypes
import re
from pathlib import Path

_LIBRARY = re.compile(r"(/\S*/lib(?:gomp|omp|iomp5)[-.\w]*\.so[.\d]*)$")
_PAUSE_HARD = 2


def pause_openmp() -> None:
    """End the threads of every OpenMP library: a copy without them would wait for them in its first parallel region."""
    for library in _libraries():
        pause = getattr(library, "omp_pause_resource_all", None)
        if pause is not None:
            pause(_PAUSE_HARD)


_found: tuple[int, list[ctypes.CDLL]] | None = None


def _libraries() -> list[ctypes.CDLL]:
    global _found
    loads = _count_loads()
    # Looking for them takes as long as forking a template.
    if _found is None or loads is None or _found[0] != loads:
        libraries = [ctypes.CDLL(path) for path in _paths()]
        _found = (_count_loads() or 0, libraries)
    return _found[1]


def _paths() -> list[str]:
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    return sorted({match.group(1) for line in lines if (match := _LIBRARY.search(line))})


class _LoadedObject(ctypes.Structure):
    """``struct dl_phdr_info``; the last two say how many objects were loaded and unloaded in this process so far."""

    _fields_ = (
        ("address", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("headers", ctypes.c_void_p),
        ("header_count", ctypes.c_uint16),
        ("adds", ctypes.c_ulonglong),
        ("subs", ctypes.c_ulonglong),
    )


def _count_loads() -> int | None:
    """Count what was loaded since the process began; ``None`` where that cannot be asked."""
    iterate = getattr(ctypes.CDLL(None), "dl_iterate_phdr", None)
    if iterate is None:
        return None
    seen: list[int] = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_LoadedObject), ctypes.c_size_t, ctypes.c_void_p)
    def take(loaded: "ctypes._Pointer[_LoadedObject]", _size: int, _data: int | None) -> int:
        seen.append(loaded.contents.adds)
        return 1

    iterate(take, None)
    return seen[0] if seen else None
