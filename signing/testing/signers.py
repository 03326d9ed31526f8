"""Both phases in one call, for whoever has the key in hand: tests and the demonstration."""

from __future__ import annotations

from datetime import datetime

from signing.prepare import Claims, SignatureAlgorithm, embed, prepare_signature
from signing.prepare.signatures import NO_CLAIMS
from signing.testing.identity import Identity


def sign_document(
    document: bytes,
    *,
    field: str,
    identity: Identity,
    at: datetime,
    appearance_pdf: bytes | None = None,
    algorithm: SignatureAlgorithm | None = None,
    claims: Claims = NO_CLAIMS,
) -> bytes:
    """Prepare, sign with the identity's key, embed."""
    prepared = prepare_signature(
        document,
        field=field,
        certificate=identity.der,
        at=at,
        appearance_pdf=appearance_pdf,
        claims=claims,
    )
    signature = identity.sign(prepared.to_be_signed, algorithm, function=prepared.hash_function)
    return embed(
        prepared.document,
        to_be_signed=prepared.to_be_signed,
        signature=signature,
        signature_algorithm=algorithm,
        certificate=identity.der,
        chain=identity.chain_der,
    )
