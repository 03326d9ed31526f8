"""What is wrong with the words that a draft has typed, said to whoever looks and with what they can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.outgoing import Action, Medium, State
from workflow.services.documents.comparing import accepted_codes, open_questions
from workflow.services.documents.moves import possible_actions
from workflow.services.documents.remarks import CONTRADICTS, Remark, Typed, remarks
from workflow.store.models import Outgoing
from workflow.web.context import Current
from workflow.web.i18n import N_, _

SENTENCES = {
    Typed.NAME_DIFFERS: N_("The name typed in the draft is %(typed)s, but the signer is %(expected)s."),
    Typed.NAME_SPELLING: N_("The signer's name is typed “%(typed)s”; it is written “%(expected)s”."),
    Typed.TITLE_DIFFERS: N_("“%(typed)s” is typed above the name, but the signer signs as “%(expected)s”."),
    Typed.LITTLE_ROOM: N_("Title and name are typed so close together that a signature hardly fits between them."),
    Typed.NUMBER: N_("A number (%(typed)s) is typed already. The register gives the number: leave it blank."),
    Typed.SYMBOL_DIFFERS: N_("“/%(typed)s” is typed behind the number, but the register gives “/%(expected)s”."),
    Typed.DATE_DIFFERS: N_("“%(typed)s” is typed; numbered today, the document is dated “%(expected)s”."),
    Typed.BLANK_NARROW: N_("A blank for number or date is too narrow: its digits are put small above the line."),
    Typed.LINES_APART: N_(
        "The blanks cannot be filled in where they are: type number and date on one line, with room above it."
    ),
    Typed.DOTS: N_(
        "Dots (……) still stand in the text, first on page %(page)s: is something to be filled in there?"
    ),
}

ONCE_SIGNED = {
    Typed.NAME_DIFFERS: N_("The name typed is %(typed)s, but %(expected)s signed."),
    Typed.TITLE_DIFFERS: N_("“%(typed)s” is typed above the name, but the signer signed as “%(expected)s”."),
}
"""Of what the signature has settled. Whether it had room is no longer a question."""

ONCE_NUMBERED = {
    Typed.NUMBER: N_("The number %(typed)s was typed in the draft, but the register gave %(expected)s."),
    Typed.SYMBOL_DIFFERS: N_("“/%(typed)s” is typed behind the number, but the register gave “/%(expected)s”."),
    Typed.DATE_DIFFERS: N_("“%(typed)s” is typed, but the document was numbered on “%(expected)s”."),
}
"""Of what the number has settled."""

NAMES = {
    Typed.NAME_DIFFERS: N_("the signer's name"),
    Typed.TITLE_DIFFERS: N_("the signer's title"),
    Typed.NUMBER: N_("the number"),
    Typed.SYMBOL_DIFFERS: N_("the symbol"),
    Typed.DATE_DIFFERS: N_("the date"),
}
"""What can be accepted as typed, in the line of the history."""

OF_SIGNER = frozenset({Typed.NAME_DIFFERS, Typed.NAME_SPELLING, Typed.TITLE_DIFFERS})
ASKED = frozenset({Action.CONFIRM_FORMAT, Action.NUMBER})
"""Acts that wait for the clerk's tick."""

EDITABLE = frozenset({State.DRAFT, State.RETURNED})
UNCHANGEABLE = frozenset({State.NUMBERED, State.SEALED, State.ISSUED, State.FILED})

CORRECT = N_("Correct the draft and upload it again.")
FILL_IN = N_("Fill them in first, or submit it as it is where the dots are meant.")
CORRECT_OR_CHOOSE = N_("Correct the draft and upload it again, or choose the right signer.")
RETURN_OR_TICK = N_("Return it with this reason, or tick that you have compared it and it stays as typed.")
RETURN = N_("If it has to be corrected, return it with this reason.")
DRAFTER = N_("Its drafter can still correct it.")
LATER = N_("It can be corrected only after it has been returned to its drafter.")
STANDS = N_("The number is given: this file is not corrected any more.")


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence for each thing to look at, and what the reader can do."""

    sentences: tuple[str, ...]
    advice: str
    settled: bool


def told(here: Current, document: Outgoing) -> Told | None:
    """For the page of a document; None where all fits, or where there is no file of a digital paper."""
    if document.medium != Medium.DIGITAL or document.file_sha256 is None or document.state == State.CANCELLED:
        return None
    found = [(one, sentence) for one in remarks(here.uow, document, now=here.now)
             if (sentence := _sentence(one.code, document))]  # fmt: skip
    if not found:
        return None
    said = tuple(_(sentence, **one.words) for one, sentence in found)
    advice = _advice(here, document, frozenset(one.code for one, _sentence in found))
    return Told(said, _(advice), document.state in UNCHANGEABLE)


def _sentence(code: Typed, document: Outgoing) -> str:
    """In the tense of the moment; "" for advice that comes too late."""
    if code is Typed.DOTS:
        return SENTENCES[code] if document.signed_at is None else ""
    of_block = code in OF_SIGNER or code is Typed.LITTLE_ROOM
    if of_block and document.signed_at is not None:
        return ONCE_SIGNED.get(code) or (SENTENCES[code] if code is Typed.NAME_SPELLING else "")
    if not of_block and document.numbered_at is not None:
        return ONCE_NUMBERED.get(code, "")
    return SENTENCES[code]


def _advice(here: Current, document: Outgoing, codes: frozenset[Typed]) -> str:
    """What this reader can do now."""
    if document.state in UNCHANGEABLE:
        return STANDS
    steps = possible_actions(here.uow, here.actor, document, now=here.now)
    can = {step.action for step, missing in steps if not missing}
    if Action.REVISE in can:
        if codes == {Typed.DOTS}:
            return FILL_IN
        return CORRECT_OR_CHOOSE if codes & OF_SIGNER else CORRECT
    if can & ASKED and codes & CONTRADICTS and questions(here, document):
        return RETURN_OR_TICK
    if Action.RETURN in can:
        return RETURN
    return DRAFTER if document.state in EDITABLE else LATER


def questions(here: Current, document: Outgoing) -> tuple[Remark, ...]:
    """What the clerk has to answer at the next check."""
    return open_questions(here.uow, document, now=here.now)


def accepted_words(remark: str) -> str:
    """The history's sentence for what the clerk accepted; "" for any other remark."""
    codes = accepted_codes(remark)
    if not codes:
        return ""
    return _(
        "Compared by the clerk; it stays as typed: %(what)s.", what=", ".join(_(NAMES[code]) for code in codes)
    )
