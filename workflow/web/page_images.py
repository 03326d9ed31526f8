"""Page images of stored files and the words on them: drawn and read in the jail, kept for a while here."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from signing import jail
from workflow.adapters import office
from workflow.adapters.blobs import Blobs
from workflow.domain.errors import BadInput, NotFound, Refused
from workflow.store.session import UnitOfWork

V = TypeVar("V")

WIDTH = 1000
"""Pixels across a page: sharp at the width it is shown, about 55 KB."""

_PDF, _PICTURE = "workflow.adapters.pages", "workflow.adapters.image_pages"
_FOR_PICTURES = jail.Limits(cpu=8.0, memory=1536 * 1024 * 1024)
"""`image_pages.LIMITS`; that module itself belongs into the jail, and Pillow with it."""


class _Kept(Generic[V]):
    """The last few values by key."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[tuple[str, int], V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, int]) -> V | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: tuple[str, int], value: V) -> V:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return value


_images: _Kept[bytes] = _Kept(96)
_papers: _Kept[bytes] = _Kept(4)
"""Office files as PDF: printing one takes seconds."""
_unprinted: _Kept[str] = _Kept(256)
"""Why others cannot be printed: they are not tried again and again."""
_printing = Lock()
_sizes: _Kept[tuple[tuple[float, float], ...]] = _Kept(512)


@dataclass(frozen=True, slots=True)
class PageTexts:
    """What a file says by itself. `cut`: there is more than was read."""

    text: str
    cut: bool


_texts: _Kept[PageTexts] = _Kept(24)
MOST_LETTERS = 400_000
"""Of one file that is compared with another: a hundred and fifty pages."""


def page_image(
    uow: UnitOfWork, blobs: Blobs, sha256: str, number: int, *, picture: bool = False, office_file: bool = False
) -> bytes:
    """One page of a PDF, of a `picture` such as a scan, or of an `office_file`, as WebP.

    `NotFound` for a page that is not there, `Refused("page_unreadable")` if drawing fails.
    """
    kept = _images.get((sha256, number))
    if kept is not None:
        return kept
    try:
        data = _printed(uow, blobs, sha256) if office_file else uow.compute(blobs.get, sha256)
    except BadInput as error:
        if error.code == "office_busy":
            raise
        raise Refused("page_unreadable") from error
    try:
        drawn = uow.compute(_run, "render", data, picture=picture, page=number, width=WIDTH)
    except jail.TaskRefused as error:
        raise NotFound("page_not_found") from error
    except jail.JailError as error:
        raise Refused("page_unreadable") from error
    return _images.put((sha256, number), drawn.blobs[0])


def page_sizes(
    uow: UnitOfWork, blobs: Blobs, sha256: str, *, picture: bool = False
) -> tuple[tuple[float, float], ...]:
    """(width, height) of every page in points; empty where the file cannot be read."""
    kept = _sizes.get((sha256, 0))
    if kept is not None:
        return kept
    data = uow.compute(blobs.get, sha256)
    try:
        measured = uow.compute(_run, "measure", data, picture=picture)
    except jail.JailError:
        return ()
    found = tuple((float(width), float(height)) for width, height in measured.json["sizes"])
    return _sizes.put((sha256, 0), found)


def page_texts(uow: UnitOfWork, blobs: Blobs, sha256: str) -> PageTexts:
    """The words of a stored PDF, read in the jail; empty for a scan and for what cannot be read."""
    kept = _texts.get((sha256, 0))
    if kept is not None:
        return kept
    data = uow.compute(blobs.get, sha256)
    try:
        found = uow.compute(_words, data)
    except jail.JailError:
        return _texts.put((sha256, 0), PageTexts("", cut=False))
    return _texts.put((sha256, 0), found)


def _words(data: bytes) -> PageTexts:
    said = jail.run("workflow.adapters.words:text", data, arguments={"max_characters": MOST_LETTERS}).json
    return PageTexts("\n".join(said["texts"]).strip(), cut=bool(said["cut"]))


def office_sizes(uow: UnitOfWork, blobs: Blobs, sha256: str) -> tuple[tuple[float, float], ...]:
    """The same of an office file, which is printed to PDF in the jail for it. Raises `BadInput("office_…")`."""
    kept = _sizes.get((sha256, 0))
    if kept is not None:
        return kept
    measured = uow.compute(_run, "measure", _printed(uow, blobs, sha256), picture=False)
    return _sizes.put((sha256, 0), tuple((float(across), float(along)) for across, along in measured.json["sizes"]))


def is_printed(sha256: str) -> bool:
    """Whether an office file's pages are here already, so that showing them costs nothing."""
    return _papers.get((sha256, 0)) is not None


def _printed(uow: UnitOfWork, blobs: Blobs, sha256: str) -> bytes:
    """An office file as PDF, made once however many ask."""
    key = (sha256, 0)
    if (kept := _papers.get(key)) is not None:
        return kept
    if not _printing.acquire(timeout=office.PATIENCE_S):
        raise BadInput("office_busy")
    try:
        if (kept := _papers.get(key)) is not None:
            return kept
        if (why := _unprinted.get(key)) is not None:
            raise BadInput(why)
        return _papers.put(key, uow.compute(office.to_pdf, uow.compute(blobs.get, sha256), accept=office.SHOWN))
    except BadInput as refused:
        if refused.code not in {"office_busy", "office_missing"}:
            _unprinted.put(key, refused.code)
        raise
    finally:
        _printing.release()


def _run(task: str, data: bytes, *, picture: bool, **arguments: int) -> jail.JailResult:
    limits = _FOR_PICTURES if picture else jail.Limits()
    return jail.run(f"{_PICTURE if picture else _PDF}:{task}", data, arguments=arguments, limits=limits)
