"""The independent suite for Jupyter kernels, on the bundle of this package."""

import os
from pathlib import Path

import jupyter_kernel_test

os.environ["JUPYTER_PATH"] = str(Path(__file__).parent.parent / "dist" / "bundle")


class BashTests(jupyter_kernel_test.KernelTests):
    """The kernel ``bash``."""

    kernel_name = "bash"
    language_name = "bash"
    file_extension = ".sh"
    code_hello_world = "echo 'hello, world'"
    code_stderr = "echo oops >&2"
    code_page_something = ""
    code_generate_error = "false"
    code_inspect_sample = "cd"
    code_display_data = [
        {"code": "kb_html '<b>x</b>'", "mime": "text/html"},
        {"code": "kb_svg <<<'<svg/>'", "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "ech", "matches": {"echo"}},
        {"text": "echo $HOM", "matches": {"HOME"}},
    ]
    complete_code_samples = ["echo 1", "f() {\n  echo f\n}", "for i in 1 2; do echo $i; done"]
    incomplete_code_samples = ["f() {", "echo 'open", "if true; then", "cat <<X\ntext", "echo \\"]
    invalid_code_samples = ["fi", "echo )"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "echo*"
