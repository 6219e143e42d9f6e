import signal

import pytest

CELLS = {
    "computing": "print('go'); end = 0\nwhile True: pass",
    "sleeping": "import time; print('go'); time.sleep(60)",
    "awaiting": "import asyncio; print('go'); await asyncio.sleep(60)",
    "computing after an await": "import asyncio; await asyncio.sleep(0); print('go')\nwhile True: pass",
    "gathering": "import asyncio\nprint('go'); await asyncio.gather(asyncio.sleep(60), asyncio.sleep(60))",
    "computing in a task": """
import asyncio
async def busy():
    print('go')
    while True: pass
await asyncio.gather(busy(), asyncio.sleep(60))
""",
    "waiting for input": "print('go'); input()",
}


@pytest.mark.parametrize("name", CELLS)
def test_one_interrupt_stops_a_cell(kernel, name):
    request = kernel.send(CELLS[name], allow_stdin=True)
    kernel.wait_for_output(request, "go")
    kernel.manager.provisioner.process.send_signal(signal.SIGINT)
    run = kernel.finish(request, timeout=5)
    assert (run.reply["status"], run.reply["ename"]) == ("error", "KeyboardInterrupt")
    assert "kernelbox_kernel" not in "\n".join(run.reply["traceback"])
    assert kernel.run("1 + 1", timeout=5).results() == [{"text/plain": "2"}]


def test_a_coroutine_may_catch_the_interrupt(kernel):
    request = kernel.send(
        "import asyncio\nprint('go')\ntry:\n    await asyncio.sleep(60)\nexcept KeyboardInterrupt:\n    print('caught')"
    )
    kernel.wait_for_output(request, "go")
    kernel.manager.provisioner.process.send_signal(signal.SIGINT)
    run = kernel.finish(request, timeout=5)
    assert run.text() == "caught\n"
    assert run.reply["status"] == "ok"


def test_an_interrupt_between_cells_changes_nothing(kernel):
    kernel.manager.provisioner.process.send_signal(signal.SIGINT)
    assert kernel.run("1 + 1").results() == [{"text/plain": "2"}]


def test_settings_are_put_back_after_an_interrupt(kernel):
    request = kernel.send("import os, time; print('go'); time.sleep(60)", metadata={"env": {"RUN": "1"}})
    kernel.wait_for_output(request, "go")
    kernel.manager.provisioner.process.send_signal(signal.SIGINT)
    kernel.finish(request, timeout=5)
    assert kernel.run("print(os.environ.get('RUN'))").text() == "None\n"
