"""The data behind a matplotlib figure."""

import enum
import math
import re
import sys
from typing import Any

from traitlets import ObjectName, Unicode

from kernelbox_kernel.formatters.quiet_formatter import QuietFormatter

# Reading a point costs about 5 µs. A picture of more of them is still a picture, but not data to send.
MAX_POINTS = 20_000


class ChartFormatter(QuietFormatter):
    """Lines, bars, points and so on of a figure, as E2B's chart types with camelCase keys."""

    format_type = Unicode("application/vnd.kernelbox.chart+json")
    print_method = ObjectName("_repr_kernelbox_chart_")
    _return_type = dict

    def represent(self, value: Any) -> dict[str, Any] | None:
        """Represent figures that have data."""
        figures = sys.modules.get("matplotlib.figure")
        if figures is None or not isinstance(value, figures.Figure) or _points_of(value) > MAX_POINTS:
            return None
        from e2b_charts import chart_figure_to_dict

        return _plain(chart_figure_to_dict(value)) or None


def _points_of(figure: Any) -> int:
    lines = sum(len(line.get_xdata(orig=False)) for axes in figure.axes for line in axes.get_lines())
    points = sum(len(points.get_offsets()) for axes in figure.axes for points in axes.collections)
    return lines + points + sum(len(axes.patches) for axes in figure.axes)


def _plain(value: Any) -> Any:
    """Make JSON of what pydantic gives: camelCase keys, no enums, no numpy, ``null`` for what is not a number."""
    if isinstance(value, dict):
        return {_camel_case(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, str):
        return str(value)
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _camel_case(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)
