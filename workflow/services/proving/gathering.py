"""What every bundle has: anchors, leaves, chains, and of documents the files with what their verdicts stood on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import signing
from workflow.domain.bundles import MOST_DOCUMENTS, Contents, Withheld, lines, paths
from workflow.domain.errors import Refused
from workflow.domain.journal import canonical_json, utc_text
from workflow.domain.merkle import Leaf
from workflow.services.signing.chains import split
from workflow.store import anchors as anchor_store
from workflow.store import bundles as store
from workflow.store import certificates, verdicts
from workflow.store import evidence as evidence_store
from workflow.store.session import UnitOfWork

NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(slots=True)
class Anchored:
    """A bundle under way: its contents, the anchor it is proven by, and the leaves of that anchor by subject."""

    contents: Contents
    number: int
    leaves: tuple[Leaf, ...]
    places: dict[str, int]
    earlier: dict[str, int]
    """How many entries of each chain the anchor before the period held."""
    chains: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Entries under the anchor, of the chains that go in."""

    def grown(self, kind: str) -> set[int]:
        """Which documents of a kind have more entries than before the period."""
        return {
            int(name.partition(":")[2])
            for name in self.places
            if name.startswith(f"{kind}:") and self.length(name) != self.earlier.get(name, 0)
        }

    def length(self, subject: str) -> int:
        """How many entries of a chain the anchor holds."""
        return self.leaves[self.places[subject]].length if subject in self.places else 0


def begin(
    uow: UnitOfWork, manifest: dict[str, Any], *, subject: str, length: int, before: int | None, now: dt.datetime,
    alone: bool = False, also: Mapping[str, int] = NOTHING,
) -> Anchored:  # fmt: skip
    """Anchors from the one before a period (or the proving one) to the newest, and the lists of leaves; `alone`: of
    one chain its own leaf, which tells nothing of anybody else's; `also`: other chains that must be held so long.

    Proven by the first anchor that holds so many entries of the main chain, so that any root kept outside since
    then reaches it; by the newest where none does yet. Raises `Refused("bundle_no_anchor")`.
    """
    newest = anchor_store.newest(uow.session)
    if newest is None:
        raise Refused("bundle_no_anchor")
    last = newest.number
    wanted = {subject: length, **also}
    number = max(store.first_anchor(uow.session, one, length=many) or last for one, many in wanted.items())
    contents = Contents(manifest, now)
    lists: list[dict[str, Any]] = []
    earlier: dict[str, int] = {}
    for one in dict.fromkeys([*([before] if before and before < number else []), number]):
        leaves = tuple(anchor_store.every_leaf(uow.session, until=one))
        earlier = {leaf.subject: leaf.length for leaf in leaves} if one != number else earlier
        told = _own(uow, leaves, subject) if alone else {"object": contents.hold(uow.compute(lines, leaves))}
        lists.append({"anchor": one, **told})
    rows = store.anchors(uow.session, first=lists[0]["anchor"], last=last)
    linked = [[row.number, utc_text(row.at), row.root, row.leaves, row.previous] for row in rows]
    stamped = store.tokens(uow.session, first=number, last=last)
    manifest |= {
        "anchor": number,
        "anchors": contents.hold(canonical_json(linked)),
        "leaves": lists,
        "tokens": [{"anchor": row.anchor, "token": contents.hold(row.token)} for row in stamped],
    }
    places = {leaf.subject: place for place, leaf in enumerate(leaves)}
    return Anchored(contents, number, leaves, places, earlier)


def _own(uow: UnitOfWork, leaves: Sequence[Leaf], subject: str) -> dict[str, Any]:
    """One leaf and its place; nothing where the anchor holds none of the chain."""
    found = next(((place, leaf) for place, leaf in enumerate(leaves) if leaf.subject == subject), None)
    return {"leaf": []} if found is None else {"leaf": [uow.compute(lines, found[1:]).decode()], "place": found[0]}


def carry_chains(uow: UnitOfWork, under: Anchored, subjects: Collection[str]) -> None:
    """Whole chains in the bytes that are hashed, of those that have a leaf."""
    told = under.contents.manifest.setdefault("chains", {})
    for subject, entries in store.chains(uow.session, [one for one in subjects if one in under.places]):
        told[subject] = under.contents.hold("\n".join(entries).encode())
        under.chains[subject] = [json.loads(body) for body in entries[: under.length(subject)]]


def prove(uow: UnitOfWork, under: Anchored, subjects: Collection[str]) -> None:
    """Their way to the root."""
    wanted = {one: under.places[one] for one in sorted(subjects) if one in under.places}
    under.contents.manifest["proofs"] = uow.compute(paths, under.leaves, wanted)


def carry_documents(
    uow: UnitOfWork, under: Anchored, items: Mapping[int, dict[str, Any]], rows: Mapping[int, Any]
) -> None:
    """Files, verdicts and evidence of issued documents; `items`: their lines in the manifest, to be completed.

    Of each the file that is in force by its journal under the anchor. Secret ones and those that the reader may not
    open (not in `rows`) stay with leaf and standing.
    """
    open_ones: dict[int, dict[str, Any]] = {}
    for key, item in items.items():
        row = rows.get(key)
        item["withheld"] = withheld(row)
        if row and not item["withheld"]:
            item |= {"code": row.code, "symbol": row.symbol or "", "about": row.subject}
            open_ones[key] = item
    files = {key: named for key in open_ones if (named := _file(under.chains.get(f"outgoing:{key}", ())))}
    if len(files) > MOST_DOCUMENTS:
        raise Refused("bundle_too_many", most=MOST_DOCUMENTS, found=len(files))
    sizes = store.sizes(uow.session, set(files.values()))
    for key, sha256 in files.items():
        if sha256 in sizes and rows[key].medium == "digital":
            under.contents.name_file(sha256, sizes[sha256])
            open_ones[key]["files"] = [sha256]
    _evidence(uow, under, open_ones)


def withheld(row: Any | None) -> str:
    """Why an outgoing document's chain stays out: `row`, where the reader may open it."""
    return str(Withheld.SCOPE) if row is None else str(Withheld.SECRET) if row.secret else ""


def _file(entries: Sequence[Mapping[str, Any]]) -> str:
    """The document's own file that is in force: entries about attachments, remarks and unfinished signatures name
    other ones."""
    return next((str(one["facts"]["file"] or "") for one in reversed(entries) if _names_own_file(one)), "")


def _names_own_file(entry: Mapping[str, Any]) -> bool:
    facts = entry["facts"]
    own = entry["tag"].startswith(("document:outgoing:", "document:file:")) and "attachment" not in facts
    return own and "file" in facts


def _evidence(uow: UnitOfWork, under: Anchored, items: Mapping[int, dict[str, Any]]) -> None:
    """Every stored verdict that the journal names, and what any of them cites; and the newest lists since."""
    manifest, hold = under.contents.manifest, under.contents.hold
    named = {
        entry["facts"]["verdict_digest"]
        for key in items
        for entry in under.chains.get(f"outgoing:{key}", ())
        if entry["facts"].get("verdict_digest")
    }
    cited: set[str] = set()
    for row in store.verdicts(uow.session, items.keys()):
        name = hold(row.body.encode())
        if name in named:
            held = items[row.document_id].setdefault("verdicts", [])
            held += [] if name in held else [name]
            cited |= set(json.loads(row.body)["evidence"])
        else:
            under.contents.drop(name)
    signers = store.certificates(uow.session, items.keys())
    ders = sorted({der for row in signers.values() for der in (row.der, *split(row.chain))})
    issuers = uow.compute(_issuers, ders)
    kept = verdicts.lists(uow.session, cited)
    series = {row.issuer_key for row in kept}
    newest = [
        row
        for row in certificates.newest_crls(uow.session, until=under.contents.made_at)
        if row.issuer_key in series or row.issuer_name in issuers
    ]
    answers = [row.der for row in evidence_store.answers(uow.session, cited)]
    answers += [row.der for row in evidence_store.answers_about(
        uow.session, signers.keys(), until=under.contents.made_at)]  # fmt: skip
    manifest["certificates"] = sorted({hold(der) for der in ders})
    manifest["crls"] = sorted({hold(row.der) for row in (*kept, *newest)})
    manifest["ocsps"] = sorted({hold(der) for der in answers})


def _issuers(ders: Sequence[bytes]) -> set[str]:
    return {signing.inspect_certificate(der).issuer_name for der in ders}
