"""Every notice tells a kind of the closed list, in words that exist in both languages."""

from __future__ import annotations

import ast
import datetime as dt
import re

import pytest

from tests.support import tree
from workflow.adapters.catalogues import LOCALES
from workflow.domain.notices import KINDS, Kind, Task, Told
from workflow.services.notice_texts import ABOUT, TEXTS, texts
from workflow.services.notice_words import say

MOMENT = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 23)
SAMPLES: dict[str, object] = {
    "how": "refused", "why": "lost",
    "verdict": "agree", "initials": "disagree", "urgency": "flash", "task": Task.SIGN, "missed": MOMENT,
    "until": MOMENT, "cut_off": MOMENT, "rooted": MOMENT, "due": MOMENT, "since": MOMENT, "day": DAY,
    "issued": DAY, "first": DAY, "last": DAY, "by_day": DAY, "remarks": [{"version": 2, "page": 3,
    "said": "Sửa Điều 2"}], "count": 14, "late": 2, "more": 12, "unsigned": 3, "found": 2, "overdue": 0,
    "old": 0, "ending": 2, "without": 1, "revoked": 0,
    "lines": [{"task": "sign", "subject": "v/v đê", "link": "/outgoing/5", "urgency": "flash",
               "clock": ["days", 2, True]}],
}  # fmt: skip


def sample(kind: Kind, *, whole: bool, secret: bool = False) -> Told:
    """A notice with everything, or with no more than it must have."""
    facts = KINDS[kind]
    names = set(facts.names if whole else facts.needs)
    names -= {"subject", "words", "reason"} - facts.needs if secret else {"secret"}
    return Told.of(kind, **{name: SAMPLES.get(name, f"<{name}>") for name in names})


def test_every_kind_has_facts_and_a_text() -> None:
    """And no text is of a kind that is not there."""
    assert set(KINDS) == set(TEXTS) == set(Kind)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_said_with_much_and_with_little(kind: Kind, language: str) -> None:
    """A subject always, no placeholder left, every fact that a reader needs."""
    for told in (sample(kind, whole=True), sample(kind, whole=False), sample(kind, whole=True, secret=True)):
        said = say(told, language)
        assert said.subject
        assert "%(" not in said.subject + said.body()
    whole = say(sample(kind, whole=True), language)
    shown = whole.subject + whole.body()
    unsaid = {"secret", *({"type_en"} if language == "vi" else {"type_vi"})}
    plain = KINDS[kind].names - unsaid - SAMPLES.keys()
    assert [name for name in sorted(plain) if f"<{name}>" not in shown] == []


def test_texts_fill_in_only_what_a_kind_has() -> None:
    """A placeholder that no kind fills would silently leave its line out."""
    known = {name for facts in KINDS.values() for name in facts.names}
    known |= {"about", "named", "mark", "type", "time", "n", "version", "page", "said", "title", "why", "next"}
    used = {name for text in texts() for name in re.findall(r"%\((\w+)\)s", text)}
    assert used <= known
    assert "subject" in ABOUT[0]


def _about_notices(node: ast.AST) -> bool:
    named = node.func if isinstance(node, ast.Call) else node.value if isinstance(node, ast.Attribute) else None
    return (isinstance(named, ast.Name) and named.id in {"Note", "Kind"}) or (
        isinstance(named, ast.Attribute) and named.attr in {"Note", "Kind"}
    )


def test_every_note_in_the_tree_tells_a_kind() -> None:
    """No `Note(` with words of its own, and each of the kinds is told somewhere."""
    notes, told = 0, set()
    for path in (*tree.python("workflow"), *tree.python("schedulers")):
        named = (node for node in ast.walk(tree.parsed(path)) if _about_notices(node))
        for node in named:  # to write every call and attribute out takes seconds
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Note", "outbox.Note"}:
                notes += 1
                names = {one.arg for one in node.keywords}
                assert "what" in names, f"{path}:{node.lineno}"
                assert not {"subject", "body"} & names, f"{path}:{node.lineno}"
            written = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            said = path.as_posix() == "workflow/services/notice_texts.py"
            if not said and re.match(r"(notices\.)?Kind\.[A-Z_]+$", written):
                told.add(written.rpartition(".")[2])
    assert notes >= 12
    assert {kind.name for kind in Kind} <= told


def test_a_secret_papers_words_are_refused() -> None:
    """Whoever forgets it when calling gets no notice written."""
    with pytest.raises(ValueError, match="secret"):
        Told.of(Kind.URGED, who="Lan", issuer="UBND", secret=True, subject="Kế hoạch phòng thủ")
    with pytest.raises(ValueError, match="secret"):
        Told.of(Kind.URGED, who="Lan", issuer="UBND", secret=True, words="về việc phòng thủ")
    with pytest.raises(ValueError, match="lacks issuer"):
        Told.of(Kind.URGED, who="Lan")
    with pytest.raises(ValueError, match="has no colour"):
        Told.of(Kind.URGED, who="Lan", issuer="UBND", colour="red")


def test_rows_of_other_times_are_shown_as_they_were_written() -> None:
    """None for a row without a code, with one of a newer version, or with too little in it."""
    assert Told.read(None, None) is None
    assert Told.read("of_the_future", {}) is None
    assert Told.read("urged", {"who": "Lan"}) is None
    assert Told.read("urged", {"who": "Lan", "issuer": "UBND"}) == Told(
        Kind.URGED, {"who": "Lan", "issuer": "UBND"}
    )
