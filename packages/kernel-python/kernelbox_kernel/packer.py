"""How messages become bytes."""

import json
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_client.session import json_packer


def pack(value: Any) -> bytes:
    """Make JSON; text that no UTF-8 can hold (half of a surrogate pair) is escaped instead of losing the message."""
    try:
        return json_packer(value)
    except UnicodeEncodeError:
        return json.dumps(value, default=json_default, ensure_ascii=True, allow_nan=False).encode("ascii")
