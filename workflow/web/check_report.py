"""The result of a check as JSON and as PDF. Nothing of it lies here: the reader's page carries it, signed by us."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

import signing
from signing.report import as_plain
from workflow.adapters.render import CheckBlock, CheckReport, render_check
from workflow.domain.corrections import Kind
from workflow.domain.errors import BadInput
from workflow.domain.text import fold, mask_personal
from workflow.services.checking import Checked, Standing
from workflow.store import copies, office
from workflow.store.models import CertifiedCopy
from workflow.web import fate_words, format
from workflow.web.check_words import SavedState, Told, told
from workflow.web.context import Current, current
from workflow.web.copy_words import form_words, original_words
from workflow.web.correction_marks import Mark, marks_for_strangers
from workflow.web.i18n import N_, _, locale
from workflow.web.issued_words import issued_facts

AN_HOUR = dt.timedelta(hours=1)
LONGEST = 300_000
"""Characters of a carried result; what is longer (hundreds of signatures) is only shown, and given as JSON."""
MOST = 1_000_000
"""Characters of a verdict that is carried: packed it may look small, unpacked it is what a report costs."""
NAME = 150
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Controls, and what turns a name round: `gpj.exe` must not read `exe.jpg`."""

STANDINGS = {
    Standing.ISSUED: N_("This is the paper that was issued here under this number."),
    Standing.EARLIER: N_(
        "This is an earlier state of the paper, before it was issued under this number. The issued one counts."
    ),
    Standing.ATTACHED: N_("This file goes with the paper that was issued here under this number."),
    Standing.COPIED: N_(
        "This is a certified copy, sealed here under this number: it has the value of the original."
    ),
    Standing.COPY_CANCELLED: N_("This certified copy was cancelled by the agency that made it. Do not rely on it."),
    Standing.NOT_ISSUED: N_(
        "This file was signed here and is not issued: it is on its way or was cancelled. Do not rely on it."
    ),
    Standing.WITHDRAWN: N_(
        "The signature of this file was withdrawn by its signer before it was issued. Do not rely on it."
    ),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """Our own document behind a file. Not issued: only that, without its number."""

    standing: Standing
    code: str = ""
    symbol: str = ""
    agency: str = ""
    type: str = ""
    signer: str = ""
    issued_at: str = ""
    marks: tuple[Mark, ...] = ()
    """What became of it since, what ends it first."""
    original: str = ""
    """Of a certified copy: of which document."""

    @property
    def gone(self) -> str:
        """`Recalled`, `Replaced`; empty where it stands."""
        return fate_words.badge(self.marks[0].kind) if self.marks and self.marks[0].ends else ""

    @property
    def said(self) -> tuple[str, ...]:
        """What became of it, a sentence each; first that it is not to be used any more, where that is so."""
        warning = (_("Do not use this document any more."),) if self.gone else ()
        return (*warning, *(mark.sentence for mark in self.marks))

    @property
    def withdrawn(self) -> bool:
        """Whether that the signature is valid is not the first thing to say."""
        return self.standing is Standing.WITHDRAWN

    @property
    def words(self) -> str:
        """Its sentence."""
        return _(STANDINGS[self.standing])

    @property
    def issued_on(self) -> dt.datetime | None:
        """When it was issued."""
        return dt.datetime.fromisoformat(self.issued_at) if self.issued_at else None


@dataclass(frozen=True, slots=True)
class Result:
    """What a page shows and carries. `name`: the file's, as it was typed but for what cannot be shown."""

    name: str
    verdict: signing.DocumentVerdict
    paper: Paper | None

    @property
    def told(self) -> Told:
        """In the reader's language."""
        return told(self.verdict, ours=self.paper is not None)


def result_of(checked: Checked, name: str) -> Result:
    """The result for the reader of this request."""
    return Result(shown_name(name), checked.verdict, _paper(checked))


def shown_name(name: str) -> str:
    """A file's name without its folders, controls and what turns letters round."""
    return _UNSHOWN.sub("", name.replace("\\", "/").rpartition("/")[2])[:NAME] or "–"


def _paper(checked: Checked) -> Paper | None:
    if checked.copy is not None and checked.standing is not None:
        return _copied(checked.copy, checked.standing)
    if checked.document is None or checked.standing is None:
        return None
    if checked.standing in {Standing.NOT_ISSUED, Standing.WITHDRAWN}:
        return Paper(checked.standing)
    facts = issued_facts(checked.document)
    issued = checked.document.issued_at
    return Paper(
        checked.standing, code=checked.document.code, symbol=str(facts["symbol"]), agency=str(facts["agency"]),
        type=str(facts["type"]), signer=str(facts["signer"]), issued_at=issued.isoformat() if issued else "",
        marks=tuple(marks_for_strangers(current().uow.session, checked.document)),
    )  # fmt: skip


def _copied(copy: CertifiedCopy, standing: Standing) -> Paper:
    """What a stranger may know of a certified copy: the original's number, date and issuer, not its subject; of a
    paper that became secret since, nothing."""
    session = current().uow.session
    people = copies.names(session, copy)
    return Paper(
        standing, symbol=copy.symbol, agency=office.unit(session, copy.agency_id).name, type=form_words(copy),
        signer=people["signer"], original="" if copies.of_a_secret(session, copy) else original_words(copy),
    )  # fmt: skip


def carried(result: Result) -> str:
    """The result as a form carries it, signed; empty where it is too long for one."""
    paper = result.paper
    names = ("code", "symbol", "agency", "type", "signer", "issued_at", "original")
    known = (
        {name: getattr(paper, name) for name in names} | {"standing": str(paper.standing), "marks": _plain(paper)}
        if paper
        else None
    )
    verdict = result.verdict.to_json()
    if len(verdict) > MOST:
        return ""
    made = _signer().dumps({"name": result.name, "verdict": verdict, "paper": known})
    text = made if isinstance(made, str) else made.decode()
    return text if len(text) <= LONGEST else ""


def read_carried(text: str, *, now: dt.datetime) -> Result:
    """The way back. Raises `BadInput` with `report_not_ours` or `report_too_old`."""
    try:
        found: dict[str, Any] = _signer().loads(text[: LONGEST + 1])
        verdict = signing.DocumentVerdict.from_json(found["verdict"])
        known = found["paper"]
        paper = _read_paper(known) if known else None
    except (BadData, signing.SigningError, KeyError, TypeError, ValueError) as error:
        raise BadInput("report_not_ours") from error
    if not dt.timedelta(0) <= now - verdict.at <= AN_HOUR:
        raise BadInput("report_too_old")
    return Result(str(found["name"]), verdict, paper)


def _plain(paper: Paper) -> list[tuple[str, str | None, str]]:
    return [(str(one.kind), one.day.isoformat() if one.day else None, one.symbol) for one in paper.marks]


def _read_paper(known: dict[str, Any]) -> Paper:
    marks = tuple(
        Mark(Kind(kind), dt.date.fromisoformat(day) if day else None, symbol)
        for kind, day, symbol in known.get("marks", ())  # carried since before marks were: none
    )
    return Paper(**known | {"standing": Standing(known["standing"]), "marks": marks})


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="verify-report")


def as_json(result: Result) -> dict[str, Any]:
    """The object of `python -m signing verify --json`, personal numbers masked, and what was known here besides."""
    plain = as_plain(result.name, result.verdict)
    for one in plain["signatures"]:
        for name in ("name", "title", "organisation", "issuer"):
            if name in one["signer"]:
                one["signer"][name] = mask_personal(one["signer"][name])
    verdict, paper = result.verdict, result.paper
    return {
        **plain,
        "checked_at": verdict.at.isoformat(),
        "sha256": verdict.sha256,
        "size": verdict.size,
        "trust_digest": verdict.trust_digest,
        "policy": verdict.policy,
        "revisions": [{"number": one.number + 1, "end": one.end} for one in verdict.revisions],
        "paper": None if paper is None else {
            "standing": str(paper.standing), "code": paper.code or None, "symbol": paper.symbol or None,
            "agency": paper.agency or None, "issued_at": paper.issued_at or None,
            "original": paper.original or None,
            "marks": [
                {"kind": kind, "day": day, "symbol": symbol or None} for kind, day, symbol in _plain(paper)
            ],
        },
    }  # fmt: skip


def file_name(result: Result, ending: str) -> str:
    """`ket-qua-kiem-tra-cong-van.pdf`: plain letters, so that every system keeps it."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(result.name.rpartition(".")[0] or result.name)).strip("-")[:60]
    return f"ket-qua-kiem-tra-{base or 'tep'}.{ending}"


def as_pdf(here: Current, result: Result) -> bytes:
    """The report in the reader's language, headed by their agency or, for a stranger, by the top one."""
    agency = here.login.post.agency_id if here.login is not None and here.login.post is not None else None
    agency = agency or office.top_agency(here.uow.session, on=here.today)
    name = office.unit(here.uow.session, agency).name if agency is not None else "Trình Ký"
    made: bytes = here.uow.compute(render_check, _report(result, name), made_at=here.now)
    return made


def _report(result: Result, name: str) -> CheckReport:
    words, gone = result.told, result.paper is not None and result.paper.withdrawn
    return CheckReport(
        office=name,
        language=locale(),
        title=_("Result of a signature check"),
        file=result.name,
        word=_("Withdrawn") if gone else words.word,
        tone="bad" if gone else words.tone,
        sentence=words.sentence,
        reasons=(*_reasons(words.reasons), *((words.more,) if words.more else ())),
        paper=_paper_rows(result.paper),
        paper_title=_("Known here"),
        blocks=tuple(
            CheckBlock(
                heading=f"{card.number}. {card.sentence}", word=card.word, tone=card.tone,
                reasons=(*_reasons(card.reasons), *card.remarks), rows=card.facts, details=card.details,
            )
            for card in words.cards
        ),
        states_title=_("How the file grew"),
        states_head=(
            _("Saved state"), _("First bytes of the file"), _("Signed by"), _("Added since the state before"),
        ),
        states=tuple(_state(state) for state in words.states),
        details_title=_("For experts"),
        details=words.details,
        footer=_("Checked at %(moment)s; the file was not kept.",
                 moment=format.moment(result.verdict.at, zone=True)),
    )  # fmt: skip


def _reasons(reasons: Any) -> tuple[str, ...]:
    step = _("Next step")
    return tuple(
        " ".join(part for part in (one.title, one.cause, one.step and f"{step} ({one.who}): {one.step}") if part)
        for one in reasons
    )


def _paper_rows(paper: Paper | None) -> tuple[tuple[str, str], ...]:
    if paper is None:
        return ()
    issued = format.day(paper.issued_on) if paper.issued_at else ""
    rows = (
        (_("Number and symbol"), paper.symbol), (_("Agency"), paper.agency), (_("Issued"), issued),
        (_("Signed by"), paper.signer), (_("Look-up code"), paper.code),
        (_("Document copied"), paper.original),
        (_("State"), " ".join((paper.words, *paper.said))),
    )  # fmt: skip
    return tuple((title, text) for title, text in rows if text)


def _state(state: SavedState) -> tuple[str, str, str, str]:
    signed = "; ".join(f"{name} ({word})" for name, word, _tone in state.signed)
    return str(state.number), format.number(state.end), signed or "–", state.came
