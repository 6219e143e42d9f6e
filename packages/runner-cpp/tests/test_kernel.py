"""The independent suite for Jupyter kernels, on the bundle of this package."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import jupyter_kernel_test

PACKAGE = Path(__file__).parent.parent
BUILT = PACKAGE.parent.parent / "node_modules" / ".kernelbox" / "runner-cpp"
HAS_CLANG = Path("/usr/lib/llvm-19/include/clang/Interpreter/Interpreter.h").exists() and all(
    shutil.which(command) is not None for command in ("g++", "make")
)


def setUpModule() -> None:
    """Build the program that runs cells, and put it into a copy of the bundle."""
    if not HAS_CLANG:
        return
    # That takes minutes, so what is built is kept.
    subprocess.run(["make", "-s", "-j2", "-C", PACKAGE / "runner", f"OUT={BUILT}"], check=True)
    bundle = Path(tempfile.mkdtemp(prefix="runner-cpp-")) / "bundle"
    unittest.addModuleCleanup(shutil.rmtree, bundle.parent)
    shutil.copytree(PACKAGE / "dist" / "bundle", bundle)
    (bundle / "bin").mkdir()
    shutil.copy(BUILT / "kernelbox-cpp", bundle / "bin")
    shutil.copytree(PACKAGE / "runner" / "include", bundle / "bin" / "include")
    for language in ("c", "cpp"):
        arguments = ["--precompile", f"include/prelude-{language}.h", f"prelude-{language}.pch"]
        subprocess.run(["./kernelbox-cpp", "--language", language, *arguments], cwd=bundle / "bin", check=True)
    os.environ["JUPYTER_PATH"] = str(bundle)


@unittest.skipUnless(HAS_CLANG, "this machine has no LLVM 19 to build the kernel with")
class CppTests(jupyter_kernel_test.KernelTests):
    """The kernel ``cpp``."""

    kernel_name = "cpp"
    language_name = "cpp"
    file_extension = ".cpp"
    code_hello_world = 'std::cout << "hello, world";'
    code_stderr = 'std::cerr << "oops";'
    code_page_something = ""
    code_generate_error = 'throw std::runtime_error("x");'
    code_inspect_sample = "std::sort"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "std::vector<int>{1, 2}", "mime": "application/json", "result": [1, 2]},
    ]
    code_display_data = [
        {"code": 'kb::html("<b>x</b>");', "mime": "text/html"},
        {"code": 'kb::svg("<svg/>");', "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "std::accumu", "matches": {"accumulate"}},
        {"text": "kb::mark", "matches": {"markdown"}},
    ]
    complete_code_samples = ["1", "int f() {\n  return 1;\n}", "struct S { int x; };"]
    incomplete_code_samples = ["int f() {", "f(1,", "/* open", 'auto x = R"(a']
    invalid_code_samples = ["int x = ];", "1 +* / 2;"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*"


@unittest.skipUnless(HAS_CLANG, "this machine has no LLVM 19 to build the kernel with")
class CTests(jupyter_kernel_test.KernelTests):
    """The kernel ``c``."""

    kernel_name = "c"
    language_name = "c"
    file_extension = ".c"
    code_hello_world = 'printf("hello, world");'
    code_stderr = 'fputs("oops", stderr);'
    code_page_something = ""
    code_generate_error = "abort();"
    code_inspect_sample = "printf"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "int list[] = {1, 2}; list", "result": "{1, 2}"},
    ]
    code_display_data = [
        {"code": 'kb_html("<b>x</b>");', "mime": "text/html"},
        {"code": 'kb_svg("<svg/>");', "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "strncp", "matches": {"strncpy"}},
        {"text": "kb_mark", "matches": {"kb_markdown"}},
    ]
    complete_code_samples = ["1", "int f(void) {\n  return 1;\n}", "struct s { int x; };"]
    incomplete_code_samples = ["int f(void) {", "f(1,", "/* open"]
    invalid_code_samples = ["int x = ];", "1 +* / 2;"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*"
