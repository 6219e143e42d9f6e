"""The application around the kernel: sockets, streams, no profile, no banner."""

import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from IPython.core.profiledir import ProfileDir
from traitlets import DottedObjectName, Type, default, observe

from kernelbox_kernel.formatters import register_formatters
from kernelbox_kernel.kernel import Kernel
from kernelbox_kernel.last_words import deliver_before_exit
from kernelbox_kernel.out_stream import OutStream


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

    @default("ipython_dir")
    def _default_ipython_dir(self) -> str:
        return str(Path(tempfile.gettempdir()) / f"kernelbox-ipython-{os.getpid()}")

    @observe("ipython_dir")
    def _ipython_dir_changed(self, change: dict[str, Any]) -> None:
        """Make no directories."""

    def init_profile_dir(self) -> None:
        """Use a profile without files."""
        if not self._trait_values.get("profile_dir"):
            self.profile_dir = VolatileProfileDir(location=self.ipython_dir)

    def load_config_file(self, *_arguments: Any, **_options: Any) -> None:
        """Read no configuration files: a kernel behaves the same for everybody."""

    def init_config_files(self) -> None:
        """Look for no configuration files."""

    def initialize(self, argv: list[str] | None = None) -> None:
        """Set the kernel up, ready to answer."""
        # Outputs are kept by whoever runs the kernel; a database write per cell costs a fifth of `1+1`.
        self.config.HistoryManager.enabled = False
        # Stock clients may take a reply for the end; those that wait for idle as well need no pause before it.
        self.config.Kernel._execute_sleep = 0.0
        self.config.InteractiveShellApp.exec_PYTHONSTARTUP = False
        self.config.Session.packer = "kernelbox_kernel.packer.pack"
        super().initialize(argv)
        # traitlets gives the level to the handler only, so that each cell would make four records for nobody.
        self.log.setLevel(self.log_level)
        register_formatters(self.shell)
        deliver_before_exit()
        # Kept apart from sys.stdout and sys.stderr, which a cell may replace.
        self.kernel.output_streams = tuple(s for s in (sys.stdout, sys.stderr) if isinstance(s, OutStream))

    def init_control(self, context: Any) -> None:
        """Open the control channel, and leave subshells out: cells of a context run one after the other."""
        super().init_control(context)
        self.shell_channel_thread = None

    def init_iopub(self, context: Any) -> None:
        """Open the output channel without a limit at which messages are dropped."""
        context.sndhwm = 0
        super().init_iopub(context)

    def log_connection_info(self) -> None:
        """Remember the ports, print nothing."""
        self._ports = {name: getattr(self, f"{name}_port") for name in ("shell", "iopub", "stdin", "hb", "control")}

    def start(self) -> None:
        """Serve until the kernel is shut down."""
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
            return
