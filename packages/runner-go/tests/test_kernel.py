"""The independent suite for Jupyter kernels, on the bundle of this package."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import jupyter_kernel_test

PACKAGE = Path(__file__).parent.parent
HAS_GO = shutil.which("go") is not None


def setUpModule() -> None:
    """Build the program that runs cells, in a copy of the bundle."""
    if not HAS_GO:
        return
    bundle = Path(tempfile.mkdtemp(prefix="runner-go-")) / "bundle"
    unittest.addModuleCleanup(shutil.rmtree, bundle.parent)
    shutil.copytree(PACKAGE / "dist" / "bundle", bundle)
    (bundle / "bin").mkdir()
    subprocess.run(["sh", PACKAGE / "runner" / "build.sh", bundle / "bin" / "kernelbox-go"], check=True)
    os.environ["JUPYTER_PATH"] = str(bundle)


@unittest.skipUnless(HAS_GO, "this machine has no Go to build the kernel with")
class GoTests(jupyter_kernel_test.KernelTests):
    """The kernel ``go``."""

    kernel_name = "go"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'fmt.Print("hello, world")'
    code_stderr = 'fmt.Fprint(os.Stderr, "oops")'
    code_page_something = ""
    code_generate_error = 'panic("x")'
    code_inspect_sample = "strings.Repeat"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[]int{1, 2}", "mime": "application/json", "result": [1, 2]},
    ]
    code_display_data = [
        {"code": 'kb.HTML("<b>x</b>")', "mime": "text/html"},
        {"code": 'kb.SVG("<svg/>")', "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "strings.Rep", "matches": {"Repeat", "Replace", "ReplaceAll", "Replacer"}},
        {"text": "fmt.Fpr", "matches": {"Fprint", "Fprintf", "Fprintln"}},
    ]
    complete_code_samples = ["1", "func f() int {\n\treturn 1\n}", "x := `a`"]
    incomplete_code_samples = ["func f() {", "f(1,", "/* open", "x := `a"]
    invalid_code_samples = ["x := ]", "1 +* / 2"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*"
