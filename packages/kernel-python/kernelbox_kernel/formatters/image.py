"""Pictures of Pillow."""

from typing import Any

_PNG_MODES = frozenset({"1", "I", "I;16", "L", "LA", "P", "RGB", "RGBA"})


def jpeg_from_image(image: Any) -> Any:
    """Give a JPEG only where there is no PNG (CMYK, say): one picture is enough."""
    return None if image.mode in _PNG_MODES else image._repr_jpeg_()
