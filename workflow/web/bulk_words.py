"""How acts on many documents are named: on the button, on the page before, on the page of results."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain import errors
from workflow.domain.bulk import Act, ItemState, RunState
from workflow.domain.errors import Refused
from workflow.domain.spreading import Fault, Phase
from workflow.services.bulk.looking import FAULTY
from workflow.services.bulk.running import KIND
from workflow.store.models import BulkItem
from workflow.web.errors import explain
from workflow.web.i18n import N_
from workflow.web.verdict_words import in_words


@dataclass(frozen=True, slots=True)
class Words:
    """`title`: of its pages; `button`: in the list; `will`: what happens to each document."""

    title: str
    button: str
    will: str


ACTS: dict[Act, Words] = {
    Act.APPROVE: Words(
        N_("Approve many"), N_("Approve the ticked ones"),
        N_("Each goes to the clerk for the format check."),
    ),
    Act.CONFIRM_FORMAT: Words(
        N_("Confirm the format of many"), N_("Confirm the format of the ticked ones"),
        N_("Each gets its fields and look-up code and goes before its signer. What is typed otherwise than the "
           "register has it is refused here and compared one by one."),
    ),
    Act.NUMBER: Words(
        N_("Number many"), N_("Number the ticked ones"),
        N_("Each draws the next number of its register; what was signed first comes first, as listed below."),
    ),
    Act.NUMBER_AND_SEAL: Words(
        N_("Number and seal"), N_("Number and seal the ticked ones"),
        N_("Each draws the next number of its register; what was signed first comes first, as listed below. "
           "Then number and seal are signed with the agency's key."),
    ),
    Act.ISSUE: Words(
        N_("Issue many"), N_("Issue the ticked ones"),
        N_("Each is issued now and lies before every agency that it names."),
    ),
    Act.SUBMIT: Words(
        N_("Submit many"), N_("Submit the ticked ones"), N_("Each goes to whoever is chosen here, for direction."),
    ),
    Act.CLOSE: Words(
        N_("Close many without an answer"), N_("Close: keep, no answer needed"),
        N_("Each is kept as done. One with a deadline is closed only with words that say why nothing is answered."),
    ),
    Act.DIRECT: Words(
        N_("Direct many"), N_("Direct the ticked ones"), N_("Each goes to the unit chosen here, which leads it."),
    ),
    Act.ASSIGN: Words(
        N_("Assign many"), N_("Assign the ticked ones"), N_("Each goes to the person chosen here."),
    ),
    Act.SPREAD: Words(
        N_("Make many documents of this draft"), "",
        N_("Each row of the table makes a document with its own file, recipient and subject."),
    ),
}  # fmt: skip

SPREAD_FAULTS: dict[Fault, str] = {
    Fault.EMPTY: N_("Nothing stands here. Fill it in."),
    Fault.TOO_LONG: N_("Too long. Shorten it."),
    Fault.CHARACTERS: N_("A character that cannot be stored. Type the cell anew."),
    Fault.FILE_ABSENT: N_("No file of this name was chosen. Choose it together with the others."),
    Fault.FILE_TWICE: N_("Another row has this file already. Each document needs one of its own."),
    Fault.FILE_BAD: N_("This file is no PDF that can be signed. Export it anew."),
}

ITEMS: dict[ItemState, tuple[str, str]] = {
    ItemState.WAITING: (N_("its turn has not come"), "wait"),
    ItemState.DONE: (N_("Done"), "good"),
    ItemState.REFUSED: (N_("Not done"), "bad"),
}
LOOKED: dict[bool, tuple[str, str]] = {False: (N_("no fault"), "plain"), True: (N_("faulty"), "bad")}
"""Of a line of a table whose file was looked at, before anything is made."""
RUNS: dict[RunState, tuple[str, str]] = {
    RunState.RUNNING: (N_("under way"), "wait"),
    RunState.DONE: (N_("finished"), "plain"),
}


def item(row: BulkItem, phase: Phase | None) -> tuple[str, str]:
    """What came of a line; in a dry run what was found so far."""
    if phase is not None and row.state == ItemState.WAITING and (phase is Phase.READY or FAULTY in row.details):
        return LOOKED[bool(row.details.get(FAULTY))]
    return ITEMS[ItemState(row.state)]


def why(row: BulkItem) -> str:
    """Why a line was refused, and what to do."""
    if not row.code:
        return ""
    details = dict(row.details)
    kind = getattr(errors, str(details.pop(KIND, "")), Refused)
    told = explain(in_words(kind(row.code, **details)))
    return " ".join(part for part in (told.title, told.next) if part)
