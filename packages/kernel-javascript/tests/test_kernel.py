"""The independent suite for Jupyter kernels, on the bundle of this package."""

import os
import subprocess
import tempfile
from pathlib import Path

import jupyter_kernel_test

PACKAGE = Path(__file__).parent.parent
PREFIX = tempfile.TemporaryDirectory(prefix="kernel-javascript-")


def setUpModule() -> None:  # noqa: N802
    """Install the kernels where only these tests find them."""
    install = PACKAGE / "dist" / "bundle" / "install.mjs"
    subprocess.run(["node", str(install), "install", "--prefix", PREFIX.name], check=True)
    os.environ["JUPYTER_PATH"] = f"{PREFIX.name}/share/jupyter"


def tearDownModule() -> None:  # noqa: N802
    """Remove them."""
    PREFIX.cleanup()


class JavaScriptTests(jupyter_kernel_test.KernelTests):
    """The kernel ``javascript``."""

    kernel_name = "javascript"
    language_name = "javascript"
    file_extension = ".js"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = ""
    code_generate_error = "throw new Error('x')"
    code_clear_output = "display.clear()"
    code_inspect_sample = "console.log"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "await Promise.resolve([1, 2])", "mime": "application/json", "result": [1, 2]},
    ]
    code_display_data = [
        {"code": "display.html('<b>x</b>')", "mime": "text/html"},
        {"code": "display.svg('<svg/>')", "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "conso", "matches": {"console"}},
        {"text": "Math.sq", "matches": {"sqrt"}},
    ]
    complete_code_samples = ["1", "function f() {\n  return 1;\n}", "const a = `x`"]
    incomplete_code_samples = ["function f() {", "const a = `x", "[1,"]
    invalid_code_samples = ["const = 1", "1 +* 2"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*"


class TypeScriptTests(JavaScriptTests):
    """The kernel ``typescript``."""

    kernel_name = "typescript"
    language_name = "typescript"
    file_extension = ".ts"
    code_execute_result = [{"code": "enum E { A = 42 }\n(E.A as number)", "result": "42"}]
    code_history_pattern = "enum*"
    complete_code_samples = ["1", "interface A { readonly b: number }", "const a: number = 1"]
    incomplete_code_samples = ["interface A {", "function f(a: number"]
    invalid_code_samples = ["const a: = 1"]
