"""The only network of this library: revocation lists, OCSP answers and certificates of authorities.

    found = gather(certificate, chain=chain, trust=trust, settings=FetchSettings(hosts={"crl.ca.gov.vn"}), at=now)
    verdict = signing.verify(pdf, trust=trust, at=now, evidence=found.evidence)

`stamp` asks a timestamp authority. Nothing in `signing.verify` imports this room: whoever wants evidence from
outside gathers it first.
"""

from signing.errors import FetchRefused
from signing.fetch.content import ContentKind
from signing.fetch.gathering import Fetched, Gathered, Problem, fetch, gather
from signing.fetch.reasons import FetchReason
from signing.fetch.settings import FetchSettings
from signing.fetch.stamping import Stamped, StampReason, stamp

__all__ = [
    "ContentKind",
    "FetchReason",
    "FetchRefused",
    "FetchSettings",
    "Fetched",
    "Gathered",
    "Problem",
    "StampReason",
    "Stamped",
    "fetch",
    "gather",
    "stamp",
]
