"""Step 4 and 5: from a signature field to its bytes and its CMS, or to the reason why not."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from signing.cms import ber
from signing.cms.algorithms import Strength, hash_of
from signing.cms.codec import DATA, TST_INFO, SignedData, read_signed_data
from signing.cms.rules import Checked, Expected, check
from signing.errors import BrokenInput, NeedsCare
from signing.path.certificates import inspect_certificate
from signing.pdf import Name, SignatureField
from signing.pdf.signature import RangeFault, SignedRange
from signing.reasons import Reason
from signing.verification import pkcs1
from signing.verification.context import Context

CADES, PKCS7, RFC3161 = "ETSI.CAdES.detached", "adbe.pkcs7.detached", "ETSI.RFC3161"
PKCS7_SHA1 = "adbe.pkcs7.sha1"
_UNKNOWN = frozenset({"digest_unknown", "signature_algorithm_unknown", "key_unknown"})


@dataclass(slots=True)
class Reading:
    """What could be read of one signature. `message` None: nothing to check mathematically."""

    field: SignatureField
    certifies: bool = False
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
    reading = Reading(item, certifies=context.certifies(item))
    if context.is_shared(item):
        reading.reasons.append(Reason.SIGNATURE_SHARED)
        return reading
    try:
        _read_range(context, reading)
        if reading.covered is not None:
            _read_message(context, reading, reading.covered)
    except NeedsCare as error:
        reading.reasons.append(_why(context, reading, error))
    return reading


def _why(context: Context, reading: Reading, error: NeedsCare) -> Reason:
    if error.code in _UNKNOWN:
        return Reason.ALGORITHM_UNKNOWN
    unclear = reading.message is not None or error.code == "ber_encoding" or error.code.startswith("signature_")
    return context.unclear if unclear else Reason.CMS_UNREADABLE


def _read_range(context: Context, reading: Reading) -> None:
    located = context.locate(reading.field)
    reading.revision = located.revision
    if not located.plain:
        reading.reasons.append(context.unclear)
    if isinstance(located.found, RangeFault):
        reading.reasons.append(Reason(located.found.code))
    else:
        reading.covered = located.found


def _read_message(context: Context, reading: Reading, covered: SignedRange) -> None:
    if reading.subfilter == pkcs1.SUBFILTER:
        _read_bare(context, reading, covered)
        return
    if reading.subfilter not in (CADES, PKCS7, RFC3161, PKCS7_SHA1):
        reading.reasons.append(Reason.FORMAT_NOT_SUPPORTED)
        return
    reading.token, padding = ber.read_prefix(covered.contents)
    if padding.strip(b"\x00"):
        reading.reasons.append(Reason.PADDING_NOT_ZERO)
    reading.message = message = read_signed_data(reading.token)
    reading.checked = check(message, _expected(context, reading, message, covered))
    if reading.subfilter == PKCS7_SHA1:
        _check_inner_digest(context, reading, message, covered)
    reading.reasons += [Reason(code) for code in (*reading.checked.faults, *reading.checked.remarks)]


def _read_bare(context: Context, reading: Reading, covered: SignedRange) -> None:
    listed = reading.field.value.get("Cert") if reading.field.value is not None else None
    certificates = pkcs1.certificates_of(context.file.last.resolve, listed)
    try:
        reading.message, padding = pkcs1.read_bare(covered.contents, certificates)
    except NeedsCare:
        reading.reasons.append(Reason.FORMAT_NOT_SUPPORTED)
        return
    reading.reasons += [Reason.PADDING_NOT_ZERO] if padding.strip(b"\x00") else []
    reading.checked = pkcs1.check_bare(reading.message, lambda name: digest_of(context, covered, name))
    reading.reasons += [Reason(code) for code in reading.checked.faults]


def _expected(context: Context, reading: Reading, message: SignedData, covered: SignedRange) -> Expected:
    """12.8.3.3: the old formats are plain CMS, which need not name the certificate under the signature."""
    if reading.is_timestamp:
        return Expected(TST_INFO, lambda name: hash_of(name, message.content or b""), attached=True)
    if reading.subfilter == PKCS7_SHA1:
        return Expected(
            DATA, lambda name: hash_of(name, message.content or b""), attached=True, certificate_id_optional=True,
            attributes_optional=True,
        )  # fmt: skip
    old = reading.subfilter == PKCS7
    return Expected(
        DATA, lambda name: digest_of(context, covered, name), certificate_id_optional=old, attributes_optional=old
    )  # fmt: skip


def _check_inner_digest(context: Context, reading: Reading, message: SignedData, covered: SignedRange) -> None:
    """adbe.pkcs7.sha1 (12.8.3.3.2): the signed content is the SHA-1 digest of the covered bytes."""
    checked = reading.checked
    if checked is None:
        return
    if message.content != digest_of(context, covered, "sha1"):
        checked.digest_fits = False
        checked.faults.append(Reason.DIGEST_MISMATCH)
    if Reason.ALGORITHM_WEAK not in checked.faults:
        checked.strength = Strength.WEAK
        checked.faults.append(Reason.ALGORITHM_WEAK)


def digest_of(context: Context, covered: SignedRange, name: str) -> bytes:
    return context.digest(name, gap_start=covered.gap_start, gap_end=covered.gap_end, end=covered.end)
