"""Every word on the screen exists in Vietnamese, with the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract

from workflow.services import notice_texts, report_texts
from workflow.web import i18n
from workflow.web.i18n import CATALOGUES, N_
from workflow.web.labels import LABELS, context_of

WEB = Path(i18n.__file__).parent
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def used() -> Iterator[tuple[str, str, str]]:
    """(context, message id, where) of every text in our Python files and templates."""
    for pattern, method in (("*.py", "python"), ("*.html", "jinja2.ext:babel_extract")):
        for path in sorted(WEB.rglob(pattern)):
            if "node_modules" in path.parts:
                continue
            with path.open("rb") as stream:
                for line, message, _comments, context in extract(method, stream, KEYWORDS):  # type: ignore[arg-type]
                    first = message if isinstance(message, str) else message[0]
                    yield context or "", first, f"{path.relative_to(WEB)}:{line}"
    yield from ((notice_texts.CONTEXT, text, "services/notice_texts.py") for text in notice_texts.texts())
    yield from ((report_texts.CONTEXT, text, "services/report_texts.py") for text in report_texts.texts())
    for kind, words in LABELS.items():
        yield from ((context_of(kind), text, "labels.py") for text in words.values())


def test_every_text_is_translated() -> None:
    """A text that a page uses and no `.po` file knows is named with its place."""
    known = CATALOGUES["vi"].texts
    missing = sorted({f"{where}: {text!r}" for context, text, where in used() if (context, text) not in known})
    assert missing == []


def test_placeholders_match() -> None:
    """A translation fills in exactly what its original fills in."""
    wrong = [
        f"{msgid!r} → {text!r}"
        for (_context, msgid), text in CATALOGUES["vi"].texts.items()
        if set(_PLACEHOLDER.findall(msgid)) - {"n"} != set(_PLACEHOLDER.findall(text)) - {"n"}
    ]
    assert wrong == []


def test_no_text_is_translated_twice_differently() -> None:
    """Two features that use one text use one translation."""
    assert CATALOGUES["vi"].clashes == []


def test_every_member_of_every_labelled_enumeration_has_a_word() -> None:
    """A new state, action or role cannot be shown without a word for it."""
    missing = [f"{kind.__name__}.{one.name}" for kind, words in LABELS.items() for one in kind if one not in words]
    assert missing == []


def test_marking_changes_nothing() -> None:
    """`N_` only marks: the id itself stays what the catalogue is asked for."""
    assert N_("Desk") == "Desk"


def test_people_are_addressed_in_one_way() -> None:
    """Ông/bà, as offices write; never bạn or anh/chị."""
    other = re.compile(r"\b(bạn|anh/chị)\b", re.IGNORECASE)
    assert [text for text in CATALOGUES["vi"].texts.values() if other.search(text)] == []


def test_people_are_asked_in_one_way() -> None:
    """Xin, or the bare verb, as the glossary says; never hãy, and never xin twice in one request."""
    other = re.compile(r"\bhãy\b|\bvui lòng\b|\bxin xin\b", re.IGNORECASE)
    assert [text for text in CATALOGUES["vi"].texts.values() if other.search(text)] == []
