"""`python -m tests.reading score DIR [--wrong] [--text|--scan]`: how well papers are read, field by field.

DIR holds NAME.pdf and NAME.json: `{"issuer", "number", "symbol", "date": "YYYY-MM-DD", "type": code, "subject",
"signer", "urgency"}`, a field null or missing where the paper has none; optional `"rasterised": true`, `"layout"`,
`"producer"`. `--wrong` also prints each difference;
`--text` and `--scan` take only those papers.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.reading.score import score


def main(arguments: list[str]) -> int:
    """0 where the promise holds: 95 % right over all fields, at most 1 % of the certain ones wrong."""
    options = [word for word in arguments if word.startswith("--")]
    words = [word for word in arguments if not word.startswith("--")]
    if len(words) != 2 or words[0] != "score" or not Path(words[1]).is_dir():
        print(__doc__)
        return 2
    only = next((kind for kind in ("text", "scan") if f"--{kind}" in options), "")
    return 0 if score(Path(words[1]), show_wrong="--wrong" in options, only=only) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
