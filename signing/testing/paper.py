"""PDF files written byte by byte, so that every defect of structure and signature can be made on purpose.

paper = blank(Box("leader", (100, 100, 200, 150)))
signed = sign(paper, "leader", leader, at=now)
attacked = append(signed, {4: stream(b"0 0 m")})       # a later revision with any objects
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from signing.pdf import Ref, read
from signing.prepare.serialise import date, serialise
from signing.testing.identity import Identity
from signing.testing.messages import message

RESERVED = 12_000
WIDTH, HEIGHT = 595, 842
CATALOG, PAGES, PAGE, CONTENT, FORM, FIRST_FIELD = 1, 2, 3, 4, 5, 6
"""Object numbers of a blank paper."""


@dataclass(frozen=True, slots=True)
class Box:
    """An empty signature field on the only page."""

    name: str
    rect: tuple[float, float, float, float]
    extra: bytes = b""

    @property
    def page(self) -> int:
        return 1

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.rect

    @property
    def is_signature(self) -> bool:
        return True


def blank(
    *boxes: Box, replace: Mapping[int, bytes] | None = None, more: Mapping[int, bytes] | None = None
) -> bytes:
    """One revision, one page, its fields empty. `replace` and `more` put any bodies under any numbers."""
    fields = b" ".join(b"%d 0 R" % (FIRST_FIELD + index) for index in range(len(boxes)))
    objects = {
        CATALOG: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>",
        PAGES: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<<>>/Contents 4 0 R/Annots[%s]>>"
        % (WIDTH, HEIGHT, fields),
        CONTENT: stream(b"0 0 100 100 re S"),
        FORM: b"<</Fields[%s]/SigFlags 3>>" % fields,
    }
    for index, box in enumerate(boxes):
        objects[FIRST_FIELD + index] = widget(box)
    objects |= dict(replace or {})
    return write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", objects, b"/Root 1 0 R")


def widget(box: Box) -> bytes:
    rect = serialise(list(box.rect))
    head = b"<</Type/Annot/Subtype/Widget/FT/Sig/F 132/P 3 0 R/T(%s)/Rect%s" % (box.name.encode(), rect)
    return head + box.extra + b">>"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def form(width: float, height: float, *, entries: bytes = b"", box: bytes | None = None) -> bytes:
    """An appearance of this size; `box` replaces its /BBox."""
    shown = box or serialise([0, 0, width, height])
    return stream(b"0 0 m", b"/Type/XObject/Subtype/Form/Resources<<>>/BBox%s" % shown + entries)


def write(before: bytes, objects: Mapping[int, bytes], trailer: bytes, *, previous: int | None = None) -> bytes:
    """`before` and one revision: objects, table, trailer."""
    out, places = bytearray(before), {}
    for number in sorted(objects):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start = len(out)
    out += b"xref\n" + (b"0 1\n0000000000 65535 f \n" if previous is None else b"")
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    known = read(before).size if previous is not None else 0
    size = max(known, *(number + 1 for number in objects))
    link = b"/Prev %d" % previous if previous is not None else b""
    out += b"trailer\n<<%s/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, size, link, start)
    return bytes(out)


def append(data: bytes, objects: Mapping[int, bytes], *, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A later revision with these bodies."""
    return write(data, objects, trailer, previous=read(data).startxref)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to sign; the defaults are right. `message` makes the CMS over the covered bytes; `numbers` turns
    (start, end of the hole, length) into the /ByteRange; `dictionary` may rewrite the dictionary's bytes with
    the hole and range still empty; `shown` is the appearance; `objects` are put into the same revision;
    `reserved` hex digits are kept for the CMS."""

    message: Callable[[Identity, bytes], bytes] = message
    numbers: Callable[[int, int, int], tuple[int, ...]] = lambda start, end, length: (0, start, end, length - end)
    dictionary: Callable[[bytes], bytes] = lambda body: body
    field: Callable[[bytes], bytes] = lambda body: body
    filled: Callable[[bytes], bytes] = lambda digits: digits
    shown: bytes | None = None
    objects: Mapping[int, bytes] | None = None
    subfilter: bytes = b"ETSI.CAdES.detached"
    kind: bytes = b"Sig"
    reserved: int = RESERVED


RIGHT = Way()


def sign(data: bytes, name: str, identity: Identity, *, at: datetime, way: Way = RIGHT) -> bytes:
    """A later revision in which `identity` signs the empty field `name`."""
    file = read(data)
    target = next(item for item in file.signature_fields() if item.name == name)
    left, bottom, right, top = target.rect or (0.0, 0.0, 0.0, 0.0)
    value, shown = file.size, file.size + 1
    body = serialise({**target.node, "V": Ref(value), "AP": {"N": Ref(shown)}})
    objects = {
        target.ref.num: way.field(body),
        value: way.dictionary(signature_dictionary(at, way)),
        shown: way.shown or form(right - left, top - bottom),
    }
    return fill(append(data, objects | dict(way.objects or {})), identity, way=way)


def add_and_sign(data: bytes, box: Box, identity: Identity, *, at: datetime, way: Way = RIGHT) -> bytes:
    """What a recipient's arrival stamp does: a new field, signed in the same revision."""
    file = read(data)
    number, value, shown = file.size, file.size + 1, file.size + 2
    page = {**file.pages()[0].node}
    page["Annots"] = [*page.get("Annots", []), Ref(number)]
    fields = {**(file.acroform or {})}
    fields["Fields"] = [*fields["Fields"], Ref(number)]
    extra = b"/V %d 0 R/AP<</N %d 0 R>>" % (value, shown)
    left, bottom, right, top = box.rect
    objects = {
        PAGE: serialise(page),
        FORM: serialise(fields),
        number: way.field(widget(Box(box.name, box.rect, box.extra + extra))),
        value: way.dictionary(signature_dictionary(at, way)),
        shown: way.shown or form(right - left, top - bottom),
    }
    return fill(append(data, objects | dict(way.objects or {})), identity, way=way)


def signature_dictionary(at: datetime, way: Way) -> bytes:
    """With empty range and hole, for `fill`."""
    hole = b"/ByteRange[%s]/Contents<%s>" % (b" " * 60, b"0" * way.reserved)
    head = b"<</Type/%s/Filter/Adobe.PPKLite/SubFilter/%s" % (way.kind, way.subfilter)
    return head + hole + b"/M(%s)>>" % date(at)


def fill(data: bytes, identity: Identity, *, way: Way = RIGHT) -> bytes:
    """Write range and CMS into the newest empty hole."""
    place = data.rindex(b"/ByteRange[" + b" " * 60) + len(b"/ByteRange[")
    start = data.rindex(b"<" + b"0" * way.reserved + b">")
    end = start + way.reserved + 2
    numbers = way.numbers(start, end, len(data))
    data = data[:place] + b" ".join(b"%d" % one for one in numbers).ljust(60) + data[place + 60 :]
    covered = b"".join(data[numbers[at] : numbers[at] + numbers[at + 1]] for at in range(0, len(numbers) - 1, 2))
    digits = way.filled(way.message(identity, covered).hex().encode().ljust(way.reserved, b"0"))
    return data[: start + 1] + digits + data[end - 1 :]
