"""The application around the kernel: sockets, streams, no profile, no banner."""

import asyncio
import atexit
import logging
import os
import random
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.kernelapp import IPKernelApp
from IPython.core.profiledir import ProfileDir
from tornado.ioloop import IOLoop
from traitlets import DottedObjectName, Type, default, observe

from kernelbox_kernel.fork_losses import FileDescriptors
from kernelbox_kernel.forking import Birth, ForkedChild
from kernelbox_kernel.formatters import register_formatters
from kernelbox_kernel.kernel import Kernel
from kernelbox_kernel.last_words import deliver_before_exit
from kernelbox_kernel.out_stream import OutStream
from kernelbox_kernel.prepared_shell import configure_shell, prepared_shell, settle


class VolatileProfileDir(ProfileDir):
    """A profile that is a name only: nothing is read from a home directory, and nothing is written to it."""

    @observe("location")
    def _location_changed(self, change: dict[str, Any]) -> None:
        # Without a name the startup directory would be the working directory, and its files would run.
        self.startup_dir = str(Path(change["new"]) / "startup")

    def check_startup_dir(self, _change: Any = None) -> None:
        """Make no directory."""

    def check_dirs(self) -> None:
        """Make no directories."""


class KernelApp(IPKernelApp):
    """One kernel process."""

    kernel_class = Type(Kernel, klass="ipykernel.kernelbase.Kernel").tag(config=True)
    outstream_class = DottedObjectName("kernelbox_kernel.out_stream.OutStream", allow_none=True).tag(config=True)

    @default("log_level")
    def _default_log_level(self) -> int:
        # ipykernel warns at each start about TCP without encryption and about the missing debugger.
        return logging.ERROR

    def _configure_logging(self) -> None:
        # traitlets sets one handler up by `dictConfig`, which takes as long as a socket, and gives the level to the
        # handler only, so that each cell would make four records for nobody.
        log = logging.getLogger(type(self).__name__)
        handler = logging.StreamHandler()
        handler.setFormatter(self._log_formatter_cls(fmt=self.log_format, datefmt=self.log_datefmt))
        log.handlers[:] = [handler]
        log.setLevel(self.log_level)
        self._logging_configured = True

    @default("ipython_dir")
    def _default_ipython_dir(self) -> str:
        return str(Path(tempfile.gettempdir()) / f"kernelbox-ipython-{os.getpid()}")

    @observe("ipython_dir")
    def _ipython_dir_changed(self, change: dict[str, Any]) -> None:
        """Make no directories."""

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Read the arguments. Those that boxd gives need no parser, which takes as long as the sockets."""
        if argv is not None and len(argv) == 2 and argv[0] == "-f":
            self.connection_file = argv[1]
        else:
            super().parse_command_line(argv)

    def init_profile_dir(self) -> None:
        """Use a profile without files."""
        if not self._trait_values.get("profile_dir"):
            self.profile_dir = VolatileProfileDir(location=self.ipython_dir)

    def load_config_file(self, *_arguments: Any, **_options: Any) -> None:
        """Read no configuration files: a kernel behaves the same for everybody."""

    def init_config_files(self) -> None:
        """Look for no configuration files."""

    is_successor = False
    """Whether it goes on with a shell that ran cells already, in a copy of that shell's process."""

    has_prepared_shell = False
    """Whether its shell was made in a template, and ran nothing yet."""

    def initialize(self, argv: list[str] | None = None) -> None:
        """Set the kernel up, ready to answer."""
        configure_shell(self.config)
        # Stock clients may take a reply for the end; those that wait for idle as well need no pause before it.
        self.config.Kernel._execute_sleep = 0.0
        self.config.InteractiveShellApp.exec_PYTHONSTARTUP = False
        self.has_prepared_shell = not self.is_successor and prepared_shell() is not None
        self.config.Session.packer = "kernelbox_kernel.packer.pack"
        super().initialize(argv)
        if not self.is_successor:
            enable_inline_plots()
            silence_advice()
        if not (self.is_successor or self.has_prepared_shell):
            register_formatters(self.shell)
        deliver_before_exit()
        # Kept apart from sys.stdout and sys.stderr, which a cell may replace.
        self.kernel.output_streams = tuple(s for s in (sys.stdout, sys.stderr) if isinstance(s, OutStream))
        self.kernel.descriptors = FileDescriptors(self._ports.values())

    def init_control(self, context: Any) -> None:
        """Open the control channel, and leave subshells out: cells of a context run one after the other."""
        super().init_control(context)
        self.shell_channel_thread = None

    def init_iopub(self, context: Any) -> None:
        """Open the output channel without a limit at which messages are dropped."""
        context.sndhwm = 0
        super().init_iopub(context)
        self.iopub_thread.schedule = scheduling_at_once(self.iopub_thread)

    def log_connection_info(self) -> None:
        """Remember the ports, print nothing."""
        self._ports = {name: getattr(self, f"{name}_port") for name in ("shell", "iopub", "stdin", "hb", "control")}

    def init_poller(self) -> None:
        """Watch the process that started this one; a forked kernel was started by nobody who is left."""
        if not self.is_successor:
            super().init_poller()

    def init_gui_pylab(self) -> None:
        """Choose a backend for plots, unless the shell has one."""
        if not self.is_successor:
            super().init_gui_pylab()

    def init_shell(self) -> None:
        """Take the kernel's shell, and bring one from a template up to date."""
        super().init_shell()
        if self.has_prepared_shell:
            settle(self.shell, self.profile_dir)

    def init_extensions(self) -> None:
        """Load extensions, unless the shell has them."""
        if not (self.is_successor or self.has_prepared_shell):
            super().init_extensions()

    def init_code(self) -> None:
        """Run what is configured; for a successor that was done, and what is in the namespace now is the user's."""
        if not (self.is_successor or self.has_prepared_shell):
            super().init_code()

    def start(self) -> Birth | None:
        """Serve until the kernel is shut down.

        Returns
        -------
        Birth or None
            In a process that was forked from this one meanwhile: what it is to become.
        """
        if self.poller is not None:
            self.poller.start()
        self.kernel.start()
        self.io_loop = self.kernel.io_loop
        while True:
            try:
                self.io_loop.start()
            except KeyboardInterrupt:
                # asyncio lets an interrupt of a task out of its loop after it was given to whoever awaits the task.
                continue
            except ForkedChild as child:
                return child.birth
            return None

    def successor(self, birth: Birth) -> "KernelApp":
        """Make the kernel of a process that was forked from this one's: new sockets around the shell that is there."""
        atexit.unregister(self.close)
        streams = self.kernel.output_streams
        # What follows may draw numbers; the user's come out as they would have in the parent.
        numbers = random.getstate()
        # Nothing of the old sockets and loops may be finalised here: they are the parent's, and locks may be held.
        _ancestors.append((self, self.kernel, zmq.Context._instance, asyncio.get_event_loop_policy().get_event_loop()))
        type(self.kernel).clear_instance()
        type(self).clear_instance()
        zmq.Context._instance = None
        IOLoop._ioloop_for_asyncio.clear()
        asyncio.set_event_loop(asyncio.new_event_loop())
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        app = type(self).instance()
        app.is_successor = True
        app.initialize(["-f", birth.connection_file])
        for old, new in zip(streams, app.kernel.output_streams, strict=True):
            # Handlers of logging and others hold the old stream.
            old.successor = new
        random.setstate(numbers)
        return app


def scheduling_at_once(thread: IOPubThread) -> Callable[[Callable[[], Any]], None]:
    """Let what the output thread itself wants be done now, and not when it has done all else.

    So the first part of much output leaves while the thread makes the next.
    """
    schedule = thread.schedule

    def schedule_or_do(act: Callable[[], Any]) -> None:
        if threading.current_thread() is thread.thread:
            act()
        else:
            schedule(act)

    return schedule_or_do


_ancestors: list[tuple[object, ...]] = []


def silence_advice() -> None:
    """Leave out advice that cannot be followed here.

    tqdm draws its bar as text and recommends widgets, which nothing could show; ``sys.exit()`` is an error, and IPython
    recommends the keys of a terminal.
    """
    for message in ("IProgress not found", "To exit: use 'exit', 'quit', or Ctrl-D"):
        warnings.filterwarnings("ignore", message=message)


def enable_inline_plots() -> None:
    """Do what the inline backend does when it is first imported, if that was before there was a shell."""
    backend = sys.modules.get("matplotlib_inline.backend_inline")
    if backend is not None:
        backend._enable_matplotlib_integration()
