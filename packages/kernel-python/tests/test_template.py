"""Kernels that are forked from a process that has imported for all of them."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from tests.connections import connected, new_connection


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


SHELL_STATE = """
import json, logging, os, sys
shell = get_ipython()
print(json.dumps({
    "names": sorted(globals()),
    "hidden": sorted(shell.user_ns_hidden),
    "places": [shell.starting_dir, str(_dh[0]), os.getcwd(), shell.home_dir],
    "environment": [os.environ[name] for name in ("TERM", "PAGER", "GIT_PAGER", "MPLBACKEND")],
    "profile": [shell.profile_dir.location.endswith(f"-{os.getpid()}"), shell.ipython_dir.endswith(f"-{os.getpid()}")],
    "count": shell.execution_count,
    "main": sys.modules["__main__"] is shell.user_module,
    "formats": sorted(shell.display_formatter.formatters),
    "extensions": sorted(shell.extension_manager.loaded),
    "callbacks": {name: [call.__qualname__ for call in calls] for name, calls in shell.events.callbacks.items()},
    "magics": {kind: sorted(names) for kind, names in shell.magics_manager.magics.items()},
    "configurables": sorted(type(each).__name__ for each in shell.configurables),
    "compiler": type(shell.compile).__name__,
    "streams": [type(shell._orig_sys_module_state[name]).__name__ for name in ("stdout", "stderr")],
    "log": [len(shell.parent.parent.log.handlers), shell.parent.parent.log.level],
}))
"""


def test_the_shell_of_a_forked_kernel_is_that_of_a_kernel_started_alone(template, fresh_kernel, tmp_path):
    template.wait_until_imported()
    alone = json.loads(fresh_kernel.run(SHELL_STATE).text())
    forked = json.loads(template.fork().run(SHELL_STATE).text())
    assert forked == alone
    assert forked["places"][:3] == [str(tmp_path)] * 3
    assert forked["profile"] == [True, True]


def test_what_the_template_imported_stays_when_a_kernel_is_reset(template):
    template.wait_until_imported()
    kernel = template.fork()
    kernel.run("import this; x = 1")
    assert "culling" in kernel.run("%reset -f --aggressive").text()
    code = "import sys; print('x' in globals(), 'this' in sys.modules, 'pandas' in sys.modules)"
    assert kernel.run(code).text() == "False False True\n"
    assert kernel.run("import pandas; pandas.Series([1, 2]).sum()").results()[0]["text/plain"] == "np.int64(3)"


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


def test_a_template_ends_when_whoever_started_it_is_gone(tmp_path):
    template = Template(tmp_path, ["json"])
    template.wait_until_imported()
    template.connection.shutdown(socket.SHUT_RDWR)
    template.close()
    assert template.process.returncode == 0
