"""The base of our formatters."""

import logging
import warnings
from typing import Any

from IPython.core.formatters import BaseFormatter

_log = logging.getLogger(__name__)


class QuietFormatter(BaseFormatter):
    """Adds a representation where it can; a value that it cannot represent is shown without it."""

    def __call__(self, obj: Any) -> Any:
        """Represent an object, or return ``None``."""
        if not self.enabled:
            return None
        try:
            with warnings.catch_warnings():
                # What a library says while we look at a value is not about the user's code.
                warnings.simplefilter("ignore")
                return self.represent(obj)
        except Exception:
            _log.debug("no %s of a %s", self.format_type, type(obj).__name__, exc_info=True)
            return None

    def represent(self, value: Any) -> Any:
        """Represent a value, or return ``None``; may raise."""
        raise NotImplementedError
