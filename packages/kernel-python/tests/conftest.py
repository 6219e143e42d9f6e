import os
import time

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from kernelbox_kernel.install import kernelspec


class Run:
    """What came back for one cell."""

    def __init__(self, reply, messages):
        self.reply = reply["content"]
        self.messages = messages

    def text(self, name="stdout"):
        return "".join(m["content"]["text"] for m in self._of("stream") if m["content"]["name"] == name)

    def results(self):
        return [m["content"]["data"] for m in self._of("execute_result")]

    def displays(self):
        return [m["content"]["data"] for m in self._of("display_data")]

    def errors(self):
        return [m["content"] for m in self._of("error")]

    def _of(self, kind):
        return [m for m in self.messages if m["msg_type"] == kind]


class Kernel:
    """A running kernel, and a client of it."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient):
        self.manager = manager
        self.client = client

    def send(self, code, *, metadata=None, allow_stdin=False):
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        message = self.client.session.msg("execute_request", {**content, "allow_stdin": allow_stdin})
        message["metadata"] = {"kernelbox": metadata} if metadata else {}
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def finish(self, request, timeout=20):
        """Collect the outputs of a request until the kernel is idle, and its reply."""
        messages = []
        for message in self.outputs(request, timeout):
            messages.append(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        while (reply := self.client.get_shell_msg(timeout=timeout))["parent_header"].get("msg_id") != request:
            pass
        return Run(reply, messages)

    def outputs(self, request, timeout=20):
        deadline = time.monotonic() + timeout
        while True:
            message = self.client.get_iopub_msg(timeout=max(deadline - time.monotonic(), 0.01))
            if message["parent_header"].get("msg_id") == request:
                yield message

    def run(self, code, *, timeout=20, **options):
        return self.finish(self.send(code, **options), timeout)

    def wait_for_output(self, request, text, timeout=20):
        """Read outputs up to the one with ``text`` in it."""
        for message in self.outputs(request, timeout):
            if message["msg_type"] == "stream" and text in message["content"]["text"]:
                return message
        raise AssertionError(text)


def start_kernel(directory):
    manager = KernelManager()
    spec = kernelspec()
    manager._kernel_spec = KernelSpec(argv=spec["argv"], language="python", display_name="Python 3")
    # ipykernel captures nothing of file descriptors where it thinks that pytest does.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    manager.start_kernel(cwd=str(directory), env=environment)
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return Kernel(manager, client)


def stop_kernel(kernel):
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """One kernel for the tests of a file, with nothing in its working directory."""
    running = start_kernel(tmp_path_factory.mktemp("work"))
    yield running
    stop_kernel(running)


@pytest.fixture
def fresh_kernel(tmp_path):
    """A kernel for a test that changes or ends it."""
    running = start_kernel(tmp_path)
    yield running
    stop_kernel(running)
