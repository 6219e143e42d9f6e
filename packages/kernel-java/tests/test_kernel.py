"""The independent suite for Jupyter kernels, on the bundle of this package."""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

import jupyter_kernel_test

BUNDLE = Path(__file__).parent.parent / "dist" / "bundle"
os.environ["JUPYTER_PATH"] = str(BUNDLE)
NEEDED = [
    "java",
    "--enable-native-access=ALL-UNNAMED",
    "--add-modules=jdk.jshell",
    "-version",
]
HAS_JAVA = (
    (BUNDLE / "runner.jar").exists()
    and shutil.which("java") is not None
    and subprocess.run(NEEDED, capture_output=True).returncode == 0
)


@unittest.skipUnless(HAS_JAVA, "this machine has no JDK that is new enough")
class JavaTests(jupyter_kernel_test.KernelTests):
    """The kernel ``java``."""

    kernel_name = "java"
    language_name = "java"
    file_extension = ".jshell"
    code_hello_world = 'System.out.print("hello, world");'
    code_stderr = 'System.err.println("oops");'
    code_page_something = ""
    code_generate_error = 'throw new Exception("x");'
    code_inspect_sample = "Math.max"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "List.of(1, 2)", "mime": "application/json", "result": [1, 2]},
    ]
    code_display_data = [
        {"code": 'kb_html("<b>x</b>");', "mime": "text/html"},
        {"code": 'kb_svg("<svg/>");', "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "Math.ma", "matches": {"max("}},
        {"text": "Collectors.toLi", "matches": {"toList()"}},
    ]
    complete_code_samples = ["1", "int f() {\n  return 1;\n}", "int a = 1; int b = 2;"]
    incomplete_code_samples = ["int f() {", "List.of(1,", "/* open"]
    invalid_code_samples = ["int a = ];", "int b = = 2;"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*"
