"""Every reason of the verifier is told: what, why, who can mend it, and the next step, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask

from signing.reasons import Reason
from signing.titles import TITLES
from workflow.web import format
from workflow.web.i18n import CATALOGUES
from workflow.web.reasons import MEANINGS, MENDERS, REASONS, Mender
from workflow.web.verdict_words import told

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Card(SimpleNamespace):
    """A card of the page; what is not given is empty."""

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)


def test_none_is_missing_and_none_is_left_over() -> None:
    """A new reason of the library needs its words here; one that is gone takes them along."""
    assert set(MEANINGS) == {str(reason) for reason in Reason}
    assert set(TITLES) == set(Reason)


def test_terminal_and_page_say_the_same() -> None:
    """The library knows titles in English; a page shows the same sentence."""
    assert {str(reason): title for reason, title in TITLES.items()} == REASONS


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_every_part_is_a_sentence_in_both_languages(code: str) -> None:
    """English ends with a full stop, and Vietnamese is there and is not English."""
    meaning, known = MEANINGS[code], CATALOGUES["vi"].texts
    for text in (meaning.title, meaning.cause, meaning.step):
        assert text.endswith(".")
        assert known[("", text)].endswith(".")
        assert known[("", text)] != text
    assert known[("", MENDERS[meaning.who])]


def test_every_mender_is_used() -> None:
    """Nobody is listed who never can do anything."""
    assert {meaning.who for meaning in MEANINGS.values()} == set(Mender) == set(MENDERS)


def test_a_card_shows_what_to_do_next(app: Flask) -> None:
    """The part of the document page that shows one signature, with a reason known and one not."""
    body = '{"signatures":[{"field":"leader","reasons":["revocation_not_fresh","of_tomorrow"]}]}'
    with app.test_request_context():
        verdict = told(body, field="leader", conclusion="indeterminate", reason="")
        card = Card(title="x", verdict=verdict, who="Lê", at=NOW, checked_at=NOW, checks=())
        macro = app.jinja_env.get_template("documents/parts.html").make_module({"format": format}).signature
        shown = str(macro(card))
    assert "Chờ: hệ thống kiểm tra lại khi có danh sách mới." in shown
    assert "Hệ thống tự xử lý" in shown
    assert "of_tomorrow" in shown


def test_what_is_compared_digit_by_digit_is_never_masked(app: Flask) -> None:
    """A hash or a serial may hold a run of digits as long as a citizen's number; a name with one is masked."""
    signer = {
        "name": "CCCD:001088012345",
        "serial": "123456789",
        "certificate_sha256": "646dfc069027272d" + "a" * 48,
    }
    body = json.dumps({"signatures": [{"field": "leader", "verdict": "passed", "signer": signer}]})
    with app.test_request_context():
        shown = {text for _title, text in told(body, field="leader", conclusion="passed", reason="").evidence}
    assert {signer["serial"], signer["certificate_sha256"]} <= shown
    assert not any("001088012345" in text for text in shown)
