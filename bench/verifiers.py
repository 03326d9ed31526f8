"""The sides of the comparison: ours, pyHanko, pdfsig, and what hash and signature cost OpenSSL by themselves.

Each is asked about one file at a time and answers yes or no; all get the same roots, lists and time, but for
pdfsig, which cannot be given any (`-nocert`: it checks hashes and signatures, not certificates).
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

import signing
from bench.foreign import context
from bench.papers import Paper
from bench.people import AT, People
from signing.cms import der
from signing.cms.attributes import MESSAGE_DIGEST
from signing.cms.ber import read_prefix
from signing.cms.codec import read_signed_data
from signing.cms.rules import certificate_names
from signing.path.check import CACHE
from signing.pdf import PdfDict, read
from signing.reasons import Conclusion

_STATE = re.compile(r"Signature Validation: (.*)")
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def forget() -> None:
    """Empty every cache of the library: paths that were judged, certificates and lists that were read."""
    CACHE.clear()
    for name, module in tuple(sys.modules.items()):
        if name.startswith("signing.") and not name.startswith(("signing.testing", "signing.prepare")):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def verdict(people: People, paper: Paper) -> signing.DocumentVerdict:
    """Our answer, with the plan of what was issued here."""
    return signing.verify(paper.data, trust=people.trust, at=AT, evidence=people.evidence, plan=paper.plan)


def ours(people: People) -> Callable[[Paper], bool]:
    """`signing.verify`, in process."""
    return lambda paper: verdict(people, paper).verdict is Conclusion.PASSED


def pyhanko(people: People, *, kept: bool = False) -> Callable[[Paper], bool]:
    """Its full validation with difference analysis, revocation required. A context of its own for every file, as
    each is a question with a time; `kept`: one for all files of a round, whose roots and lists it then knows."""
    known = context(people) if kept else None

    def judge(paper: Paper) -> bool:
        asked = known or context(people)
        try:
            found = PdfFileReader(io.BytesIO(paper.data)).embedded_regular_signatures
            lines = [validate_pdf_signature(item, asked, asked).bottom_line for item in found]
        except Exception:  # noqa: BLE001  how it refuses
            return False
        return bool(lines) and all(lines)

    return judge


def pdfsig(paper: Paper) -> bool:
    """Every signature valid; what was added behind the last one it only mentions."""
    done = subprocess.run(["pdfsig", "-nocert", str(paper.path)], capture_output=True, check=False)
    text = done.stdout.decode(errors="replace")
    states = _STATE.findall(text)
    return bool(states) and all(one == "Signature is Valid." for one in states)


@dataclass(frozen=True, slots=True)
class Sum:
    """One signature as mathematics: which bytes, which key, which value."""

    data: memoryview
    gap: tuple[int, int]
    end: int
    digest: bytes
    attributes: bytes
    key: Any
    signature: bytes

    def holds(self) -> bool:
        """SHA-256 over the range by OpenSSL, then the signature over the signed attributes."""
        engine = hashes.Hash(hashes.SHA256())
        engine.update(self.data[: self.gap[0]])
        engine.update(self.data[self.gap[1] : self.end])
        fits = engine.finalize() == self.digest
        chosen = utils.Prehashed(hashes.SHA256())
        over = hashlib.sha256(self.attributes).digest()
        try:
            if isinstance(self.key, ec.EllipticCurvePublicKey):
                self.key.verify(self.signature, over, ec.ECDSA(chosen))
            else:
                self.key.verify(self.signature, over, padding.PKCS1v15(), chosen)
        except InvalidSignature:
            return False
        return fits


def limit(paper: Paper) -> Callable[[], bool]:
    """The file taken apart beforehand, which the limit does not pay for; only the mathematics is left."""
    fields = read(paper.data).signature_fields()
    found = [_sum(paper.data, field.value) for field in fields if field.value is not None]
    return lambda: sum(one.holds() for one in found) == len(found)


def _sum(data: bytes, value: PdfDict) -> Sum:
    _start, first, second, rest = value["ByteRange"]
    message, _padding = read_prefix(bytes(value["Contents"]))
    taken = read_signed_data(message)
    signer = taken.signers[0]
    promised = next(one.values[0] for one in signer.signed if one.oid == MESSAGE_DIGEST)
    named = (signer.issuer, signer.serial)
    certificate = next(one for one in taken.certificates if certificate_names(one)[:2] == named)
    return Sum(
        data=memoryview(data), gap=(first, second), end=second + rest, digest=der.read(promised).content,
        attributes=signer.signed_der or b"", key=load_der_public_key(certificate_names(certificate)[2]),
        signature=signer.signature,
    )  # fmt: skip
