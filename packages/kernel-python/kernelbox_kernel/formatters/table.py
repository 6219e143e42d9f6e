"""Data frames as rows, by the Frictionless table schema."""

import json
import sys
from typing import Any

from traitlets import ObjectName, Unicode

from kernelbox_kernel.formatters.quiet_formatter import QuietFormatter

MAX_ROWS = 1000
MAX_BYTES = 1024 * 1024


class TableFormatter(QuietFormatter):
    """The first rows of a data frame: at most 1,000, and at most 1 MiB of JSON."""

    format_type = Unicode("application/vnd.dataresource+json")
    print_method = ObjectName("_repr_kernelbox_table_")
    _return_type = dict

    def represent(self, value: Any) -> dict[str, Any] | None:
        """Represent pandas data frames."""
        pandas = sys.modules.get("pandas")
        if pandas is None or not isinstance(value, pandas.DataFrame):
            return None
        return table_from_frame(value)


def table_from_frame(frame: Any) -> dict[str, Any]:
    """Make a data resource of a data frame.

    Returns
    -------
    dict
        ``schema``, ``data`` (one dict a row, the index included), and, where rows are missing, ``truncated`` and
        ``totalRows``.
    """
    from pandas.io.json import build_table_schema

    total = len(frame)
    head = _with_plain_names(frame.head(MAX_ROWS))
    schema = json.loads(json.dumps(build_table_schema(head, index=True), default=str))
    rows = head.reset_index()
    text = _json_of(rows)
    while len(text) > MAX_BYTES and len(rows) > 0:
        # Rows differ in size: aim a little lower, and look again.
        rows = rows.head(int(len(rows) * min(0.9, MAX_BYTES / len(text))))
        text = _json_of(rows)
    table = {"schema": schema, "data": json.loads(text)}
    return table if len(rows) == total else {**table, "truncated": True, "totalRows": total}


def _json_of(rows: Any) -> str:
    return rows.to_json(orient="records", date_format="iso", default_handler=str, force_ascii=False)


def _with_plain_names(frame: Any) -> Any:
    # A row is a JSON object: every column and index level needs a name of its own that is a string.
    frame = frame.copy(deep=False)
    taken: set[str] = set()
    frame.columns = [_unique(_name_of(label), taken) for label in frame.columns]
    levels = frame.index.names
    plain = ["index"] if len(levels) == 1 else [f"level_{number}" for number in range(len(levels))]
    names = [
        _unique(default if name is None else _name_of(name), taken) for name, default in zip(levels, plain, strict=True)
    ]
    frame.index = frame.index.set_names(names)
    return frame


def _name_of(label: Any) -> str:
    return ".".join(str(part) for part in label) if isinstance(label, tuple) else str(label)


def _unique(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    taken.add(candidate)
    return candidate
