"""The signed files that verification is measured on: made by another program, and issued by our own chain."""

from __future__ import annotations

import io
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pikepdf
from PIL import Image

from bench.foreign import LEVELS, arrived, signed
from bench.people import KINDS, SIGNED, People
from signing.cms.ber import read_prefix
from signing.cms.codec import read_signed_data
from signing.pdf import read
from signing.prepare import Normalised, PlannedField, add_fields, normalise_in_jail, propose_plan
from signing.prepare.plan import FieldKind
from signing.testing import Identity, KeyKind, sign_document
from signing.testing.drawings import appearance, letter

KILOBYTE = 1024
SIZES = {"100KB": 100 * KILOBYTE, "1MB": 1024 * KILOBYTE, "10MB": 10240 * KILOBYTE}
FOREIGN = {"100KB": 6, "1MB": 4, "10MB": 2}
"""Files of this size for every kind of key and level: 108 in all, most of them small, as in an office."""
ISSUED = {"100KB": 10, "1MB": 6, "10MB": 2}
"""For every kind of key, stamped on arrival or not: 108 in all."""
_SCAN, _PICTURE = 250 * KILOBYTE, 50 * KILOBYTE
_WORDS = {"Leader": "Nguyễn Văn Hiền", "Number": "Số: 15/UBND-VP", "Seal": "UBND xã Bằng Ái"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One signed file. `plan` is what the office knows of a file that it issued itself."""

    path: Path
    data: bytes
    size: str
    plan: tuple[PlannedField, ...] | None = None


def foreign(people: People, folder: Path) -> Iterator[Paper]:
    """Every kind of key, level and size, half of them with object streams."""
    for kind, level, size in itertools.product(KINDS, LEVELS, SIZES):
        for number in range(FOREIGN[size]):
            draft = _draft(size, report=number % 2 == 1, packed=number % 4 > 1)
            data = signed(draft, people.leader(kind), people, level=level)
            yield _kept(folder / f"{kind}-{level}-{size}-{number}.pdf", data, size=size)


def issued(people: People, folder: Path) -> Iterator[Paper]:
    """Leader, number and seal in planned fields; half of them stamped by a recipient afterwards."""
    for kind, stamped, size in itertools.product(KINDS, (False, True), SIZES):
        for number in range(ISSUED[size]):
            data, plan = _issued(people, kind, size, report=number % 2 == 1)
            data = arrived(data, people) if stamped else data
            name = f"issued-{kind}-{'stamped' if stamped else 'plain'}-{size}-{number}.pdf"
            yield _kept(folder / name, data, size=size, plan=plan)


def many(people: People, folder: Path) -> tuple[Paper, Paper]:
    """(one signature, sixteen signatures) in a file with sixteen planned fields."""
    draft = _normalised("100KB")
    plan = propose_plan(draft.pages, cosigners=8, initials=5, footer=False)
    one = data = add_fields(draft.data, plan)
    for index, field in enumerate(plan):
        data = sign_document(data, field=field.name, identity=people.leader(KeyKind.P256), at=SIGNED,
                             appearance_pdf=drawn("Đã ký", field.size))  # fmt: skip
        one = data if not index else one
    single = _kept(folder / "one.pdf", one, size="100KB", plan=plan)
    return single, _kept(folder / "sixteen.pdf", data, size="100KB", plan=plan)


def tampered(papers: list[Paper], folder: Path) -> Iterator[Paper]:
    """Of each file two: a byte of its content changed, and a digit of its first signature's value."""
    for paper in papers:
        held = min(
            read(paper.data).signature_fields(),
            key=lambda item: item.value["Contents"].start if item.value else 1 << 40,
        )
        value = read_signed_data(read_prefix(bytes((held.value or {})["Contents"]))[0]).signers[0].signature
        digits = value.hex().encode()
        found = paper.data.find(digits) if digits in paper.data else paper.data.index(digits.upper())
        for name, place, other in (
            ("content", paper.data.index(b"endstream") - 30, b"\x00\x01"),
            ("value", found + len(digits) - 9, b"12"),
        ):
            new = other[:1] if paper.data[place : place + 1] != other[:1] else other[1:]
            data = paper.data[:place] + new + paper.data[place + 1 :]
            yield _kept(folder / f"{name}-{paper.path.name}", data, size=paper.size, plan=paper.plan)


def _kept(path: Path, data: bytes, *, size: str, plan: tuple[PlannedField, ...] | None = None) -> Paper:
    path.write_bytes(data)
    return Paper(path=path, data=data, size=size, plan=plan)


def _issued(people: People, kind: KeyKind, size: str, *, report: bool) -> tuple[bytes, tuple[PlannedField, ...]]:
    data, plan = planned(size, report=report)
    hands: dict[str, Identity] = {
        "Leader": people.leader(kind), "Number": people.agency(kind), "Seal": people.agency(kind)
    }  # fmt: skip
    for name, who in hands.items():
        field = next(item for item in plan if item.name == name)
        drawing = drawn(_WORDS[name], field.size)
        data = sign_document(data, field=name, identity=who, at=SIGNED, appearance_pdf=drawing)
    return data, plan


drawn = cache(appearance)


@cache
def planned(size: str, *, report: bool) -> tuple[bytes, tuple[PlannedField, ...]]:
    draft = _normalised(size, report=report)
    plan = propose_plan(draft.pages)
    footer = next(field for field in plan if field.kind is FieldKind.FOOTER)
    return add_fields(draft.data, plan, footer=drawn("Mã tra cứu: K7QF-2M9X", footer.size)), plan


@cache
def _normalised(size: str, *, report: bool = False) -> Normalised:
    return normalise_in_jail(_draft(size, report=report))


@cache
def _draft(size: str, *, report: bool = False, packed: bool = False) -> bytes:
    """Up to the size: a letter of two pages with scans behind it (few objects), or a report with text and a picture
    on every page (many). `packed`: its objects in object streams."""
    pdf = _report(SIZES[size]) if report else _scanned(SIZES[size])
    out, mode = io.BytesIO(), pikepdf.ObjectStreamMode
    pdf.save(out, object_stream_mode=mode.generate if packed else mode.disable, deterministic_id=True)
    return out.getvalue()


def _scanned(left: int) -> pikepdf.Pdf:
    pdf, number = pikepdf.open(io.BytesIO(letter(pages=2))), 0
    while left > 0:
        scan = _scan(min(left, _SCAN), number)
        page = pikepdf.Page(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Page, MediaBox=[0, 0, 595.28, 841.89],
                Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=pdf.make_indirect(_image(pdf, scan)))),
                Contents=pdf.make_stream(b"q 595.28 0 0 841.89 0 0 cm /Scan Do Q"),
            )
        )  # fmt: skip
        pdf.pages.append(page)
        left, number = left - len(scan), number + 1
    return pdf


def _report(size: int) -> pikepdf.Pdf:
    pdf = pikepdf.open(io.BytesIO(letter(pages=max(2, size // _PICTURE))))
    for number, page in enumerate(pdf.pages):
        name = page.add_resource(pdf.make_indirect(_image(pdf, _scan(_PICTURE, number))), pikepdf.Name.XObject)
        page.contents_add(pdf.make_stream(b"q 120 0 0 120 300 300 cm %s Do Q" % str(name).encode()))
    return pdf


def _image(pdf: pikepdf.Pdf, scan: bytes) -> pikepdf.Stream:
    with Image.open(io.BytesIO(scan)) as seen:
        width, height = seen.size
    return pikepdf.Stream(
        pdf, scan, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
        ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip


def _scan(size: int, number: int) -> bytes:
    """A JPEG of about this many bytes: noise does not shrink."""
    side = max(16, int((size * 1.15) ** 0.5))
    noise = Image.frombytes("L", (side, side), random.Random(number).randbytes(side * side))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=90)
    return out.getvalue()
