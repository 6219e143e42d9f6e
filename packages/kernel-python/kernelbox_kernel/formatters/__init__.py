"""What a displayed value becomes, besides what IPython makes of it."""

from kernelbox_kernel.formatters.register import register_formatters

__all__ = ["register_formatters"]
