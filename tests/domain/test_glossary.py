"""The glossary names what exists, and every word people see on the road of a document is in it."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

from workflow.domain import (
    absences,
    access,
    attachments,
    backup,
    bulk,
    bundles,
    calendar,
    certificates,
    channels,
    copies,
    corrections,
    cosigning,
    deadlines,
    dispatch,
    document_types,
    dossiers,
    escalation,
    exchange,
    file_warnings,
    freezing,
    incoming,
    indicators,
    inspections,
    journal,
    keeping,
    key_holders,
    key_minimums,
    known_keys,
    mandates,
    merkle,
    named_then,
    numbering,
    opinions,
    outside_offices,
    personal_data,
    proofs,
    rates,
    registers,
    signing_acts,
    templates,
    terms,
    unsigned_reasons,
)
from workflow.domain.boards import Change, Tree
from workflow.domain.calendar_seed import DayKind
from workflow.domain.outgoing import Action, Medium, State, Urgency
from workflow.domain.people import Capacity, Role, UnitKind
from workflow.services import checking, handover, intake, trust_changes
from workflow.services.figures import closing, recounting
from workflow.services.figures.boards import Board
from workflow.services.signing import resuming
from workflow.services.verification import causes, rechecking

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
ENUMERATIONS = (State, Action, Role, Capacity, Urgency, Medium, UnitKind)
PLACES = {
    **{kind.__name__: kind for kind in (Board, Change, Tree)},
    **{kind.__name__: kind for kind in (*ENUMERATIONS, DayKind, rates.SignRate)},
    **{module.__name__.rpartition(".")[2]: module for module in (calendar, cosigning, deadlines, document_types)},
    **{module.__name__.rpartition(".")[2]: module for module in (journal, merkle, numbering, rates)},
    **{
        module.__name__.rpartition(".")[2]: module for module in (channels, checking, intake, proofs, trust_changes)
    },
    **{
        module.__name__.rpartition(".")[2]: module
        for module in (causes, rechecking, closing, freezing, indicators, recounting, resuming, signing_acts)
    },
    **{
        module.__name__.rpartition(".")[2]: module
        for module in (
            absences,
            access,
            dossiers,
            escalation,
            exchange,
            file_warnings,
            handover,
            incoming,
            inspections,
            keeping,
            key_holders,
            key_minimums,
            known_keys,
            mandates,
            named_then,
            registers,
            terms,
            unsigned_reasons,
        )
    },
    **{
        module.__name__.rpartition(".")[2]: module
        for module in (
            attachments,
            backup,
            bulk,
            bundles,
            certificates,
            copies,
            corrections,
            dispatch,
            opinions,
            outside_offices,
            personal_data,
            templates,
        )
    },
}


def identifiers() -> list[str]:
    return re.findall(r"`([A-Za-z_]+(?:\.[A-Za-z_]+)+)`", GLOSSARY.read_text(encoding="utf-8"))


@pytest.mark.parametrize("enumeration", ENUMERATIONS)
def test_no_word_is_missing(enumeration: type[StrEnum]) -> None:
    """Every state, action, role, capacity, urgency, medium and kind of unit has its line."""
    named = set(identifiers())
    assert [member.name for member in enumeration if f"{enumeration.__name__}.{member.name}" not in named] == []


@pytest.mark.parametrize("path", sorted(set(identifiers())))
def test_every_identifier_exists(path: str) -> None:
    """Nothing in the last column is a relic."""
    first, *rest = path.split(".")
    found = PLACES[first]
    for name in rest:
        found = getattr(found, name)
    assert found is not None


def test_no_identifier_has_two_words() -> None:
    """One identifier, one line."""
    assert sorted(identifiers()) == sorted(set(identifiers()))


@pytest.mark.parametrize("enumeration", [incoming.State, incoming.Action, incoming.Part, incoming.Holder])
def test_no_word_of_an_incoming_document_is_missing(enumeration: type[StrEnum]) -> None:
    """The same for what arrives."""
    named = set(identifiers())
    assert [m.name for m in enumeration if f"incoming.{enumeration.__name__}.{m.name}" not in named] == []


GAVE_WAY = {
    "còn nợ": "giải trình phải gửi", "giải trình chưa gửi": "giải trình phải gửi", "trễ hạn": "quá hạn",
    "việc phối hợp": "phần phối hợp", "chỉ số": "chỉ tiêu", "chứng cứ": "bằng chứng",
    "hết chấp nhận": "ngừng chấp nhận", "hết được chấp nhận": "ngừng được chấp nhận",
    "người quản trị": "quản trị viên", "đầu cuối": "mục cuối",
}  # fmt: skip
"""Words that were on some page for what another page calls otherwise, and the word that stayed."""


def test_a_word_that_gave_way_stands_on_no_page() -> None:
    """One word for one thing."""
    found = []
    for path in sorted((ROOT / "workflow" / "web" / "translations" / "vi").glob("*.po")):
        for number, line in enumerate(path.read_text(encoding="utf-8").lower().splitlines(), 1):
            said = "" if line.startswith(("msgid", "#")) else line
            found += [f"{path.name}:{number}: {old} → {new}" for old, new in GAVE_WAY.items() if old in said]
    assert found == []
