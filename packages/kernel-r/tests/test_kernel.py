"""The independent suite for Jupyter kernels, on the bundle of this package."""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

import jupyter_kernel_test

os.environ["JUPYTER_PATH"] = str(Path(__file__).parent.parent / "dist" / "bundle")
NEEDED = 'q(status = if (getRversion() >= "4.3.0") 0 else 1)'
HAS_R = shutil.which("Rscript") is not None and subprocess.run(["Rscript", "-e", NEEDED]).returncode == 0


@unittest.skipUnless(HAS_R, "this machine has no R that is new enough")
class RTests(jupyter_kernel_test.KernelTests):
    """The kernel ``r``."""

    kernel_name = "r"
    language_name = "R"
    file_extension = ".r"
    code_hello_world = "cat('hello, world')"
    code_stderr = "message('oops')"
    code_page_something = ""
    code_generate_error = "stop('x')"
    code_inspect_sample = "median"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "list(1, 2)", "mime": "application/json", "result": [1, 2]},
    ]
    code_display_data = [
        {"code": "kb_html('<b>x</b>')", "mime": "text/html"},
        {"code": "plot(1)", "mime": "image/png"},
    ]
    completion_samples = [
        {"text": "medi", "matches": {"median"}},
        {"text": "stats::medi", "matches": {"stats::median"}},
    ]
    complete_code_samples = ["1", "f <- function() {\n  1\n}", "x <- 1; y <- 2"]
    incomplete_code_samples = ["f <- function() {", "c(1,", "'open"]
    invalid_code_samples = ["a <- ]", "1 + * 2"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*"
