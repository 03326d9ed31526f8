"""Proof that lasts: a document timestamp at the end of a signed file (ISO 32000-2, 12.8.5), and in the same
revision what proves its signatures without anybody's lists (/DSS, ETSI EN 319 142-1, 5.4).

1. `prepare_stamp`: one more revision with an invisible field, its /Contents all zeros, and the digest to stamp.
2. `embed_stamp`: the token of an authority is put over the zeros, if it is over exactly this digest.

Not a timestamp inside a signature: a later signature covers the bytes of an earlier one, so after number and seal
nothing may be put into the leader's any more. One stamp at the end covers all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from signing.cms.codec import read_signed_data
from signing.errors import NeedsCare, SignatureRefused
from signing.path.evidence import Evidence
from signing.path.timestamps import read_content
from signing.pdf import Name, PdfDict, PdfFile, Ref, read
from signing.prepare import serialise
from signing.prepare.algorithms import HashFunction
from signing.prepare.fields import PRINT_AND_LOCKED
from signing.prepare.signatures import RANGE_WIDTH, CannotPrepare, digest_range, filled, prepared_range, with_range
from signing.prepare.update import Update
from signing.verification.embedded import with_store

ROOM = 32_768
"""Hexadecimal digits kept for a token: with three certificates of RSA-4096 it takes 14,000."""
NAME = "Timestamp"
_SUBFILTER = "ETSI.RFC3161"


@dataclass(frozen=True, slots=True)
class Store:
    """DER of what the signatures and the timestamp before rest on."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """Bytes, before they are packed."""
        return sum(map(len, (*self.certificates, *self.crls, *self.ocsps)))


@dataclass(frozen=True, slots=True)
class PreparedStamp:
    """`document` begins with exactly the bytes that were given; `digest` (SHA-256) goes to the authority."""

    document: bytes
    digest: bytes
    field: str


def prepare_stamp(document: bytes, *, store: Store | None = None, room: int = ROOM) -> PreparedStamp:
    """Append the revision of a document timestamp, with `store` in the file's /DSS where one is given.

    Raises `CannotPrepare` for a file without a form or, with `store`, with evidence in it that cannot be read.
    """
    file = read(document)
    update = Update(document, file)
    name, value = _free_name(file), update.reserve()
    update.put_raw(value, _dictionary(room))
    page = file.pages()[0]
    widget = update.add(_widget(name, value, page.ref))
    listed = file.last.resolve(page.node.get("Annots")) or ()
    update.put(page.ref, dict(page.node) | {"Annots": [*listed, widget]})
    changed = _grown_form(update, widget) | ({} if store is None else _evidence(update, store))
    if changed:
        update.put(file.last.root_ref, dict(file.catalog) | changed)
    data, byte_range = with_range(update.finish(), value.num, reserved=room)
    return PreparedStamp(data, digest_range(data, byte_range, HashFunction.SHA256), name)


def embed_stamp(prepared_document: bytes, token: bytes) -> bytes:
    """The stamped file. Refuses (`SignatureRefused`: document_changed, not_a_token, too_large) every other token;
    whether its authority is believed, `signing.fetch.stamp` and every verifier judge."""
    byte_range = prepared_range(prepared_document)
    try:
        content = read_content(read_signed_data(token).content or b"")
    except NeedsCare as error:
        raise SignatureRefused("not_a_token") from error
    digest = digest_range(prepared_document, byte_range, HashFunction.SHA256)
    if content.hash_name != "sha256" or content.imprint != digest:
        raise SignatureRefused("document_changed")
    return filled(prepared_document, byte_range, token)


def _free_name(file: PdfFile) -> str:
    taken = {field.name for field in file.signature_fields()}
    return next(name for number in range(1, len(taken) + 2) if (name := f"{NAME}{number}") not in taken)


def _widget(name: str, value: Ref, page: Ref) -> dict[str, object]:
    """Without an area and without an appearance: nothing is drawn."""
    return {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": name.encode("ascii"),
        "F": PRINT_AND_LOCKED,
        "Rect": [0, 0, 0, 0],
        "P": page,
        "V": value,
    }


def _dictionary(room: int) -> bytes:
    """Without /M: the time is the token's, and nobody else says one."""
    return (
        b"<<\n/Type /DocTimeStamp\n/Filter /Adobe.PPKLite\n/SubFilter " + serialise.name(_SUBFILTER)
        + b"\n/ByteRange [" + b" " * RANGE_WIDTH + b"]\n/Contents <" + b"0" * room + b">\n>>"
    )  # fmt: skip


def _grown_form(update: Update, widget: Ref) -> dict[str, object]:
    """The form with one field more; what changes in the catalog, where the form stands in it."""
    view = update.file.last
    form = view.acroform
    if form is None:
        raise CannotPrepare("no_form")
    grown = dict(form) | {"Fields": [*(view.resolve(form.get("Fields")) or ()), widget]}
    if view.acroform_ref is None:
        return {"AcroForm": grown}
    update.put(view.acroform_ref, grown)
    return {}


def _evidence(update: Update, store: Store) -> dict[str, object]:
    """/DSS, everything in it packed; one that is there keeps what it has and grows by what is new. No /VRI: it
    would say of each signature by SHA-1 which items are its own, and verifiers look through all of them anyway."""
    view = update.file.last
    old = view.catalog.get("DSS")
    before = view.dictionary(old) if old is not None else PdfDict()
    carried, is_read = with_store(Evidence(), view)
    if before is None or not is_read:
        raise CannotPrepare("evidence_unreadable")
    lists = {
        "Certs": (store.certificates, carried.certificates), "CRLs": (store.crls, carried.crls),
        "OCSPs": (store.ocsps, carried.ocsps),
    }  # fmt: skip
    grown = {}
    for key, (items, there) in lists.items():
        if items:
            fresh = _streams(update, (one for one in items if one not in there))
            grown[key] = [*(view.resolve(before.get(key)) or ()), *fresh]
    held = {"Type": Name("DSS")} | dict(before) | grown
    if type(old) is Ref:
        update.put(old, held)
        return {}
    return {"DSS": update.add(held)}


def _streams(update: Update, items: Iterable[bytes]) -> list[Ref]:
    return [
        update.add_stream({"Filter": Name("FlateDecode")}, zlib.compress(item, 9)) for item in dict.fromkeys(items)
    ]
