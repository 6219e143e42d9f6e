import pytest


def variables(kernel):
    message = kernel.client.session.msg("kernelbox_variables_request", {})
    kernel.client.shell_channel.send(message)
    while True:
        reply = kernel.client.get_shell_msg(timeout=20)
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            assert reply["content"]["status"] == "ok"
            return {item["name"]: item for item in reply["content"]["variables"]}


def test_only_the_users_variables_are_listed(fresh_kernel):
    assert variables(fresh_kernel) == {}
    fresh_kernel.run("x = 41\n_private = 1\n'shown'")
    assert variables(fresh_kernel) == {"x": {"name": "x", "type": "int", "repr": "41", "size": 28}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("'a' * 10_000", "'aaa"),
        ("list(range(10**6))", "[0, 1, 2"),
        ("10 ** 5000", "1"),
        ("{'k': [1, 2]}", "{'k': [1, 2]}"),
        ("len", "<built-in function len>"),
    ],
)
def test_representations_are_short(kernel, value, expected):
    kernel.run(f"value = {value}")
    text = variables(kernel)["value"]["repr"]
    assert len(text) <= 80
    if value != "10 ** 5000":
        assert text.startswith(expected)


def test_a_repr_that_raises_or_hangs_does_no_harm(kernel):
    kernel.run(
        """
class Raises:
    def __repr__(self): raise RuntimeError
class Hangs:
    def __repr__(self):
        while True:
            try:
                while True: pass
            except Exception: pass
raises, hangs, nested = Raises(), Hangs(), [Hangs()]
"""
    )
    listed = variables(kernel)
    assert listed["raises"]["repr"] == "<Raises object>"
    assert listed["hangs"]["repr"] == "<Hangs object>"
    assert listed["nested"]["repr"] == "[<Hangs object>]"


def test_arrays_and_frames_are_summed_up(kernel):
    kernel.run("import numpy as np, pandas as pd\na = np.zeros((1000, 3))\nf = pd.DataFrame(a)", timeout=60)
    listed = variables(kernel)
    assert (listed["a"]["repr"], listed["a"]["size"]) == ("ndarray (1000, 3) float64", 24000)
    assert listed["f"]["repr"] == "DataFrame (1000 rows × 3 columns)"
