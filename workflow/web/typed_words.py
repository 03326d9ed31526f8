"""What is wrong with the words that a draft has typed, said to its drafter and to the clerk."""

from __future__ import annotations

from workflow.domain.outgoing import Medium, State
from workflow.services.documents.remarks import Typed, remarks
from workflow.store.models import Outgoing
from workflow.web.context import Current
from workflow.web.i18n import N_, _

SHOWN = frozenset(
    {
        State.DRAFT,
        State.RETURNED,
        State.IN_REVIEW,
        State.FORMAT_CHECK,
        State.AWAITING_SIGNATURE,
        State.SIGNED,
        State.NUMBERED,
    }
)
"""While something can still be done about it."""

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
}


def sentences(here: Current, document: Outgoing) -> list[str]:
    """One sentence for each thing to look at; none once the paper is sealed, or where there is no file."""
    if document.state not in SHOWN or document.file_sha256 is None or document.medium != Medium.DIGITAL:
        return []
    return [_(SENTENCES[one.code], **one.words) for one in remarks(here.uow, document, now=here.now)]
