"""Kernels that are copies of kernels."""

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import time

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import write_connection_file

from tests.conftest import Kernel


def connected(connection_file):
    client = BlockingKernelClient(connection_file=str(connection_file))
    client.load_connection_file()
    client.start_channels()
    kernel = Kernel(None, client)
    # A subscription may reach the kernel after the first answer was published.
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(queue.Empty):
            kernel.run("", timeout=1)
            return kernel
    raise AssertionError("the forked kernel does not answer")


def new_connection(directory):
    file, _ = write_connection_file(str(directory / f"kernel-{time.monotonic_ns()}.json"))
    return file


class Fork:
    def __init__(self, kernel, directory):
        self.file = new_connection(directory)
        content = {"connection_file": self.file, "output": self.file + ".out"}
        message = kernel.client.session.msg("kernelbox_fork_request", content)
        kernel.client.shell_channel.send(message)
        while True:
            reply = kernel.client.get_shell_msg(timeout=20)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                break
        self.reply = reply["content"]
        assert self.reply["status"] == "ok", self.reply
        self.kernel = connected(self.file)

    def close(self):
        self.kernel.client.stop_channels()
        os.kill(self.reply["pid"], 9)


@pytest.fixture
def fork_of(tmp_path):
    forks = []

    def make(kernel):
        forks.append(Fork(kernel, tmp_path))
        return forks[-1]

    yield make
    for fork in forks:
        fork.close()


def test_variables_functions_and_generators_carry_over(fresh_kernel, fork_of):
    fresh_kernel.run("x = [1]\ndef double(): return [2 * n for n in x]\ng = (n for n in range(9)); next(g)")
    fork = fork_of(fresh_kernel).kernel
    assert fork.run("x.append(2); print(double(), next(g))").text() == "[2, 4] 1\n"
    assert fresh_kernel.run("print(double(), next(g))").text() == "[2] 1\n"


def test_results_errors_and_the_count_go_on(fresh_kernel, fork_of):
    fresh_kernel.run("1")
    fresh_kernel.run("2")
    fork = fork_of(fresh_kernel).kernel
    result = fork.run("_ + 1")
    assert result.results()[0]["text/plain"] == "3"
    assert result.reply["execution_count"] == 3
    assert fork.run("1/0").errors()[0]["ename"] == "ZeroDivisionError"
    assert fork.run("import os; os.system('echo from a child')").text() == "from a child\n"


def test_a_fork_of_a_fork_of_a_fork(fresh_kernel, fork_of):
    kernel = fresh_kernel
    kernel.run("path = []")
    for step in range(3):
        kernel = fork_of(kernel).kernel
        kernel.run(f"path.append({step})")
    assert kernel.run("print(path)").text() == "[0, 1, 2]\n"
    assert fresh_kernel.run("print(path)").text() == "[]\n"


def test_the_parent_may_end_first(fresh_kernel, fork_of):
    fork = fork_of(fresh_kernel)
    fresh_kernel.manager.shutdown_kernel(now=True)
    assert fork.kernel.run("print('alive')").text() == "alive\n"


def test_a_handler_of_logging_writes_to_the_fork(fresh_kernel, fork_of):
    fresh_kernel.run("import logging; logging.basicConfig(format='%(message)s'); log = logging.getLogger('mine')")
    fork = fork_of(fresh_kernel).kernel
    assert fork.run("log.warning('here')").text("stderr") == "here\n"


def test_await_input_and_plots_work_in_a_fork(fresh_kernel, fork_of):
    fresh_kernel.run("import matplotlib.pyplot as plt; plt.plot([1, 2]); import asyncio")
    fork = fork_of(fresh_kernel).kernel
    assert fork.run("await asyncio.sleep(0.01); print('waited')").text() == "waited\n"
    assert "image/png" in fork.run("plt.plot([3, 4]); plt.show()").displays()[0]


def test_openmp_works_on_both_sides(fresh_kernel, fork_of):
    code = "from sklearn.ensemble import HistGradientBoostingRegressor as R\nimport numpy as np\n"
    code += (
        "def fit(): return R(max_iter=5).fit(np.arange(4000).reshape(-1, 2), np.arange(2000)).score([[0, 1]], [0])\n"
    )
    fresh_kernel.run(code + "fit()", timeout=60)
    fork = fork_of(fresh_kernel).kernel
    for kernel in (fork, fresh_kernel):
        assert kernel.run("fit(); print('fitted')", timeout=30).text() == "fitted\n"


def test_random_numbers_go_on_as_in_the_parent(fresh_kernel, fork_of):
    fresh_kernel.run("import random, numpy; random.seed(1); numpy.random.seed(1)")
    fork = fork_of(fresh_kernel).kernel
    code = "print(random.random(), numpy.random.random())"
    assert fork.run(code).text() == fresh_kernel.run(code).text()


def test_what_a_fork_loses_is_said(fresh_kernel, fork_of):
    fresh_kernel.run(
        "import threading, socket, asyncio, time\n"
        "threading.Thread(target=time.sleep, args=(60,), name='Poller', daemon=True).start()\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "task = asyncio.get_running_loop().create_task(asyncio.sleep(60), name='Later')\n"
        "await asyncio.sleep(0)"
    )
    losses = " / ".join(fork_of(fresh_kernel).reply["losses"])
    for lost in ("thread Poller", "task Later", "tcp socket on port"):
        assert lost in losses


def test_nothing_is_lost_where_nothing_was_started(fresh_kernel, fork_of):
    assert fork_of(fresh_kernel).reply["losses"] == []


def test_children_threads_and_signals_work_in_a_fork(fresh_kernel, fork_of):
    fork = fork_of(fresh_kernel).kernel
    code = (
        "import subprocess, threading, multiprocessing, signal\n"
        "print(subprocess.run(['echo', 'child'], capture_output=True, text=True).stdout.strip())\n"
        "seen = []; t = threading.Thread(target=seen.append, args=(1,)); t.start(); t.join()\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, -2]), seen)\n"
        "try: signal.raise_signal(signal.SIGINT)\n"
        "except KeyboardInterrupt: print('interrupted')"
    )
    assert fork.run(code).text() == "child\n[1, 2] [1]\ninterrupted\n"


def with_path(directory):
    paths = [str(directory), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


class Template:
    def __init__(self, directory, modules, environment=None):
        self.directory = directory
        server = socket.socket(socket.AF_UNIX)
        path = str(directory / f"template-{time.monotonic_ns()}.sock")
        server.bind(path)
        server.listen()
        command = [sys.executable, "-m", "kernelbox_kernel.template", path, *modules]
        self.process = subprocess.Popen(command, env=environment)
        self.connection, _ = server.accept()
        server.close()
        self.control = self.connection.makefile("rwb")
        self.said = [self.hear()]

    def hear(self):
        return json.loads(self.control.readline())

    def wait_until_imported(self):
        while self.said[-1]["type"] != "imported":
            self.said.append(self.hear())

    def fork(self, **options):
        file = new_connection(self.directory)
        request = {"type": "fork", "id": "1", "connectionFile": file, "output": file + ".out", "isIndependent": True}
        request |= {"cwd": str(self.directory), "environment": dict(os.environ), **options}
        self.control.write(json.dumps(request).encode() + b"\n")
        self.control.flush()
        answer = self.hear()
        while answer["type"] not in ("forked", "failed"):
            self.said.append(answer)
            answer = self.hear()
        assert answer["type"] == "forked", answer
        return answer["pid"], connected(file)

    def close(self):
        self.control.close()
        self.connection.close()
        self.process.wait(timeout=10)


@pytest.fixture
def template(tmp_path):
    running = Template(tmp_path, ["numpy", "pandas", "matplotlib.pyplot"])
    pids = []
    fork = running.fork

    def counted(**options):
        pid, kernel = fork(**options)
        pids.append((pid, kernel))
        return kernel

    running.fork = counted
    yield running
    running.close()
    for pid, kernel in pids:
        kernel.client.stop_channels()
        os.kill(pid, 9)


def test_a_template_forks_kernels_with_its_imports(template):
    template.wait_until_imported()
    assert template.said == [{"type": "ready"}, {"type": "imported"}]
    one, two = template.fork(), template.fork()
    imported = "import sys; print([m in sys.modules for m in ('numpy', 'pandas', 'matplotlib.pyplot')])"
    for kernel in (one, two):
        assert kernel.run(imported).text() == "[True, True, True]\n"
    one.run("x = 1")
    assert two.run("'x' in globals()").results()[0]["text/plain"] == "False"


def test_a_forked_kernel_has_its_own_place_and_environment(template, tmp_path):
    (tmp_path / "sub").mkdir()
    environment = {"PATH": os.environ["PATH"], "MINE": "1", "TZ": "Pacific/Auckland"}
    kernel = template.fork(cwd=str(tmp_path / "sub"), environment=environment)
    code = "import os, time, sys\n"
    code += "print(os.getcwd(), os.environ.get('MINE'), 'HOME' in os.environ, time.tzname[0], sys.argv)"
    assert kernel.run(code).text() == f"{tmp_path / 'sub'} 1 False NZST ['']\n"


def test_random_numbers_differ_between_kernels(template):
    code = (
        "import random, numpy, uuid, tempfile, secrets, ssl, multiprocessing\n"
        "print(random.random(), numpy.random.random(), uuid.uuid4(), uuid.uuid1(), secrets.token_hex(), "
        "ssl.RAND_bytes(4), tempfile.mktemp(), multiprocessing.current_process().authkey)"
    )
    one, two = (template.fork().run(code).text().split() for _ in range(2))
    assert not set(one) & set(two)


def test_plots_are_shown_in_a_forked_kernel(template):
    kernel = template.fork()
    assert "image/png" in kernel.run("import matplotlib.pyplot as plt; plt.plot([1, 2])").displays()[0]
    frame = kernel.run("import pandas as pd; pd.DataFrame({'a': [1]})").results()[0]
    assert "application/vnd.dataresource+json" in frame


def test_what_a_template_cannot_import_is_said_and_left_out(tmp_path):
    template = Template(tmp_path, ["no_such_module", "json"])
    template.wait_until_imported()
    skipped = {"type": "skipped", "module": "no_such_module"}
    assert template.said[1] == skipped | {"message": "ModuleNotFoundError: No module named 'no_such_module'"}
    template.close()


def test_a_template_forks_while_it_still_imports(tmp_path):
    (tmp_path / "slow_module.py").write_text("import time; time.sleep(1)")
    slow = Template(tmp_path, ["slow_module"], environment=with_path(tmp_path))
    pid, kernel = slow.fork()
    assert kernel.run("import sys; print('slow_module' in sys.modules)").text() == "False\n"
    slow.wait_until_imported()
    kernel.client.stop_channels()
    os.kill(pid, 9)
    slow.close()


class Checkpoint:
    def __init__(self, kernel, directory):
        self.directory = directory
        server = socket.socket(socket.AF_UNIX)
        path = str(directory / "checkpoint.sock")
        server.bind(path)
        server.listen()
        message = kernel.client.session.msg("kernelbox_fork_request", {"socket": path})
        kernel.client.shell_channel.send(message)
        reply = kernel.client.get_shell_msg(timeout=20)
        assert reply["content"]["status"] == "ok", reply
        self.connection, _ = server.accept()
        server.close()
        self.control = self.connection.makefile("rwb")
        assert json.loads(self.control.readline()) == {"type": "ready"}

    def restore(self):
        file = new_connection(self.directory)
        request = {"type": "fork", "id": "1", "connectionFile": file, "output": file + ".out", "isIndependent": False}
        request |= {"cwd": None, "environment": None}
        self.control.write(json.dumps(request).encode() + b"\n")
        self.control.flush()
        answer = json.loads(self.control.readline())
        assert answer["type"] == "forked", answer
        return answer["pid"], connected(file)

    def close(self):
        self.control.close()
        self.connection.close()


def test_a_checkpoint_gives_the_state_back_any_number_of_times(fresh_kernel, tmp_path):
    fresh_kernel.run("x = [1]; import random; random.seed(1)")
    checkpoint = Checkpoint(fresh_kernel, tmp_path)
    fresh_kernel.run("x.append(2)")
    seen = []
    for _ in range(2):
        pid, kernel = checkpoint.restore()
        run = kernel.run("x.append(random.random()); print(x)")
        seen.append((run.text(), run.reply["execution_count"]))
        kernel.client.stop_channels()
        os.kill(pid, 9)
    checkpoint.close()
    assert seen[0] == seen[1]
    assert seen[0][0].startswith("[1, 0.")
    assert fresh_kernel.run("print(x)").text() == "[1, 2]\n"


def descriptors_of(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return children.read().split()


def test_forking_leaves_no_zombie_and_no_descriptor_behind(template):
    template.wait_until_imported()
    template.fork()
    pid = template.process.pid
    before = descriptors_of(pid)
    for _ in range(5):
        template.fork()
    assert descriptors_of(pid) == before
    assert children_of(pid) == []


def test_a_fork_is_no_child_of_the_kernel_and_no_news_to_its_code(fresh_kernel, fork_of):
    fresh_kernel.run(
        "import os, signal\nseen = []\n"
        "def reap(*_):\n"
        "    try:\n"
        "        while (found := os.waitpid(-1, os.WNOHANG))[0]: seen.append(found)\n"
        "    except ChildProcessError: pass\n"
        "signal.signal(signal.SIGCHLD, reap)"
    )
    fork = fork_of(fresh_kernel)
    assert fork.kernel.run("print(signal.getsignal(signal.SIGCHLD) is reap)").text() == "True\n"
    assert fresh_kernel.run(f"print({fork.reply['pid']} in [pid for pid, _ in seen])").text() == "False\n"


def test_limits_and_masks_are_those_of_the_parent(fresh_kernel, fork_of):
    fresh_kernel.run(
        "import resource, os, signal\nresource.setrlimit(resource.RLIMIT_NOFILE, (512, 4096)); os.umask(0o027)\n"
        "signal.signal(signal.SIGUSR1, signal.SIG_IGN)"
    )
    code = "print(resource.getrlimit(resource.RLIMIT_NOFILE), os.umask(0o027), signal.getsignal(signal.SIGUSR1).name)"
    assert fork_of(fresh_kernel).kernel.run(code).text() == "(512, 4096) 23 SIG_IGN\n"


def test_a_template_ends_when_whoever_started_it_is_gone(tmp_path):
    template = Template(tmp_path, ["json"])
    template.wait_until_imported()
    template.connection.shutdown(socket.SHUT_RDWR)
    template.close()
    assert template.process.returncode == 0
