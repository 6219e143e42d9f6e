"""The independent suite for Jupyter kernels, on the bundle of this package."""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

import jupyter_kernel_test

os.environ["JUPYTER_PATH"] = str(Path(__file__).parent.parent / "dist" / "bundle")
NEEDED = "exit(extension_loaded('pcntl') && extension_loaded('posix') && PHP_VERSION_ID >= 80200 ? 0 : 1);"
HAS_PHP = shutil.which("php") is not None and subprocess.run(["php", "-r", NEEDED]).returncode == 0


@unittest.skipUnless(HAS_PHP, "this machine has no PHP that is new enough")
class PhpTests(jupyter_kernel_test.KernelTests):
    """The kernel ``php``."""

    kernel_name = "php"
    language_name = "php"
    file_extension = ".php"
    code_hello_world = "echo 'hello, world';"
    code_stderr = "fwrite(STDERR, 'oops');"
    code_page_something = ""
    code_generate_error = "throw new Exception('x');"
    code_inspect_sample = "str_replace"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2]", "mime": "application/json", "result": [1, 2]},
    ]
    code_display_data = [
        {"code": "kb_html('<b>x</b>');", "mime": "text/html"},
        {"code": "kb_svg('<svg/>');", "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "str_rep", "matches": {"str_repeat", "str_replace"}},
        {"text": "array_ma", "matches": {"array_map"}},
    ]
    complete_code_samples = ["1", "function f() {\n  return 1;\n}", "$a = `ls`;"]
    incomplete_code_samples = ["function f() {", "[1,", "/* open"]
    invalid_code_samples = ["$a = ]", "1 +* 2"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*"
