"""``python -m kernelbox_kernel.install --prefix DIRECTORY`` writes the kernelspec, and lets boxes install packages."""

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kernelbox_kernel.packages import LINK, LINK_NAME, packages_of

# What most notebooks import first; those that are not there are left out.
PRELOADED = ("numpy", "pandas", "matplotlib.pyplot", "matplotlib_inline.backend_inline")


def kernelspec(executable: str = sys.executable) -> dict[str, Any]:
    """Describe the kernel that ``executable`` runs."""
    return {
        "argv": [executable, "-m", "kernelbox_kernel", "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {
            "kernelbox": {
                "features": ["ipc", "variables", "fork"],
                "aliases": ["py", "python3"],
                "template": {
                    "argv": [executable, "-m", "kernelbox_kernel.template", "{socket}"],
                    "packages": [packages_of("{packages}")],
                    "modules": [name for name in PRELOADED if find_spec(name.partition(".")[0]) is not None],
                },
                "program": {"sources": [".py"], "run": [executable, "{main}"]},
            }
        },
    }


def install(prefix: Path) -> Path:
    """Write ``share/jupyter/kernels/python3/kernel.json`` under a prefix, and a link to ``packages.py`` beside them.

    Parameters
    ----------
    prefix : Path
        A virtual environment, or any directory whose ``share/jupyter`` is on Jupyter's path.

    Returns
    -------
    Path
        The file that was written.
    """
    file = prefix / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kernelspec(), indent=2) + "\n", encoding="utf-8")
    packages = Path(packages_of(str(prefix)))
    if packages.is_dir():
        (packages / LINK_NAME).write_text(LINK, encoding="utf-8")
    return file


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m kernelbox_kernel.install", description=__doc__)
    parser.add_argument(
        "--prefix", type=Path, default=Path(sys.prefix), help="where share/jupyter is (default: %(default)s)"
    )
    print(install(parser.parse_args(argv).prefix))


if __name__ == "__main__":
    main()
