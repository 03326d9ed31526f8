"""JSON for programs that read a command's output line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping

_LINE_ENDS = str.maketrans({end: f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"})


def as_json(plain: Mapping[str, object]) -> str:
    """One object on one line, also for readers to whom Unicode's other line ends (in names) are line ends."""
    return json.dumps(plain, ensure_ascii=False).translate(_LINE_ENDS)
