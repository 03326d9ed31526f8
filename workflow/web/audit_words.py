"""What is said of the journal's passes: what is wrong, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.audit import Flaw
from workflow.web.i18n import N_, _

FLAWS: dict[Flaw, str] = {
    Flaw.ENTRY_CHANGED: N_("An entry of the journal was changed"),
    Flaw.ENTRY_MISSING: N_("An entry of the journal is missing, there twice, or in another place"),
    Flaw.CHAIN_CUT: N_("The last entries of a chain are gone"),
    Flaw.CHAIN_GONE: N_("A whole chain of the journal is gone"),
    Flaw.CHAIN_REMADE: N_("A chain was made anew: an anchor saw another one"),
    Flaw.HEAD_DIFFERS: N_("A document names another end of its chain"),
    Flaw.DOCUMENT_GONE: N_("A document is gone; its journal is still there"),
    Flaw.VERDICT_CHANGED: N_("A verdict that the journal names was replaced, changed or removed"),
    Flaw.EVIDENCE_GONE: N_("Evidence that verdicts rest on was removed or changed"),
    Flaw.LENGTH_FELL: N_("An anchor has a shorter chain than the one before"),
    Flaw.ROOT_DIFFERS: N_("The chains under an anchor do not make its root"),
    Flaw.ANCHOR_CHANGED: N_("An anchor was changed, or does not follow the one before"),
    Flaw.ANCHOR_MISSING: N_("An anchor is missing"),
    Flaw.TOKEN_WRONG: N_("A timestamp is damaged, or is not the one of its anchor"),
    Flaw.OUTSIDE_UNKNOWN: N_("The root kept outside is of an anchor that is not here"),
    Flaw.OUTSIDE_DIFFERS: N_("The root kept outside is another one than the journal makes"),
    Flaw.LEAF_DIFFERS: N_("The list kept outside has another end of a chain"),
    Flaw.NODE_DIFFERS: N_("A sum kept for speed was wrong; it was worked out anew"),
    Flaw.MISSED: N_("An entry came so late that anchors had passed it; it was taken in"),
}

KINDS: dict[str, str] = {
    "outgoing": N_("outgoing document %(key)s"),
    "incoming": N_("incoming document %(key)s"),
    "account": N_("account %(key)s"),
    "unit": N_("unit %(key)s"),
    "person": N_("person %(key)s"),
    "job": N_("job %(key)s"),
    "signing_act": N_("act of signing %(key)s"),
    "copy": N_("certified copy, key %(key)s"),
}
"""Whose chain it is; others by their stored name."""

_OF_ANCHORS = frozenset({Flaw.ROOT_DIFFERS, Flaw.ANCHOR_CHANGED, Flaw.ANCHOR_MISSING, Flaw.TOKEN_WRONG})


@dataclass(frozen=True, slots=True)
class Told:
    """One finding in words. `link`: to the document that it is about."""

    title: str
    what: str
    where: str
    link: str


def told(finding: Mapping[str, Any]) -> Told:
    """What is wrong, of what, and where in it; of another version by its stored words."""
    code, what, detail = str(finding["flaw"]), str(finding["what"]), str(finding["detail"])
    if code not in set(Flaw):
        return Told(code, what, detail, "")
    flaw = Flaw(code)
    if flaw in _OF_ANCHORS:
        return Told(_(FLAWS[flaw]), _("anchor no. %(n)s", n=what) if what.isdecimal() else what, "", "")
    return Told(_(FLAWS[flaw]), _subject(what), _where(flaw, detail), _link(what))


def _subject(name: str) -> str:
    kind, _colon, key = name.partition(":")
    return _(KINDS[kind], key=key) if kind in KINDS else name


def _link(name: str) -> str:
    kind, _colon, key = name.partition(":")
    return f"/{kind}/{key}" if kind in {"outgoing", "incoming"} and key.isdecimal() else ""


def _where(flaw: Flaw, detail: str) -> str:
    """The first bad entry; for a chain made anew the stretch that it lies in, and the anchor that knows better."""
    first, _space, anchor = detail.partition(" ")
    if not detail or flaw in {Flaw.NODE_DIFFERS, Flaw.VERDICT_CHANGED, Flaw.EVIDENCE_GONE}:
        return detail
    if anchor:
        return _("from entry %(n)s on, says anchor no. %(anchor)s", n=first.replace("-", "–"), anchor=anchor)
    if flaw in {Flaw.LENGTH_FELL, Flaw.LEAF_DIFFERS, Flaw.OUTSIDE_DIFFERS, Flaw.OUTSIDE_UNKNOWN}:
        return _("anchor no. %(n)s", n=first)
    return _("entry %(n)s", n=first)
