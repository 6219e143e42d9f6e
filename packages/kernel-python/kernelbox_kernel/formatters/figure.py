"""Figures of matplotlib."""

import sys
from typing import Any


def png_from_figure(figure: Any) -> Any:
    """Draw a figure that was made without pyplot, which the inline backend therefore does not know."""
    from IPython.core.pylabtools import print_figure

    return print_figure(figure, fmt="png")


def close_shown_figure(value: Any) -> None:
    """Close a figure that was just shown as a cell's value, so that the cell's end does not show it again."""
    figures = sys.modules.get("matplotlib.figure")
    pyplot = sys.modules.get("matplotlib.pyplot")
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    if figures is None or pyplot is None or inline is None or not isinstance(value, figures.Figure):
        return
    if inline.InlineBackend.instance().close_figures and pyplot.fignum_exists(getattr(value, "number", -1)):
        pyplot.close(value)
