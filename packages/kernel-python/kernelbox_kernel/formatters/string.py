"""Strings as they are, beside their quoted form."""

from typing import Any

from traitlets import ObjectName, Unicode

from kernelbox_kernel.formatters.quiet_formatter import QuietFormatter


class StringFormatter(QuietFormatter):
    """The value of a string, without quotes and escapes."""

    format_type = Unicode("application/vnd.kernelbox.string")
    print_method = ObjectName("_repr_kernelbox_string_")

    def represent(self, value: Any) -> str | None:
        """Represent plain strings only: a subclass may want to be shown as something else."""
        if type(value) is str or (isinstance(value, str) and type(value).__module__ == "numpy"):
            return str(value)
        return None
