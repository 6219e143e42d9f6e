import pytest

STRING = "application/vnd.kernelbox.string"
TABLE = "application/vnd.dataresource+json"
CHART = "application/vnd.kernelbox.chart+json"


@pytest.fixture(autouse=True, scope="module")
def imports(kernel):
    code = "import pandas as pd, numpy as np, matplotlib.pyplot as plt"
    assert kernel.run(code, timeout=90).reply["status"] == "ok"


def test_a_string_also_comes_without_quotes(kernel):
    assert kernel.run("'it\\'s'").results() == [{"text/plain": '"it\'s"', STRING: "it's"}]


def test_a_data_frame_comes_as_html_text_and_rows(kernel):
    (data,) = kernel.run("pd.DataFrame({'a': [1, 2], 'b': ['x', None]})").results()
    assert set(data) == {"text/plain", "text/html", TABLE}
    table = data[TABLE]
    assert [field["name"] for field in table["schema"]["fields"]] == ["index", "a", "b"]
    assert table["data"] == [{"index": 0, "a": 1, "b": "x"}, {"index": 1, "a": 2, "b": None}]
    assert "truncated" not in table


def test_a_long_data_frame_is_cut_and_says_so(kernel):
    (data,) = kernel.run("pd.DataFrame({'a': range(5000)})").results()
    assert len(data[TABLE]["data"]) == 1000
    assert (data[TABLE]["truncated"], data[TABLE]["totalRows"]) == (True, 5000)


def test_a_wide_data_frame_stays_under_a_mebibyte(kernel):
    (data,) = kernel.run("pd.DataFrame({'a': ['x' * 10_000] * 500})").results()
    assert 50 < len(data[TABLE]["data"]) < 105
    assert data[TABLE]["truncated"] is True


@pytest.mark.parametrize(
    "code",
    [
        "pd.DataFrame([[1, 2]], columns=['a', 'a'])",
        "pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([('a', 1), ('a', 2)]))",
        "pd.DataFrame({'index': [1]}, index=pd.MultiIndex.from_tuples([(1, 2)]))",
        "pd.DataFrame({1: [float('nan')], 'd': [pd.Timestamp('2024-01-01')], 'p': [pd.Period('2024')]})",
        "pd.DataFrame({'o': [object()], 'c': [1j]})",
        "pd.DataFrame({'i': pd.cut([1, 5], 2)})",
        "pd.DataFrame()",
    ],
)
def test_unusual_data_frames_are_tables_too(kernel, code):
    (data,) = kernel.run(code).results()
    assert TABLE in data


def test_a_plot_is_one_picture_with_its_data(kernel):
    run = kernel.run("plt.plot([1, 2], [3, float('nan')]); plt.xlabel('t (s)'); plt.savefig('/dev/null'); plt.show()")
    assert run.results() == [] or all("image/png" not in data for data in run.results())
    (data,) = run.displays()
    assert data["image/png"].startswith("iVBOR")
    chart = data[CHART]
    assert (chart["type"], chart["xLabel"], chart["xUnit"]) == ("line", "t (s)", "s")
    assert chart["elements"][0]["points"] == [[1, 3], [2, None]]


def test_a_figure_as_last_expression_is_shown_once(kernel):
    run = kernel.run("fig, ax = plt.subplots()\nax.bar(['a', 'b'], [1, 2])\nfig")
    (data,) = run.results()
    assert data[CHART]["type"] == "bar"
    assert run.displays() == []


def test_a_figure_without_pyplot_is_a_picture(kernel):
    run = kernel.run("from matplotlib.figure import Figure\nf = Figure()\nf.subplots().plot([1, 2])\nf")
    (data,) = run.results()
    assert "image/png" in data


def test_a_huge_plot_is_a_picture_without_data(kernel):
    (data,) = kernel.run("plt.plot(np.arange(100_000)); plt.show()").displays()
    assert "image/png" in data
    assert CHART not in data


def test_a_picture_is_a_png(kernel):
    (data,) = kernel.run("from PIL import Image\nImage.new('RGB', (2, 2))").results()
    assert "image/png" in data
    assert "image/jpeg" not in data


def test_pictures_of_a_fresh_kernel_need_no_settings(fresh_kernel):
    run = fresh_kernel.run("import matplotlib.pyplot as plt\nplt.pie([1, 2], labels=['a', 'b'])\nNone", timeout=90)
    (data,) = run.displays()
    assert data[CHART]["type"] == "pie"
