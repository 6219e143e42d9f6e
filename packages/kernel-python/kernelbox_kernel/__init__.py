"""The Python kernel of Kernelbox: ipykernel, tuned for boxes.

Nothing is imported here: ``python -m kernelbox_kernel`` decides what is loaded, and in which order.
"""

__version__ = "0.1.0"
