"""Slips of parts that several people write: of an incoming document (Phiếu giải quyết văn bản đến, Decree
30/2020/NĐ-CP, Annex IV) and of an outgoing one (Phiếu trình)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from workflow.adapters.render.typesetting import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPart:
    """One part: its lines (title, words; without a title over the whole width), who wrote it and when.

    Where nothing was written yet there stand dotted lines for the pen.
    """

    title: str
    rows: tuple[tuple[str, str], ...]
    by: str = ""
    day: str = ""
    signed: bool = True
    """Whether somebody's name stands below, or a line for it; not under plain facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """All words are the caller's, in Vietnamese or English (`language`)."""

    language: str
    superior: str
    agency: str
    title: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[SlipPart, ...]
    footer: str = ""


def render_slip(slip: Slip, *, made_at: dt.datetime) -> bytes:
    """An A4 page, more where an opinion is long."""
    return typeset("slip", asdict(slip), made_at=made_at, tagged=True)
