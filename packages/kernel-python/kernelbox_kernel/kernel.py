"""The kernel: runs cells one after the other and answers questions about their variables."""

import os
import signal
import sys
import threading
from contextlib import ExitStack
from typing import Any, TextIO

from ipykernel.ipkernel import IPythonKernel
from IPython.core.compilerop import CachingCompiler
from IPython.core.error import StdinNotImplementedError
from traitlets import Type

from kernelbox_kernel.fork_losses import FileDescriptors, losses_of_a_fork
from kernelbox_kernel.forking import Birth, ForkedChild, fork
from kernelbox_kernel.interrupts import Interrupts
from kernelbox_kernel.module_list import empty_module_list
from kernelbox_kernel.out_stream import OutStream
from kernelbox_kernel.run_settings import RunSettings, process_settings
from kernelbox_kernel.shell import ZMQInteractiveShell, safe_str
from kernelbox_kernel.stdin import (
    NO_STDIN,
    fail_without_stdin,
    line_from,
    replaced_stdin,
    stdin_from_lines,
    stdin_from_text,
)
from kernelbox_kernel.variables import describe_variables

VARIABLES_REQUEST = "kernelbox_variables_request"
FORK_REQUEST = "kernelbox_fork_request"


class Kernel(IPythonKernel):
    """ipykernel's kernel with settings per run, exact interrupts and a list of variables."""

    shell_class = Type(ZMQInteractiveShell)
    # Cells are `<ipython-input-1-…>`, not files in a temporary directory that do not exist.
    compiler_class = Type(CachingCompiler)

    def __init__(self, **options: Any) -> None:
        with empty_module_list():
            super().__init__(**options)
        self.shell_handlers[VARIABLES_REQUEST] = self.variables_request
        self.shell_handlers[FORK_REQUEST] = self.fork_request
        # In a forked process the shell was there before this kernel.
        self.shell.kernel = self
        self.shell.parent = self
        self._interrupts = Interrupts()
        self._pid = os.getpid()
        self._run_stdin: TextIO | None = None
        self._takes_text = False
        self.output_streams: tuple[OutStream, ...] = ()
        self.descriptors: FileDescriptors | None = None

    def start(self) -> None:
        """Start to answer."""
        self.debugpy_stream = None
        super().start()

    # --- running a cell -----------------------------------------------------------------------------------------

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: dict[str, str] | None = None,
        allow_stdin: bool = False,
        *,
        cell_meta: dict[str, Any] | None = None,
        cell_id: str | None = None,
    ) -> dict[str, Any]:
        """Run a cell; the reply's content comes back whatever the code does."""
        shell = self.shell
        shell._last_traceback = None
        shell._last_traceback_during_displayhook = False
        shell.last_error = None
        settings = RunSettings.from_metadata(cell_meta)
        failed: BaseException | None = None
        try:
            with ExitStack() as stack:
                stack.enter_context(process_settings(settings))
                stack.enter_context(replaced_stdin(self._stdin_of(settings, allow_stdin)))
                self._forward_input(allow_stdin)
                stack.callback(self._restore_input)
                result = await self._run_cell(code, silent, store_history, cell_meta, cell_id)
            failed = result.error_before_exec or result.error_in_exec
            success = result.success and not shell._last_traceback_during_displayhook
        except (Exception, KeyboardInterrupt) as error:
            # Out of what surrounds the user's code: an impossible variable name, an interrupt between two steps.
            shell.fail(error)
            failed, success = error, False
        if os.getpid() != self._pid:
            end_forked_child(failed)
        for stream in self.output_streams:
            stream.drain_pipe()
        reply = self._reply(success, failed, user_expressions)
        self._run_stdin = None
        return reply

    async def _run_cell(
        self, code: str, silent: bool, store_history: bool, cell_meta: dict[str, Any] | None, cell_id: str | None
    ) -> Any:
        shell = self.shell
        options: dict[str, Any] = {"store_history": store_history, "silent": silent}
        options |= {"cell_id": cell_id, "cell_meta": cell_meta}
        syntax_error = None
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            transformed, syntax_error = code, sys.exc_info()
        parsed = {"transformed_cell": transformed, "preprocessing_exc_tuple": syntax_error}
        if not shell.should_run_async(code, **parsed):
            with self._interrupts.raising():
                return shell.run_cell(code, **options)
        result = None
        try:
            result = await self._interrupts.run(shell.run_cell_async(code, **parsed, **options))
        finally:
            with self._interrupts.raising():
                shell.events.trigger("post_execute")
                if not silent:
                    shell.events.trigger("post_run_cell", result)
        return result

    def _reply(self, success: bool, failed: BaseException | None, user_expressions: dict[str, str] | None) -> dict:
        shell = self.shell
        reply: dict[str, Any] = {"status": "ok" if success else "error", "user_expressions": {}}
        if success:
            with self._interrupts.raising():
                reply["user_expressions"] = shell.user_expressions(user_expressions or {})
        else:
            name, message = shell.last_error or (type(failed).__name__, safe_str(failed))
            reply |= {"ename": name, "evalue": message, "traceback": shell._last_traceback or []}
        reply["execution_count"] = shell.execution_count - 1
        reply["payload"] = shell.payload_manager.read_payload()
        shell.payload_manager.clear_payload()
        return reply

    def pre_handler_hook(self) -> None:
        """Take SIGINT over for as long as a cell runs."""
        if threading.current_thread() is not threading.main_thread():
            return
        executes = self.get_parent("shell").get("header", {}).get("msg_type") == "execute_request"
        handler = self._interrupts.handle if executes else signal.default_int_handler
        self.saved_sigint_handler = signal.signal(signal.SIGINT, handler)

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False

    # --- stdin --------------------------------------------------------------------------------------------------

    def _stdin_of(self, settings: RunSettings, allow_stdin: bool) -> TextIO:
        self._takes_text = settings.stdin is not None
        if settings.stdin is not None:
            stream = stdin_from_text(settings.stdin)
        elif allow_stdin:
            stream = stdin_from_lines(self._asked_line)
        else:
            stream = stdin_from_lines(fail_without_stdin)
        self._run_stdin = stream
        return stream

    def _asked_line(self) -> bytes:
        try:
            return (super().raw_input("") + "\n").encode("utf-8", "surrogateescape")
        except EOFError:
            return b""

    def raw_input(self, prompt: object = "") -> str:
        """Be :func:`input`: ask the client, or read the run's text."""
        if self._takes_text or sys.stdin is not self._run_stdin:
            sys.stdout.flush()
            return line_from(sys.stdin)
        if not self._allow_stdin:
            raise StdinNotImplementedError(NO_STDIN)
        return super().raw_input(str(prompt))

    def getpass(self, prompt: str = "", stream: TextIO | None = None, **options: Any) -> str:
        """Be :func:`getpass.getpass`."""
        if self._takes_text:
            return line_from(sys.stdin)
        if not self._allow_stdin:
            raise StdinNotImplementedError(NO_STDIN)
        return super().getpass(prompt, stream, **options)

    # --- variables ----------------------------------------------------------------------------------------------

    async def variables_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Answer ``kernelbox_variables_request`` with the user's variables."""
        hidden = self.shell.user_ns_hidden
        content = {"status": "ok", "variables": describe_variables(self.shell.user_ns, hidden)}
        self.session.send(stream, "kernelbox_variables_reply", content, parent, ident)

    # --- forks --------------------------------------------------------------------------------------------------

    async def fork_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Answer ``kernelbox_fork_request``: a copy of this process becomes a kernel with the same variables.

        The content has the ``connection_file`` and ``output`` of a :class:`Birth`, or its ``socket`` for a checkpoint.
        """
        content = parent["content"]
        losses = losses_of_a_fork(self)
        for output in self.output_streams:
            output.flush()
        try:
            birth = Birth(**content)
            pid = fork(birth)
        except (OSError, TypeError) as error:
            reply = {"status": "error", "ename": type(error).__name__, "evalue": safe_str(error), "traceback": []}
        else:
            if pid is None:
                raise ForkedChild(birth)
            reply = {"status": "ok", "pid": pid, "losses": losses}
        self.session.send(stream, "kernelbox_fork_reply", reply, parent, ident)


def end_forked_child(error: BaseException | None) -> None:
    """End a child that the code forked and that came out of the cell: the kernel is the parent, and there is one."""
    sys.stdout.flush()
    sys.stderr.flush()
    if isinstance(error, SystemExit):
        code = error.code
        os._exit(code if isinstance(code, int) else int(code is not None))
    os._exit(0 if error is None else 1)
