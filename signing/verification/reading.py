"""Step 4 and 5: from a signature field to its bytes and its CMS, or to the reason why not."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from signing.cms import ber
from signing.cms.algorithms import hash_of
from signing.cms.codec import DATA, TST_INFO, SignedData, read_signed_data
from signing.cms.rules import Checked, Expected, check
from signing.errors import BrokenInput, NeedsCare
from signing.path.certificates import inspect_certificate
from signing.pdf import Name, SignatureField
from signing.pdf.signature import RangeFault, SignedRange, holder, signed_range
from signing.reasons import Reason
from signing.verification.context import Context

CADES, PKCS7, RFC3161 = "ETSI.CAdES.detached", "adbe.pkcs7.detached", "ETSI.RFC3161"
_VALUE_KEYS = frozenset(
    {
        "Type", "Filter", "SubFilter", "ByteRange", "Contents", "M", "Name", "Location", "Reason", "ContactInfo",
        "Prop_Build", "V", "R", "Prop_AuthTime", "Prop_AuthType",
    }
)  # fmt: skip
_UNREADABLE_AS_BER = frozenset({"ber_encoding", "digest_unknown", "signature_algorithm_unknown", "key_unknown"})


@dataclass(slots=True)
class Reading:
    """What could be read of one signature. `message` None: nothing to check mathematically."""

    field: SignatureField
    revision: int | None = None
    covered: SignedRange | None = None
    message: SignedData | None = None
    token: bytes = b""
    checked: Checked | None = None
    reasons: list[Reason] = dataclasses.field(default_factory=list)

    @property
    def subfilter(self) -> str:
        value = self.field.value.get("SubFilter") if self.field.value is not None else None
        return str(value) if isinstance(value, Name) else ""

    @property
    def is_timestamp(self) -> bool:
        return self.subfilter == RFC3161

    @property
    def certificate(self) -> bytes | None:
        return self.checked.certificate if self.checked is not None else None

    @property
    def signer_name(self) -> str:
        """The common name of the signing certificate, empty when unknown."""
        try:
            return inspect_certificate(self.certificate).common_name if self.certificate else ""
        except BrokenInput:
            return ""


def read_signature(context: Context, item: SignatureField) -> Reading:
    reading = Reading(item)
    ref = item.value_ref
    if ref is not None and context.structure.holders.get(ref.num) != (item.ref.num,):
        reading.reasons.append(Reason.SIGNATURE_SHARED)
        return reading
    try:
        _read_range(context, reading)
        if reading.covered is not None:
            _read_message(context, reading, reading.covered)
    except NeedsCare as error:
        unknown = reading.message is not None or error.code in _UNREADABLE_AS_BER
        by_structure = error.code.startswith("signature_")
        care = unknown or by_structure
        reading.reasons.append(Reason.NEEDS_CAREFUL_CHECK if care else Reason.CMS_UNREADABLE)
    return reading


def _read_range(context: Context, reading: Reading) -> None:
    held, reading.revision = holder(context.structure, reading.field)
    if set(held.value) - _VALUE_KEYS or held.refs or "Lock" in reading.field.node:
        reading.reasons.append(Reason.NEEDS_CAREFUL_CHECK)
    found = signed_range(context.file, held, reading.revision)
    if isinstance(found, RangeFault):
        reading.reasons.append(Reason(found.code))
    else:
        reading.covered = found


def _read_message(context: Context, reading: Reading, covered: SignedRange) -> None:
    if reading.subfilter not in (CADES, PKCS7, RFC3161):
        reading.reasons.append(Reason.NEEDS_CAREFUL_CHECK)
        return
    reading.token, padding = ber.read_prefix(covered.contents)
    if padding.strip(b"\x00"):
        reading.reasons.append(Reason.PADDING_NOT_ZERO)
    reading.message = message = read_signed_data(reading.token)
    if reading.is_timestamp:
        expected = Expected(
            TST_INFO, lambda name: hash_of(name, message.content or b""), attached=True, old_certificate_id=True
        )
    else:
        expected = Expected(DATA, lambda name: digest_of(context, covered, name))
    reading.checked = check(message, expected)
    reading.reasons += [Reason(code) for code in reading.checked.faults]


def digest_of(context: Context, covered: SignedRange, name: str) -> bytes:
    return context.digest(name, gap_start=covered.gap_start, gap_end=covered.gap_end, end=covered.end)
