"""The independent suite for Jupyter kernels, on the bundle of this package."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import jupyter_kernel_test

PACKAGE = Path(__file__).parent.parent
HAS_FORTRAN = all(shutil.which(command) is not None for command in ("gfortran", "g++", "make"))


def setUpModule() -> None:
    """Build the program that runs cells, in a copy of the bundle."""
    if not HAS_FORTRAN:
        return
    bundle = Path(tempfile.mkdtemp(prefix="runner-fortran-")) / "bundle"
    unittest.addModuleCleanup(shutil.rmtree, bundle.parent)
    shutil.copytree(PACKAGE / "dist" / "bundle", bundle)
    subprocess.run(["make", "-s", "-j2", "-C", bundle / "runner", f"OUT={bundle / 'bin'}"], check=True)
    os.environ["JUPYTER_PATH"] = str(bundle)


@unittest.skipUnless(HAS_FORTRAN, "this machine has no gfortran to build the kernel with")
class FortranTests(jupyter_kernel_test.KernelTests):
    """The kernel ``fortran``."""

    kernel_name = "fortran"
    language_name = "fortran"
    file_extension = ".f90"
    code_hello_world = "print '(a)', 'hello, world'"
    code_stderr = "use iso_fortran_env\nwrite (error_unit, *) 'oops'"
    code_page_something = ""
    code_generate_error = "error stop 'x'"
    code_inspect_sample = "matmul"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2]", "mime": "application/json", "result": [1, 2]},
    ]
    code_display_data = [
        {"code": "call kb_html('<b>x</b>')", "mime": "text/html"},
        {"code": "call kb_svg('<svg/>')", "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "call random_", "matches": {"random_init", "random_number", "random_seed"}},
        {"text": "x = matm", "matches": {"matmul"}},
    ]
    complete_code_samples = ["1", "do\n  exit\nend do", "integer :: a; a = 1"]
    incomplete_code_samples = ["do", "subroutine s()", "x = 1 + &", "if (.true.) then\n  print *, 1"]
    invalid_code_samples = ["x = = 1", "end do", "print *, 'open"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*"
