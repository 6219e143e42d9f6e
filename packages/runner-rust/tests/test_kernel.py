"""The independent suite for Jupyter kernels, on the bundle of this package."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import jupyter_kernel_test

PACKAGE = Path(__file__).parent.parent
HAS_RUST = shutil.which("cargo") is not None


def setUpModule() -> None:
    """Build the program that runs cells, in a copy of the bundle."""
    if not HAS_RUST:
        return
    bundle = Path(tempfile.mkdtemp(prefix="runner-rust-")) / "bundle"
    unittest.addModuleCleanup(shutil.rmtree, bundle.parent)
    shutil.copytree(PACKAGE / "dist" / "bundle", bundle)
    subprocess.run(["sh", PACKAGE / "runner" / "build.sh", bundle / "bin"], check=True)
    os.environ["JUPYTER_PATH"] = str(bundle)


@unittest.skipUnless(HAS_RUST, "this machine has no Rust to build the kernel with")
class RustTests(jupyter_kernel_test.KernelTests):
    """The kernel ``rust``."""

    kernel_name = "rust"
    language_name = "rust"
    file_extension = ".rs"
    code_hello_world = 'print!("hello, world")'
    code_stderr = 'eprint!("oops")'
    code_page_something = ""
    code_generate_error = 'panic!("x")'
    # What can be inspected in an empty session needs the sources of the standard library, which not every Rust has.
    code_inspect_sample = ""
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "vec![1, 2]", "mime": "application/json", "result": [1, 2]},
    ]
    code_display_data = [
        {"code": 'kb::html("<b>x</b>")', "mime": "text/html"},
        {"code": 'kb::svg("<svg/>")', "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "prin", "matches": {"print!", "println!"}},
        {"text": "whi", "matches": {"while"}},
    ]
    complete_code_samples = ["1", "fn f() -> i32 {\n    1\n}", "let x = 'a';"]
    incomplete_code_samples = ["fn f() {", "f(1,", "/* open", 'let x = "a', "let x ="]
    invalid_code_samples = ["let x = ];", "1 +* / ;"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*"
