"""Signing with another program, pyHanko: PAdES B-B, B-T and B-LT, and a recipient's arrival stamp."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime
from typing import Any

import time_machine
from asn1crypto import keys, tsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bench.people import AT, SIGNED, People
from signing.testing import Identity, read_request, timestamp_response, timestamp_token

LEVELS = ("B-B", "B-T", "B-LT")
_SIGNER_BOX, _ARRIVAL_BOX = (60, 30, 220, 70), (300, 30, 460, 70)
"""At the foot of the first page, where nothing is written."""


class Stamper(TimeStamper):  # type: ignore[misc]
    """A timestamp authority within this process."""

    def __init__(self, tsa: Identity, at: datetime) -> None:
        super().__init__()
        self._tsa, self._at = tsa, at

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        imprint, function, nonce = read_request(req.dump())
        token = timestamp_token(self._tsa, imprint, at=self._at, imprint_function=function, nonce=nonce)
        return tsp.TimeStampResp.load(timestamp_response(token))


def context(people: People) -> ValidationContext:
    """Roots, lists and time of every question; revocation is required and nothing is fetched."""
    return ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in people.roots],
        crls=list(people.lists),
        moment=AT,
        allow_fetching=False,
        revocation_mode="require",
    )


def signed(data: bytes, identity: Identity, people: People, *, level: str) -> bytes:
    """A new visible field, signed at this PAdES level."""
    more: dict[str, Any] = {}
    if level == "B-LT":
        more = {"embed_validation_info": True, "validation_context": context(people)}
    stamper = None if level == "B-B" else Stamper(people.tsa, SIGNED)
    return _sign(data, identity, name="Signer", box=_SIGNER_BOX, stamper=stamper, **more)


def arrived(data: bytes, people: People) -> bytes:
    """What a recipient's program adds to a file that was issued to it."""
    return _sign(data, people.recipient, name="Arrival", box=_ARRIVAL_BOX, stamper=None)


def _sign(
    data: bytes,
    identity: Identity,
    *,
    name: str,
    box: tuple[int, int, int, int],
    stamper: Stamper | None,
    **more: Any,
) -> bytes:
    store = SimpleCertificateStore()
    store.register_multiple(x509.Certificate.load(one) for one in identity.chain_der)
    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(identity.der),
        signing_key=keys.PrivateKeyInfo.load(identity.key_der),
        cert_registry=store,
    )
    meta = PdfSignatureMetadata(
        field_name=name, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", **more
    )  # fmt: skip
    out = io.BytesIO()
    with time_machine.travel(SIGNED, tick=False):
        made = PdfSigner(
            meta, signer=signer, timestamper=stamper, new_field_spec=SigFieldSpec(name, box=box),
            stamp_style=TextStampStyle(stamp_text="Signed by %(signer)s"),
        )  # fmt: skip
        asyncio.run(made.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), output=out))
    return out.getvalue()
