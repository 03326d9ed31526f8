"""The normalised draft: new pages around the old content, one revision, plain cross-reference table.

Runs in the jail (`task`). Nothing is cleaned in place: a new file is built from white-listed parts. Every page
becomes one form XObject on a page that starts at the origin and is not rotated, so that whatever the old page
did to its graphics state, its boxes or its rotation ends there, and every box can be given in plain points.
"""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf

from signing.errors import SigningError
from signing.jail.child import JailResult
from signing.pdf import EntryKind, read
from signing.prepare.draft import BadDraft
from signing.prepare.inspection import MAX_OBJECTS, check_references, inspect

MIN_SIDE, MAX_SIDE = 72.0, 14_400.0
"""Points: an inch, and the largest page that viewers agree on (annex C of ISO 32000-1)."""
_SCRUBBED = (
    "/AF",
    "/Alternates",
    "/LastModified",
    "/Measure",
    "/Metadata",
    "/OC",
    "/OPI",
    "/PieceInfo",
    "/PtData",
    "/Ref",
    "/StructParent",
    "/StructParents",
)
_RESOURCES = ("/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject")
_KINDS = ((b"PK\x03\x04", "zip"), (b"\xd0\xcf\x11\xe0", "ole"), (b"{\\rtf", "rtf"), (b"\xff\xd8\xff", "jpeg"))
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def task(payload: bytes, arguments: dict[str, Any]) -> JailResult:
    """The jailed task behind `normalise_in_jail`."""
    data, pages, removed = rewrite(payload, max_pages=arguments["max_pages"])
    return JailResult({"pages": pages, "removed": removed}, (data,))


def rewrite(data: bytes, *, max_pages: int) -> tuple[bytes, list[tuple[float, float]], list[str]]:
    """(the normalised file, width and height of every page, what was left out)."""
    _check_head(data)
    try:
        with _open(data) as source:
            return _rewrite(data, source, max_pages)
    except pikepdf.PasswordError:
        raise BadDraft("encrypted") from None
    except (pikepdf.PdfError, pikepdf.ForeignObjectError) as error:
        reason = str(error).rpartition("BytesIO object at ")[2].partition(": ")[2] or str(error)
        raise BadDraft("broken", reason=reason[:200]) from None


def _check_head(data: bytes) -> None:
    if data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        if data.count(b" obj") > MAX_OBJECTS:
            raise BadDraft("too_many_objects")
        return
    found = next((kind for mark, kind in _KINDS if data.startswith(mark)), "unknown")
    raise BadDraft("not_pdf", found=found)


def _open(data: bytes) -> pikepdf.Pdf:
    """No repair of damaged cross-references: two programs repair the same file into two documents."""
    pdf = pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True)
    if pdf.is_encrypted:
        pdf.close()
        raise BadDraft("encrypted")
    return pdf


def _rewrite(
    data: bytes, source: pikepdf.Pdf, max_pages: int
) -> tuple[bytes, list[tuple[float, float]], list[str]]:
    if len(source.pages) == 0:
        raise BadDraft("no_pages")
    if len(source.pages) > max_pages:
        raise BadDraft("too_many_pages", pages=len(source.pages), limit=max_pages)
    removed = inspect(source)
    check_references(data, source)
    _scrub(source)
    target = pikepdf.new()
    drawing = target.make_stream(b"q\n/Draft Do\nQ\n")
    sizes = [_add_page(target, page, drawing) for page in source.pages]
    target.Root.Lang = pikepdf.String(_language(source))
    written = _save(target)
    _check_result(written, len(sizes))
    return written, sizes, sorted(removed)


def _scrub(source: pikepdf.Pdf) -> None:
    """Keys that lead out of the page or show something else on another day; layers become plain content."""
    for found in source.objects:
        if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            for key in _SCRUBBED:
                if key in found:
                    del found[key]
            if str(found.get("/Type", "")) in {"/OCG", "/OCMD"}:
                for key in list(found.keys()):
                    del found[key]


def _add_page(target: pikepdf.Pdf, page: pikepdf.Page, drawing: pikepdf.Object) -> tuple[float, float]:
    """A fresh page that draws the old one as a form; returns its size."""
    left, bottom, right, top = _visible_box(page)
    scale = _scale(page)
    turn = _turn(page)
    width, height = (right - left) * scale, (top - bottom) * scale
    form = target.make_stream(
        _content(page),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=_numbers(left, bottom, right, top),
        Matrix=_numbers(*_matrix(turn, (left, bottom, right, top), scale)),
        Resources=_resources(target, page),
    )
    size = (width, height) if turn % 180 == 0 else (height, width)
    size = round(size[0], 2), round(size[1], 2)
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in size):
        raise BadDraft("page_size", width=size[0], height=size[1])
    entries = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=_numbers(0, 0, *size),
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Draft=form)),
        Contents=drawing,
    )
    if _is_transparent(page):
        entries.Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency, CS=pikepdf.Name.DeviceRGB, I=True)
    target.pages.append(pikepdf.Page(target.make_indirect(entries)))
    return size


def _visible_box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """What a viewer shows: the crop box within the media box."""
    try:
        media, crop = _rectangle(page.mediabox), _rectangle(page.cropbox)
    except (TypeError, ValueError):
        raise BadDraft("broken", reason="page box") from None
    box = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    return box if box[0] < box[2] and box[1] < box[3] else media


def _rectangle(value: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = (float(one) for one in value)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _scale(page: pikepdf.Page) -> float:
    value = page.obj.get("/UserUnit", 1)
    scale = float(value) if not isinstance(value, pikepdf.Object) else 0.0
    if not 0 < scale <= 100:
        raise BadDraft("page_size", user_unit=scale)
    return scale


def _turn(page: pikepdf.Page) -> int:
    value = page.obj.get("/Rotate", 0)
    if not isinstance(value, int) or value % 90:
        raise BadDraft("broken", reason="rotation")
    return value % 360


def _matrix(turn: int, box: tuple[float, float, float, float], scale: float) -> tuple[float, ...]:
    """From the old page's space to the new one: origin at the visible corner, rotation undone."""
    left, bottom, right, top = box
    a, b, c, d, e, f = {
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }[turn]
    return a * scale, b * scale, c * scale, d * scale, e * scale, f * scale


def _numbers(*values: float) -> pikepdf.Array:
    return pikepdf.Array([round(value, 4) if value % 1 else int(value) for value in values])


def _content(page: pikepdf.Page) -> bytes:
    """The page's content, its streams joined (7.8.2: a break between them counts as white space)."""
    found = page.obj.get("/Contents")
    if found is None:
        return b""
    parts = list(found) if isinstance(found, pikepdf.Array) else [found]
    if not all(isinstance(part, pikepdf.Stream) for part in parts):
        raise BadDraft("broken", reason="contents")
    return b"\n".join(part.read_bytes() for part in parts)


def _resources(target: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Object:
    """The white-listed resource classes, copied into the new file."""
    found = page.obj.get("/Resources")
    kept = pikepdf.Dictionary()
    if isinstance(found, pikepdf.Dictionary):
        for key in _RESOURCES:
            if key in found:
                kept[key] = _copied(target, found[key])
    return kept


def _copied(target: pikepdf.Pdf, value: Any) -> Any:
    """Indirect values are copied once by qpdf; direct dictionaries are rebuilt around them."""
    if not isinstance(value, pikepdf.Object):
        return value
    if value.is_indirect:
        return target.copy_foreign(value)
    if isinstance(value, pikepdf.Dictionary):
        made = pikepdf.Dictionary()
        for key in value.keys():  # noqa: SIM118  pikepdf
            made[key] = _copied(target, value[key])
        return made
    if isinstance(value, pikepdf.Array):
        return pikepdf.Array([_copied(target, one) for one in value])
    return value


def _is_transparent(page: pikepdf.Page) -> bool:
    group = page.obj.get("/Group")
    return isinstance(group, pikepdf.Dictionary) and str(group.get("/S", "")) == "/Transparency"


def _language(source: pikepdf.Pdf) -> str:
    found = source.Root.get("/Lang")
    text = str(found) if isinstance(found, pikepdf.String) else ""
    return text if _LANGUAGE.fullmatch(text) else "vi"


def _save(target: pikepdf.Pdf) -> bytes:
    """The same bytes for the same draft, on every machine with these versions."""
    out = io.BytesIO()
    target.save(
        out,
        force_version="1.7",
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        compress_streams=True,
        linearize=False,
    )
    return out.getvalue()


def _check_result(data: bytes, count: int) -> None:
    """Our own strict reader must read every object of what we are going to sign."""
    try:
        file = read(data)
        view = file.last
        for entry in view.entries.values():
            if entry.kind is EntryKind.PLAIN:
                for ref in file.load(entry, view).refs:
                    view.object(ref)
        if len(file.revisions) != 1 or len(file.pages()) != count:
            raise BadDraft("broken", reason="rewritten file")
    except BadDraft:
        raise
    except SigningError as error:
        raise BadDraft("broken", reason=error.code) from None
