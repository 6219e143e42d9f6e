"""A shell that is made before there is a kernel: in a template, once for all the kernels that are forked from it.

It takes half of the time in which a kernel starts. What depends on the process that it comes to live in is set by
:func:`settle`.
"""

import os
import sys
from pathlib import Path

from IPython.core.compilerop import CachingCompiler
from IPython.core.profiledir import ProfileDir
from traitlets.config import Config

from kernelbox_kernel.formatters import register_formatters
from kernelbox_kernel.shell import ZMQInteractiveShell


def configure_shell(config: Config) -> None:
    """Set what holds for every shell, however it is made."""
    # Outputs are kept by whoever runs the kernel; a database write per cell costs a fifth of `1+1`.
    config.HistoryManager.enabled = False
    # The tip is drawn with the user's random numbers, whenever a client asks for the kernel's info.
    config.InteractiveShell.enable_tip = False
    # What `name?` says is output of the cell: a pager is for a client that has one, and others would see nothing.
    config.InteractiveShell.display_page = True


def prepare_shell() -> None:
    """Make the shell that :func:`prepared_shell` gives. It starts no thread and opens nothing."""
    config = Config()
    configure_shell(config)
    # Without a profile IPython would make a directory for one in the home directory.
    shell = ZMQInteractiveShell.instance(config=config, compiler_class=CachingCompiler, profile_dir=ProfileDir())
    shell.extension_manager.load_extension("storemagic")
    register_formatters(shell)
    shell.user_ns_hidden.update(shell.user_ns)
    note_modules()


def prepared_shell() -> ZMQInteractiveShell | None:
    """Give the shell that :func:`prepare_shell` made, in this process or in that which it was forked from."""
    return ZMQInteractiveShell._instance if ZMQInteractiveShell.initialized() else None


def note_modules() -> None:
    """Let what is imported by now survive ``%reset --aggressive``, as what a kernel imports at its own start does."""
    shell = prepared_shell()
    if shell is not None:
        shell._sys_modules_keys = set(sys.modules)


def settle(shell: ZMQInteractiveShell, profile_dir: ProfileDir) -> None:
    """Give a prepared shell what it would have found, had it been made in this process."""
    directory = os.getcwd()
    shell.starting_dir = directory
    shell.history_manager.dir_hist[:] = [Path(directory)]
    shell.ipython_dir = profile_dir.location
    shell.profile_dir = profile_dir
    shell.init_environment()
    shell.save_sys_module_state()
