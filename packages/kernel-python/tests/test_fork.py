"""Kernels that are copies of kernels."""

import json
import os
import socket

import pytest

from tests.connections import connected, new_connection


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
    # The libraries that the first fork finds are not yet those that the second has to see to.
    fork_of(fresh_kernel)
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
