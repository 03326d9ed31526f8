"""How signing before the named signer is called: with name and title, initials, or both in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from workflow.domain.cosigning import Part
from workflow.services.signing.preparing import SignaturePurpose
from workflow.store import cosigning
from workflow.web.context import Current
from workflow.web.i18n import N_
from workflow.web.preflight import WORDS, Words

COSIGN, INITIAL, BOTH = N_("Sign beside the signer"), N_("Put initials"), N_("Sign before the signer")
TICKED = {
    COSIGN: N_("Sign beside the signer: the ticked ones"),
    INITIAL: N_("Put initials: the ticked ones"),
    BOTH: N_("Sign before the signer: the ticked ones"),
}


def word_of(parts: Iterable[Part]) -> str:
    """What somebody does who has these parts."""
    found = set(parts)
    if found == {Part.INITIALS}:
        return INITIAL
    return BOTH if Part.INITIALS in found else COSIGN


def ticked(words: Iterable[str]) -> str:
    """The button for all of them."""
    found = set(words)
    return TICKED[found.pop() if len(found) == 1 else BOTH]


def words_of_each(here: Current, documents: Sequence[int]) -> dict[int, str]:
    """What the person who acts does in each of these documents before its signer."""
    parts = cosigning.parts_of(here.uow.session, documents, person_id=here.person.person_id)
    return {document: word_of(found) for document, found in parts.items()}


def words_of_page(here: Current, purpose: SignaturePurpose, documents: Sequence[int]) -> Words:
    """How a signing page is called; before the signer it depends on what one signs as."""
    if purpose is not SignaturePurpose.COSIGN:
        return WORDS[purpose]
    parts = cosigning.parts_of(here.uow.session, documents, person_id=here.person.person_id)
    word = word_of(one for found in parts.values() for one in found)
    return replace(WORDS[purpose], title=word, button=word)
