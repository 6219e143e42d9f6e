"""Keeps ipykernel from reading every module that is imported.

It lists their files for its debugger, which no box has. In a process that was forked from a template that copies 1,200
pages, the headers of the modules, which all kernels would otherwise share: 5 MB, and a sixth of a kernel's start.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, ClassVar

from ipykernel import ipkernel


class _SysWithoutModules:
    modules: ClassVar[dict[str, ModuleType]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


@contextmanager
def empty_module_list() -> Iterator[None]:
    """Let ipykernel see a ``sys`` in which nothing is imported."""
    ipkernel.sys = _SysWithoutModules()
    try:
        yield
    finally:
        ipkernel.sys = sys
