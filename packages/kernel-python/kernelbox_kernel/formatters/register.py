"""Adds the formatters to a shell."""

from typing import Any

from kernelbox_kernel.formatters.chart import ChartFormatter
from kernelbox_kernel.formatters.figure import png_from_figure
from kernelbox_kernel.formatters.image import jpeg_from_image
from kernelbox_kernel.formatters.string import StringFormatter
from kernelbox_kernel.formatters.table import TableFormatter


def register_formatters(shell: Any) -> None:
    """Add the formatters; no library of the user is imported for it."""
    display = shell.display_formatter
    for formatter in (StringFormatter, TableFormatter, ChartFormatter):
        added = formatter(parent=display)
        # After IPython's own: a chart can be read only from a figure that was drawn.
        display.formatters[added.format_type] = added
    display.formatters["image/png"].for_type_by_name("matplotlib.figure", "Figure", png_from_figure)
    display.formatters["image/jpeg"].for_type_by_name("PIL.Image", "Image", jpeg_from_image)
