"""Where pip installs in a box: a directory of the box's own, over an environment that is shared or read-only.

``KERNELBOX_PACKAGES`` names it. It is a virtual environment of the same Python that sees the packages of this one, so
that pip finds what is there, installs the rest beside it, and puts a newer version in front of one that is there.
"""

import os
import site
import sys
from contextlib import suppress

VARIABLE = "KERNELBOX_PACKAGES"
LINK_NAME = "kernelbox-packages.pth"
LINK = "import kernelbox_kernel.packages; kernelbox_kernel.packages.use()\n"
"""The line that does it when Python starts, in a file of that name among the packages."""


def use() -> None:
    """Put the directory before the packages of this environment, and make pip install there, when Python starts."""
    root = os.environ.get(VARIABLE)
    if not root or not os.path.isabs(root):
        return
    try:
        directory = make(root)
    except OSError:
        # Nothing can be written there, so nothing is there.
        return
    own = packages_of(sys.prefix)
    position = sys.path.index(own) if own in sys.path else len(sys.path)
    site.addsitedir(directory)
    if directory in sys.path[position:]:
        sys.path.remove(directory)
        sys.path.insert(position, directory)
    if is_pip(sys.orig_argv[1:]):
        os.environ.setdefault("PIP_PYTHON", os.path.join(root, "bin", "python"))


def make(root: str) -> str:
    """Make the environment where it is not there yet.

    Returns
    -------
    str
        The directory of its packages.
    """
    directory = packages_of(root)
    python = os.path.join(root, "bin", "python")
    if os.path.lexists(python):
        return directory
    base = sys._base_executable  # type: ignore[attr-defined]
    os.makedirs(directory, exist_ok=True)
    os.makedirs(os.path.dirname(python), exist_ok=True)
    write(os.path.join(directory, "kernelbox-base.pth"), packages_of(sys.prefix) + "\n")
    write(os.path.join(root, "pyvenv.cfg"), f"home = {os.path.dirname(base)}\ninclude-system-site-packages = false\n")
    # Last: with it the environment is whole. Another process may have been quicker.
    with suppress(FileExistsError):
        os.symlink(base, python)
    return directory


def packages_of(prefix: str) -> str:
    """Name the directory with the packages of an environment."""
    return os.path.join(prefix, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "site-packages")


def is_pip(arguments: list[str]) -> bool:
    """Whether these arguments of Python run pip, as a module or as its script."""
    if "-m" in arguments:
        return arguments[arguments.index("-m") + 1 :][:1] == ["pip"]
    script = next((argument for argument in arguments if not argument.startswith("-")), "")
    return os.path.basename(script).startswith("pip") and os.path.dirname(script) == os.path.dirname(sys.executable)


def write(path: str, text: str) -> None:
    """Write a file as a whole, as several processes may at the same time."""
    unfinished = f"{path}.{os.getpid()}"
    with open(unfinished, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(unfinished, path)
