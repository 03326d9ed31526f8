"""Post from outside as a file: scanned on glass, signed by keys that are known here or not, altered."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
from enum import StrEnum

import pypdfium2 as pdfium
from PIL import Image, ImageChops

from signing.prepare import FieldKind, PlannedField, add_fields, embed, normalise_in_jail, prepare_signature
from signing.testing import Authority, Identity, Profile, Subject
from workflow.demo import authority
from workflow.demo.outside import Issuer, Paper

DPI = 200
FIELD = "Chu_ky_1"


class Look(StrEnum):
    """How a paper comes."""

    PLAIN = "plain"
    """A PDF with its text and no digital signature."""
    SCANNED = "scanned"
    SIGNED = "signed"
    """Signed under the province's own root."""
    STRANGE = "strange"
    """Signed under a root that nobody here has listed."""
    ALTERED = "altered"
    """Changed after it was signed."""


def file_of(paper: Paper, look: Look, *, at: dt.datetime) -> bytes:
    """The file as it arrives."""
    match look:
        case Look.SCANNED:
            return scanned(paper.pdf, random.Random(paper.symbol))  # noqa: S311  repeatable on purpose
        case Look.SIGNED:
            return _signed(paper, _known(paper.issuer), at=at)
        case Look.STRANGE:
            return _signed(paper, _unknown(paper.issuer), at=at)
        case Look.ALTERED:
            return _altered(_signed(paper, _known(paper.issuer), at=at))
        case _:
            return paper.pdf


def scanned(pdf: bytes, chance: random.Random) -> bytes:
    """Its pages as grey pictures, a little turned and grainy, as an office's scanner gives them."""
    pages = []
    for page in pdfium.PdfDocument(pdf):
        sheet = page.render(scale=DPI / 72).to_pil().convert("L")
        skew = chance.choice((-1, 1)) * chance.uniform(0.5, 1.4)
        sheet = sheet.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=250)
        grain = Image.frombytes("L", sheet.size, chance.randbytes(sheet.width * sheet.height))
        grain = grain.point([128 + (value - 128) // 14 for value in range(256)])
        pages.append(ImageChops.add(sheet, grain, offset=-128))
    stream = io.BytesIO()
    pages[0].save(
        stream, "PDF", resolution=DPI, save_all=True, append_images=pages[1:], quality=60,
        creationDate=None, modDate=None,
    )  # fmt: skip
    return stream.getvalue()


def _known(issuer: Issuer) -> Identity:
    return _issued(authority.issuing(), issuer)


def _unknown(issuer: Issuer) -> Identity:
    root = Subject(common_name="CA doanh nghiệp (không có trong danh sách)", organisation="Hư cấu")
    return _issued(Authority.root(root, now=authority.START), issuer)


def _issued(issuing: Authority, issuer: Issuer) -> Identity:
    subject = Subject(
        common_name=issuer.signer, title=issuer.titles[-1], organisation=issuer.name, locality=issuer.place
    )
    return issuing.issue(subject, Profile.PERSON, now=authority.START)


def _signed(paper: Paper, identity: Identity, *, at: dt.datetime) -> bytes:
    box = paper.leader
    field = PlannedField(
        name=FIELD, kind=FieldKind.LEADER, owner="leader", page=box.page, box=(box.x0, box.y0, box.x1, box.y1)
    )
    ready = add_fields(normalise_in_jail(paper.pdf).data, [field])
    made = prepare_signature(ready, field=FIELD, certificate=identity.der, at=at)
    return embed(
        made.document, to_be_signed=made.to_be_signed, signature=identity.sign(made.to_be_signed),
        certificate=identity.der, chain=identity.chain_der,
    )  # fmt: skip


def _altered(signed: bytes) -> bytes:
    """Another second in the time that the signature itself gives: one digit, and nothing covers it any more."""
    found = list(re.finditer(rb"/M *\(D:\d{13}(\d)", signed))[-1]
    digit = b"1" if found[1] != b"1" else b"2"
    return signed[: found.start(1)] + digit + signed[found.end(1) :]
