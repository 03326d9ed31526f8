"""One round of fuzzing: whatever the bytes, named errors only, and never a yes about content nobody signed."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import signing
from signing.cms import ber
from signing.cms.armour import looks_like_message, unwrap
from signing.cms.codec import read_signed_data
from signing.cms.message import is_set_of_attributes, read_message
from signing.errors import BrokenInput, NeedsCare
from signing.prepare import der
from signing.prepare.algorithms import HashFunction, digest
from signing.prepare.cms import attribute
from signing.reasons import Conclusion
from signing.testing import timestamp_attribute, timestamp_token
from tests.signing.cms import maker
from tests.signing.cms.maker import Plan, countersigned, loosened, make
from tests.signing.verification.office import AT, NOW, Office

SEEDS = Path(__file__).parents[2] / "assets" / "fuzz" / "cms"
CONTENT = b"Kinh gui: Uy ban nhan dan\n"
OTHER = CONTENT + b"!"


@cache
def office() -> Office:
    return Office()


def one(data: bytes) -> None:
    """Every reader on `data`, each by itself."""
    view = memoryview(data)
    for reader in (ber.to_der, ber.read_prefix, read_signed_data):
        try:
            reader(data)
        except NeedsCare:
            continue
    try:
        found = read_message(unwrap(view))
        is_set_of_attributes(found.pieces or ())
    except (NeedsCare, BrokenInput):
        pass
    is_set_of_attributes((view,))
    looks_like_message(data)
    judged(data)


def judged(data: bytes) -> None:
    """As a signature beside a file that nobody signed, and as one around what it carries itself."""
    place = office()
    beside = signing.verify_detached(data, OTHER, trust=place.trust, at=AT, evidence=place.evidence)
    assert beside.verdict is not Conclusion.PASSED, beside
    around = signing.verify_detached(data, trust=place.trust, at=AT, evidence=place.evidence)
    assert signing.DocumentVerdict.from_json(around.to_json()) == around
    for verdict in (beside, around):
        assert not verdict.detail.startswith("internal"), verdict.detail


def seeds() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(SEEDS.glob("*.bin"))}


def write_seeds() -> None:
    """One message of every shape; what fuzzing found bad once is kept beside them by hand."""
    place = office()
    agency = Plan(place.agency, claimed=NOW)
    plain = make(CONTENT, agency)
    stamp = timestamp_token(place.tsa, digest(HashFunction.SHA256, b"x"), at=NOW)
    fresh = place.issuer.crl(this_update=AT - timedelta(hours=1))
    values = der.sequence(der.explicit(0, der.sequence(fresh)))
    shapes = {
        "detached": plain,
        "attached": make(CONTENT, agency, attached=True),
        "streamed": loosened(make(CONTENT, agency, attached=True)),
        "streamed-detached": loosened(plain, piece=64),
        "two-signers": make(CONTENT, agency, Plan(place.leader)),
        "without-attributes": make(CONTENT, Plan(place.agency, with_attributes=False)),
        "by-key": make(CONTENT, Plan(place.agency, by_key=b"\x01" * 20)),
        "old-certificate-id": make(CONTENT, Plan(place.agency, essential=((maker.ESS_V1, place.agency.der),))),
        "countersigned": make(CONTENT, countersigned(Plan(place.agency), CONTENT, place.leader)),
        "timestamp": make(CONTENT, Plan(place.agency, unsigned=(timestamp_attribute(stamp),))),
        "lists-inside": make(CONTENT, agency, crls=(fresh,)),
        "revocation-values": make(
            CONTENT, Plan(place.agency, unsigned=(attribute(maker.REVOCATION_VALUES, values),))
        ),
        "no-signer": make(CONTENT),
        "bare-token": stamp,
    }
    SEEDS.mkdir(parents=True, exist_ok=True)
    for name, data in shapes.items():
        (SEEDS / f"{name}.bin").write_bytes(data)
