"""One sentence for each fault of a sheet's cell: what is wrong, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflow.domain.dispatch import Channel
from workflow.domain.errors import Refused
from workflow.domain.imports.headings import Kind, field_of
from workflow.domain.imports.problems import Fault, Problem
from workflow.domain.text import from_outside
from workflow.store.models import ImportRow, ImportRun
from workflow.web.errors import explain
from workflow.web.i18n import N_, _, gettext
from workflow.web.labels import label

KINDS = {
    Kind.OUTGOING: N_("Register of outgoing documents"),
    Kind.INCOMING: N_("Register of incoming documents"),
    Kind.UNITS: N_("Units"),
    Kind.PEOPLE: N_("People, posts and accounts"),
    Kind.OUTSIDE: N_("Outside offices"),
}
RUNS = {
    "checked": (N_("looked through"), "wait"),
    "running": (N_("being taken in"), "wait"),
    "done": (N_("taken in"), "good"),
    "discarded": (N_("discarded"), "plain"),
}
ROWS = {
    "ready": (N_("good"), "good"),
    "bad": (N_("with a fault"), "bad"),
    "known": (N_("here already"), "plain"),
    "done": (N_("taken in"), "good"),
    "refused": (N_("refused"), "warn"),
}
"""In the order of the filter."""

FAULTS: dict[Fault, str] = {
    Fault.MISSING: N_("Nothing stands here. Fill it in."),
    Fault.TOO_LONG: N_("%(length)s characters; at most %(limit)s fit. Shorten it."),
    Fault.CONTROL_CHARACTER: N_("A character that cannot be stored. Type the cell anew."),
    Fault.FORMULA: N_("A formula. Copy the column and paste it as values."),
    Fault.CELL_ERROR: N_("The spreadsheet shows the error %(text)s. Write what it should say."),
    Fault.DATE_UNREADABLE: N_("“%(text)s” is no date. Write it as dd/mm/yyyy."),
    Fault.DATE_SHORT_YEAR: N_("“%(text)s” has a year of two digits. Write all four."),
    Fault.DATE_FUTURE: N_("%(text)s has not come yet. Correct the date."),
    Fault.DATE_OTHER_YEAR: N_("%(text)s is not in %(year)s. Correct it, or use the register of that year."),
    Fault.DATE_ORDER: N_("The order of days is impossible: compare with %(before)s and correct one of them."),
    Fault.NUMBER_UNREADABLE: N_("“%(text)s” is no number. Write digits, with one letter at most behind them."),
    Fault.NUMBER_ZERO: N_("A register begins at 01. Write the real number."),
    Fault.NUMBER_TOO_LARGE: N_("Number %(text)s is too large: at most %(limit)s. Correct it."),
    Fault.NUMBER_JUMPS: N_(
        "Number %(text)s lies more than %(most)s above %(last)s, the last one before it. Correct it, or bring in"
        " the lines between them first."
    ),
    Fault.NUMBER_DIFFERS: N_("The number %(text)s and the symbol %(symbol)s do not agree. Correct one of them."),
    Fault.SYMBOL_UNREADABLE: N_("“%(text)s” is no number and symbol. Write it as 15/QĐ-UBND."),
    Fault.SYMBOL_OTHER_YEAR: N_("The symbol names another year than %(year)s. Correct it or choose that year."),
    Fault.TYPE_UNKNOWN: N_("“%(text)s” is no type of document. Use a name of Decree 30/2020, e.g. Quyết định."),
    Fault.TYPE_DIFFERS: N_("The type “%(text)s” and the symbol %(symbol)s do not agree. Correct one of them."),
    Fault.COPIES_UNREADABLE: N_("“%(text)s” is no number of copies. Write digits, or “điện tử”."),
    Fault.STATUS_UNKNOWN: N_("“%(text)s” is no status. Write “đã dùng”, “đang giữ” or “đã hủy”."),
    Fault.REASON_MISSING: N_("A number that is held or cancelled needs its reason. Write it."),
    Fault.HELD_PAST: N_("%(year)s is over: its numbers are held no longer. Write “đã dùng” or “đã hủy”."),
    Fault.SECRET: N_("“%(text)s”: secret documents are not kept here. Leave the row out."),
    Fault.TWICE_IN_FILE: N_("%(text)s stands in row %(row)s already. Keep one of the two rows."),
    Fault.NUMBER_TAKEN: N_("Number %(text)s of %(year)s is taken here by another document. Correct the number."),
    Fault.KIND_UNKNOWN: N_("“%(text)s” is no kind of unit. Write “cơ quan, tổ chức” or “đơn vị thuộc cơ quan”."),
    Fault.CODE_TAKEN: N_("The code %(text)s belongs to another unit. Choose another code."),
    Fault.PARENT_UNKNOWN: N_("No unit “%(text)s” is known, here or in this sheet. Give the code of that unit."),
    Fault.PARENT_BAD: N_("The unit above stands in row %(row)s, which has a fault. Mend that row first."),
    Fault.PARENT_CIRCLE: N_("The units stand in a circle: %(text)s is below itself. Correct the unit above."),
    Fault.UNIT_UNKNOWN: N_("No unit “%(text)s” is within your reach. Give its code."),
    Fault.UNIT_AMBIGUOUS: N_("Several units are called “%(text)s”. Give the code instead of the name."),
    Fault.ROLE_UNKNOWN: N_("“%(text)s” is no role. Write e.g. Văn thư, Chuyên viên, Lãnh đạo phòng."),
    Fault.EMAIL_SHAPE: N_("“%(text)s” is no mail address. Correct it or leave it empty."),
    Fault.CODE_SHAPE: N_("“%(text)s” is no agency code. Write it as H49.64.33, or leave it empty."),
    Fault.CHANNEL_UNKNOWN: N_("“%(text)s” is no way to send. Write bưu điện, trao tay or thư điện tử."),
    Fault.MAIL_NEEDED: N_("Copies are to go by e-mail, but no mail address stands here. Fill it in."),
    Fault.ADDRESS_NEEDED: N_("Copies are to go by post, but no address stands here. Fill it in."),
    Fault.NAMES_MANY: N_(
        "%(count)s other names are more than the %(limit)s that fit. Keep those that papers really bear."
    ),
    Fault.NAME_TAKEN: N_("“%(text)s” is a name of another office of the catalogue. Remove it, or merge the two."),
    Fault.LOGIN_SHAPE: N_("“%(text)s” is no login name: 3 to 60 small letters, digits, dots. Correct it."),
    Fault.LOGIN_TAKEN: N_("The login name %(text)s belongs to somebody else. Choose another one."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in the reader's words: the sheet's own heading, what the cell holds, the sentence."""

    column: str
    cell: str
    sentence: str


def sentence(problem: Problem) -> str:
    """What is wrong and what to do."""
    if problem.fault is Fault.REFUSED:
        facts: dict[str, Any] = {key: value for key, value in problem.facts.items() if key != "code"}
        trouble = explain(Refused(str(problem.facts["code"]), **facts))
        return trouble.words(kept=False)
    words = gettext(FAULTS[problem.fault])
    facts = {key: from_outside(value) if isinstance(value, str) else value for key, value in problem.facts.items()}
    return words % facts if "%(" in words else words


def told(run: ImportRun, row: ImportRow) -> list[Told]:
    """Everything that is wrong with a row."""
    found = []
    for one in row.problems:
        problem = Problem.from_json(one)
        place = run.columns.get(problem.field)
        heading = run.headings[place] if place is not None else _heading(run, problem.field)
        cell = row.cells[place] if place is not None and place < len(row.cells) else ""
        found.append(Told(from_outside(str(heading)), from_outside(str(cell)), sentence(problem)))
    return found


def changes(run: ImportRun, row: ImportRow) -> list[tuple[str, str, str]]:
    """(the sheet's heading, what stands there, what is to stand there) of what a row changes in the catalogue."""
    found = []
    for field, values in (row.content.get("changes") or {}).items():
        place = run.columns.get(field)
        heading = run.headings[place] if place is not None else _heading(run, field)
        before, after = (_value(field, value) for value in values)
        found.append((from_outside(str(heading)), before, after))
    return found


def _value(field: str, value: str) -> str:
    if field == "ended":
        return _("out of use") if value else _("in use")
    if field == "channel" and value:
        return label(Channel(value))
    return from_outside(value) or "–"


def summary(row: ImportRow) -> str:
    """A row in a few words, to find it again in the sheet."""
    return from_outside(" · ".join(str(cell) for cell in row.cells if str(cell).strip()), most=160)


def _heading(run: ImportRun, field: str) -> str:
    return field_of(Kind(run.kind), field).heading if field else ""
