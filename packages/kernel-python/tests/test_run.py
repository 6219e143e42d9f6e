import time


def test_a_cell_replies_with_its_value(kernel):
    run = kernel.run("x = 41\nx + 1")
    assert run.reply["status"] == "ok"
    assert run.results() == [{"text/plain": "42"}]


def test_an_error_names_the_cell_and_the_users_own_line(kernel):
    run = kernel.run("def f():\n    return 1 / 0\n\nf()")
    assert run.reply["ename"] == "ZeroDivisionError"
    traceback = "\n".join(run.reply["traceback"])
    assert "Cell" in traceback
    assert "line" in traceback
    assert "ipykernel" not in traceback
    assert "kernelbox_kernel" not in traceback


def test_an_exception_that_cannot_be_printed_still_ends_the_cell(kernel):
    run = kernel.run("class E(Exception):\n    def __str__(self): raise ValueError\nraise E()")
    assert run.reply["status"] == "error"


def test_a_repr_that_raises_is_an_error_with_its_own_name(kernel):
    run = kernel.run("class R:\n    def __repr__(self): raise KeyError('no')\nR()")
    assert (run.reply["status"], run.reply["ename"]) == ("error", "KeyError")
    assert kernel.run("1").reply["status"] == "ok"


def test_arguments_last_for_one_run(kernel):
    run = kernel.run("import sys; print(sys.argv)", metadata={"args": ["a", "b c"]})
    assert run.text() == "['', 'a', 'b c']\n"
    assert kernel.run("print(sys.argv)").text() == "['']\n"


def test_environment_is_put_back_also_after_an_error(kernel):
    kernel.run("import os; os.environ['KEPT'] = 'before'")
    run = kernel.run(
        "print(os.environ['KEPT'], os.environ['NEW']); os.environ['OTHER'] = 'stays'; 1/0",
        metadata={"env": {"KEPT": "during", "NEW": "1"}},
    )
    assert run.text() == "during 1\n"
    assert kernel.run("print(os.environ['KEPT'], os.environ.get('NEW'), os.environ['OTHER'])").text() == (
        "before None stays\n"
    )


def test_an_impossible_environment_is_an_error_of_the_run(kernel):
    run = kernel.run("1", metadata={"env": {"A=B": "1"}})
    assert run.reply["ename"] == "ValueError"
    assert run.errors()


def test_top_level_await_works(kernel):
    assert kernel.run("import asyncio\nawait asyncio.sleep(0.01)\n'done'").results()[0]["text/plain"] == "'done'"


def test_sys_exit_is_an_error_without_advice(kernel):
    run = kernel.run("import sys; sys.exit('over')")
    assert (run.reply["ename"], run.reply["evalue"]) == ("SystemExit", "over")
    assert run.text("stderr") == ""


def test_help_with_a_question_mark_is_output(kernel):
    shown = kernel.run("print?").displays()
    assert "Prints the values to a stream" in shown[0]["text/plain"]


def test_a_progress_bar_of_tqdm_is_text_and_advises_nothing(kernel):
    run = kernel.run("from tqdm.auto import tqdm\nfor _ in tqdm(range(3)): pass")
    assert "3/3" in run.text("stderr")
    assert "IProgress" not in run.text("stderr")


def test_an_unflushed_print_shows_while_the_cell_computes(kernel):
    request = kernel.send(
        "import time; time.sleep(.05); print(time.time()); end = time.time() + .3\nwhile time.time() < end: pass"
    )
    message = kernel.wait_for_output(request, ".")
    assert time.time() - float(message["content"]["text"]) < 0.1
    kernel.finish(request)


def test_a_character_cut_by_a_pipe_arrives_whole(kernel):
    run = kernel.run("import os, time\nb = 'ä€😀'.encode()\nfor i in b: os.write(1, bytes([i])); time.sleep(.005)")
    time.sleep(0.1)
    late = kernel.run("1")
    assert "�" not in run.text() + late.text()


def test_a_lone_surrogate_does_not_break_the_stream(kernel):
    assert "after" in kernel.run("print('\\ud800')\nprint('after')").text()


def test_a_forked_child_repeats_nothing(kernel):
    code = """
import os, multiprocessing
def work(n): print('child', n)
print('parent', end=' ')
p = multiprocessing.get_context('fork').Process(target=work, args=(1,))
p.start(); p.join()
print('end')
"""
    text = kernel.run(code).text()
    assert text.count("parent") == 1
    assert text.count("child 1") == 1


def test_a_forked_child_that_leaves_the_cell_ends(kernel):
    run = kernel.run("import os\npid = os.fork()\nif pid == 0:\n    raise SystemExit(3)\nos.waitpid(pid, 0)[1] >> 8")
    assert {"text/plain": "3"} in run.results()
    assert kernel.run("1 + 1").results() == [{"text/plain": "2"}]


def test_a_module_of_the_user_does_not_break_the_start(tmp_path):
    from conftest import start_kernel, stop_kernel

    for name in ("random", "queue", "zmq", "logging"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('shadowed')")
    kernel = start_kernel(tmp_path)
    try:
        assert kernel.run("1 + 1").results() == [{"text/plain": "2"}]
    finally:
        stop_kernel(kernel)


def test_nothing_heavy_is_imported_before_the_user_does(fresh_kernel):
    run = fresh_kernel.run(
        "import sys; print([m for m in ('debugpy', 'numpy', 'pandas', 'matplotlib', 'e2b_charts') if m in sys.modules])"
    )
    assert run.text() == "[]\n"


def test_debugpy_can_be_imported_by_the_user(fresh_kernel):
    assert fresh_kernel.run("import debugpy").reply["status"] == "ok"


def test_what_was_printed_before_an_immediate_exit_arrives(fresh_kernel):
    request = fresh_kernel.send("import os; print('last', flush=True); os._exit(7)")
    texts = (m["content"]["text"] for m in fresh_kernel.outputs(request) if m["msg_type"] == "stream")
    assert next(texts) == "last\n"


def test_what_child_processes_write_keeps_its_place_among_the_prints(kernel):
    run = kernel.run(
        "import subprocess\n"
        "for index in range(40):\n"
        "    print('before', index)\n"
        "    subprocess.run(['echo', f'child {index}'])\n"
        "    print('after', index)\n",
    )
    assert run.text() == "".join(f"before {i}\nchild {i}\nafter {i}\n" for i in range(40))


def test_a_cell_may_close_its_standard_output(kernel):
    assert kernel.run("import os; os.close(1); print('on')").text() == "on\n"
    assert kernel.run("print('still')").text() == "still\n"


def test_asking_for_the_kernels_info_draws_no_random_number(kernel):
    kernel.run("import random; random.seed(7)")
    kernel.client.kernel_info(reply=True, timeout=20)
    assert kernel.run("print(random.random())").text() == "0.32383276483316237\n"


def test_much_output_comes_in_parts_cut_between_lines(kernel):
    line = "x" * 999 + "\\n"
    run = kernel.run(f"import sys; sys.stdout.write('{line}' * 5000 + 'é' * 3_000_000)")
    texts = [message["content"]["text"] for message in run.messages if message["msg_type"] == "stream"]
    assert "".join(texts) == ("x" * 999 + "\n") * 5000 + "é" * 3_000_000
    assert max(map(len, texts)) <= 1 << 20
    assert all(text.endswith("\n") for text in texts[:4])


def test_text_and_displays_keep_their_order_without_flushes(kernel):
    run = kernel.run(
        "from IPython.display import display\nimport time\n"
        "for index in range(300):\n"
        "    print('text', index)\n"
        "    if index % 3 == 0: time.sleep(0.002)\n"
        "    display(index)\n"
    )
    seen = []
    for message in run.messages:
        if message["msg_type"] == "stream":
            seen += message["content"]["text"].splitlines()
        elif message["msg_type"] == "display_data":
            seen.append(message["content"]["data"]["text/plain"])
    assert seen == [each for index in range(300) for each in (f"text {index}", str(index))]
