def text(value):
    return {"stdin": {"type": "text", "text": value}}


def test_text_is_read_line_by_line_and_then_ends(kernel):
    run = kernel.run("print([input(), input('prompt? ')])\ninput()", metadata=text("one\ntwo\n"))
    assert run.text() == "['one', 'two']\n"
    assert run.reply["ename"] == "EOFError"


def test_input_and_sys_stdin_share_the_text(kernel):
    run = kernel.run("import sys\ninput()\nprint(repr(sys.stdin.read()))", metadata=text("a\nb\nc"))
    assert run.text() == "'b\\nc'\n"


def test_bytes_of_the_text_are_there(kernel):
    run = kernel.run("import sys\nprint(sys.stdin.buffer.read())", metadata=text("ä\n"))
    assert run.text() == "b'\\xc3\\xa4\\n'\n"


def test_without_stdin_input_says_what_to_pass(kernel):
    for code in ("input()", "import sys; sys.stdin.read()", "for line in sys.stdin: pass", "sys.stdin.buffer.read()"):
        run = kernel.run(code, metadata={"stdin": {"type": "none"}})
        assert "onInput" in run.reply["evalue"], code
        assert "stdin" in run.reply["evalue"]


def test_input_reads_what_the_code_put_in_place_of_stdin(kernel):
    run = kernel.run(
        "import sys, io\nold = sys.stdin\nsys.stdin = io.StringIO('mine\\n')\nprint(input())\nsys.stdin = old",
        metadata={"stdin": {"type": "none"}},
    )
    assert run.text() == "mine\n"


def test_questions_go_to_the_client(kernel):
    request = kernel.send(
        "import sys\nprint(input('name? '), sys.stdin.readline())",
        metadata={"stdin": {"type": "ask"}},
        allow_stdin=True,
    )
    assert kernel.client.get_stdin_msg(timeout=10)["content"] == {"prompt": "name? ", "password": False}
    kernel.client.input("Ada")
    assert kernel.client.get_stdin_msg(timeout=10)["content"]["prompt"] == ""
    kernel.client.input("Lovelace")
    assert kernel.finish(request).text() == "Ada Lovelace\n\n"
