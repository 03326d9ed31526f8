"""The result of a signature check as PDF. Every word comes from the caller."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from workflow.adapters.render.typesetting import typeset

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBlock:
    """One signature: its sentence, what is wrong with it, facts for everybody and details for experts."""

    heading: str
    word: str
    tone: str
    reasons: tuple[str, ...]
    rows: Rows
    details: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """A whole result. `tone`: good, warn, bad or plain. `states`: the file's saved states, four cells each."""

    office: str
    language: str
    title: str
    file: str
    word: str
    tone: str
    sentence: str
    reasons: tuple[str, ...]
    paper_title: str
    paper: Rows
    blocks: tuple[CheckBlock, ...]
    states_title: str
    states_head: tuple[str, str, str, str]
    states: tuple[tuple[str, str, str, str], ...]
    details_title: str
    details: Rows
    footer: str


def render_check(report: CheckReport, *, made_at: dt.datetime) -> bytes:
    """A tagged A4 PDF."""
    return typeset("check", asdict(report), made_at=made_at, tagged=True)
