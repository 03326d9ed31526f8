"""What pages say of an arrival: its verdict, what to be careful about, and what was read from its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from signing import DocumentVerdict
from workflow.store import intake
from workflow.store.arrivals import NO_FILE
from workflow.store.models import Incoming, IncomingFile
from workflow.web import check_words
from workflow.web.context import Current
from workflow.web.i18n import N_, _
from workflow.web.verdict_words import CONCLUSIONS

BADGES: dict[str, tuple[str, str]] = {**CONCLUSIONS, **check_words.WORDS}
"""Conclusion → word and tone."""

NO_BADGE = N_("No file yet")

WARNINGS = {
    "active_content": N_("can do something when it is opened (scripts, macros, files inside)"),
    "archive": N_("holds other files (an archive, or a mail with attachments)"),
    "archive_bomb": N_("would unpack to very much more than it is"),
    "double_extension": N_("its name hides what it is"),
    "encrypted": N_("opens only with a password"),
    "executable": N_("is a program, or holds one"),
    "infected": N_("the antivirus service named something in it"),
    "mismatched_name": N_("its name ends as another kind of file does"),
    "nested_archive": N_("is an archive inside an archive"),
    "not_scanned": N_("the antivirus service did not answer"),
    "office_file": N_("is an office file, which is opened in a closed room only"),
    "polyglot": N_("is two kinds of file at once"),
    "restricted": N_("is protected against printing or copying"),
    "scan_too_big": N_("is too large for the antivirus service"),
    "too_many_pages": N_("has more pages than are shown"),
    "unknown_kind": N_("is of a kind that is not known here"),
    "unreadable": N_("is broken or too heavy to be looked at"),
    "web_page": N_("is a web page, which may fetch things when it is opened"),
}
"""Codes of what was found about a file; a code of another version is shown as it is."""

CONFIDENCE = {
    "certain": (N_("certain"), "good"),
    "likely": (N_("likely"), "warn"),
    "unsure": (N_("unsure"), "bad"),
}

FIELDS = {
    "issuer": "issuer", "symbol": "symbol", "date": "issued_on", "type_code": "type_code", "subject": "subject",
    "signer": "signer", "signer_title": "signer_title", "urgency": "urgency",
}  # fmt: skip
"""What is read from a paper → the field of the form."""

FILE_KINDS = {
    "main": N_("The document"),
    "attachment": N_("Attached file"),
    "scan": N_("Scan of the paper"),
    "envelope": N_("Envelope"),
    "work": N_("Made here"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What was read for one field. `agrees`: the form says the same. `box`: `x0 y0 x1 y1` in points, or empty."""

    words: str
    tone: str
    value: str
    agrees: bool
    page: int
    box: str


def badge(conclusion: str, *, medium: str = "electronic") -> tuple[str, str]:
    """(word, tone) of a document's verdict; a paper has none."""
    if conclusion in BADGES:
        word, tone = BADGES[conclusion]
        return _(word), tone
    return (_("On paper") if medium == "paper" else _(NO_BADGE)), "plain"


def verdict_choices() -> list[tuple[str, str]]:
    """For a filter."""
    return [*((code, _(word)) for code, (word, _tone) in BADGES.items()), (NO_FILE, _("Without a file"))]


def verdict_of(here: Current, files: Sequence[IncomingFile]) -> check_words.Told | None:
    """The newest verdict about the document's own file."""
    main = next((file for file in files if file.kind == "main" and file.intake_id is not None), None)
    if main is None or main.intake_id is None:
        return None
    row = intake.newest_verdict(here.uow.session, main.intake_id)
    return check_words.told(DocumentVerdict.from_json(row.body))


def warning_words(codes: Iterable[Any]) -> list[str]:
    """Each warning as the second half of a sentence."""
    return [_(WARNINGS[str(code)]) if str(code) in WARNINGS else str(code) for code in codes]


def readings(document: Incoming, values: dict[str, str], *, shown: bool = True) -> dict[str, Read]:
    """What was read, by field of the form, beside what the form says now. `shown`: the file it was read in is on
    the page, so that its place can be shown."""
    found: dict[str, Read] = {}
    for one in document.proposals:
        name = FIELDS.get(str(one.get("field", "")), "")
        word, tone = CONFIDENCE.get(str(one.get("confidence", "")), CONFIDENCE["unsure"])
        if not name or name in found:
            continue
        value = " ".join(str(one.get("value", "")).split())
        agrees = value == values.get(name, "")
        found[name] = Read(_(word), tone, value, agrees, _page(one), _box(one) if shown else "")
    return found


def _page(one: dict[str, Any]) -> int:
    page = one.get("page")
    return page if isinstance(page, int) and page > 0 else 1


def _box(one: dict[str, Any]) -> str:
    edges = one.get("box")
    if not isinstance(edges, list | tuple) or len(edges) != 4:
        return ""
    if not all(isinstance(edge, int | float) for edge in edges):
        return ""
    return " ".join(f"{float(edge):.1f}" for edge in edges)


def attention(values: dict[str, str], read: dict[str, Read], *, needs_reason: bool) -> str:
    """The field to begin with: one that must be filled and is empty, else one that was not read for certain."""
    order = ("issuer", "symbol", "issued_on", "type_code", "subject", "signer")
    for name in (*(["verdict_reason"] if needs_reason else []), "issuer", "subject"):
        if not values.get(name):
            return name
    unsure = [name for name in order if name in read and read[name].agrees and read[name].tone != "good"]
    return unsure[0] if unsure else ""


def bears_secrecy(document: Incoming) -> bool:
    """Whether a mark of state secrets was read on the paper: its content must not lie here."""
    return any(one.get("field") == "secrecy" for one in document.proposals)
