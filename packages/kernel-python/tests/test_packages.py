import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kernelbox_kernel.install import install
from kernelbox_kernel.packages import is_pip, make


def wheel(directory, name, version):
    """A package of one module, which has a command, too."""
    path = directory / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}.py", f"version = '{version}'\ndef main(): print('command', version)\n")
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/entry_points.txt", f"[console_scripts]\n{name}-command = {name}:main\n")
        file.writestr(f"{info}/RECORD", "")
    return path


class Box:
    """An environment that cannot be written to, as far as pip is concerned, and a place for packages."""

    def __init__(self, directory):
        self.directory = directory
        self.base = directory / "base"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.base], check=True)
        site = next((self.base / "lib").glob("python*/site-packages"))
        # It has what this environment has: pip, and the launcher.
        (site / "zz.pth").write_text("\n".join(path for path in sys.path if path.endswith(("packages", "python"))))
        (site / "aa.pth").write_text(str(Path(__file__).parents[1]) + "\n")
        install(self.base)
        self.packages = directory / "packages"

    def python(self, *arguments, own=True):
        environment = {"PATH": os.environ["PATH"], **({"KERNELBOX_PACKAGES": str(self.packages)} if own else {})}
        run = subprocess.run(
            [self.base / "bin" / "python", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    def pip(self, *arguments):
        return self.python("-m", "pip", "--disable-pip-version-check", *arguments)


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path)


def test_pip_installs_into_the_directory_and_every_python_sees_it(box):
    pytest.importorskip("pip")
    box.pip("install", "--no-index", str(wheel(box.directory, "hello", "1.0")))
    assert box.python("-c", "import hello; print(hello.version, hello.__file__)").startswith(f"1.0 {box.packages}/")
    assert "hello" not in os.listdir(next((box.base / "lib").glob("python*/site-packages")))
    command = subprocess.run([box.packages / "bin" / "hello-command"], capture_output=True, text=True, check=True)
    assert command.stdout == "command 1.0\n"
    assert "hello" in box.pip("list")
    box.pip("uninstall", "-y", "hello")
    assert box.python("-c", "import importlib.util as u; print(u.find_spec('hello'))") == "None"


def test_a_newer_version_goes_before_that_of_the_environment(box):
    pytest.importorskip("pip")
    site = next((box.base / "lib").glob("python*/site-packages"))
    with zipfile.ZipFile(wheel(box.directory, "hello", "1.0")) as file:
        file.extractall(site)
    said = box.pip("install", "--no-index", str(wheel(box.directory, "hello", "2.0")))
    assert "outside environment" in said
    assert box.python("-c", "import hello; print(hello.version)") == "2.0"
    assert box.python("-c", "import hello; print(hello.version)", own=False) == "1.0"


def test_several_that_start_at_once_make_one_whole_environment(box):
    environment = {"KERNELBOX_PACKAGES": str(box.packages)}
    starts = [subprocess.Popen([box.base / "bin" / "python", "-c", ""], env=environment) for _ in range(8)]
    assert [start.wait() for start in starts] == [0] * 8
    names = sorted(path.name for path in box.packages.iterdir())
    assert names == ["bin", "lib", "pyvenv.cfg"]
    assert os.listdir(next((box.packages / "lib").glob("python*/site-packages"))) == ["kernelbox-base.pth"]


def test_what_another_process_made_in_between_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "lexists", lambda path: False)
    assert make(str(tmp_path)) == make(str(tmp_path))


def test_without_the_variable_or_a_place_to_write_python_is_as_it_was(box):
    paths = box.python("-c", "import sys; print(sys.path)", own=False)
    assert str(box.packages) not in paths
    box.packages.write_text("a file")
    assert box.python("-c", "import sys; print(sys.path)") == paths


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-m", "pip", "install", "x"], True),
        (["-I", "-m", "pip"], True),
        ([str(Path(sys.executable).parent / "pip3.13"), "list"], True),
        (["-m", "pipdeptree"], False),
        (["/elsewhere/pip"], False),
        (["-c", "print('-m pip')"], False),
        ([], False),
    ],
)
def test_pip_is_known_by_its_arguments(arguments, expected):
    assert is_pip(arguments) is expected
