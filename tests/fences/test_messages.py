"""The table of errors: each code once, each class with a sentence, each placeholder fillable."""

from __future__ import annotations

from collections import Counter

from workflow.web.errors import STATUS, TABLE
from workflow.web.messages import by_file


def test_no_code_has_two_messages() -> None:
    """Two features that raise one code share one message."""
    counts = Counter(code for messages in by_file().values() for code in messages)
    assert [code for code, count in counts.items() if count > 1] == []


def test_every_class_has_a_sentence() -> None:
    """A code without a message still says what its class means."""
    assert {kind.__name__ for kind in STATUS} <= TABLE.keys()


def test_every_message_says_what_happened() -> None:
    """The first part is never empty, and an error status is an error status."""
    assert [
        code for code, message in TABLE.items() if not message.title or message.status not in {0, *range(400, 600)}
    ] == []
