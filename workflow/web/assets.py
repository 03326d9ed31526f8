"""Static files under an address that changes when any of them changes, so that browsers may keep them for a year.

The version stands in the path, not in a query, so that relative imports between modules carry it too.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, abort, request, send_from_directory
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from workflow.web.guards import open_to_all
from workflow.web.security import Policy, use_policy

OWN = Path(__file__).parent / "static"
YEAR = 365 * 24 * 3600
KEY_WORKERS = "signer/"
"""Modules below this folder run in the worker that holds a private key."""

PACKED = (".css", ".js", ".mjs", ".svg")
"""Texts of ours, the same for everybody. Pages are never packed: they carry secrets beside what people typed."""

bp = Blueprint("assets", __name__)
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/wasm", ".wasm")


def _look_folder() -> Path:
    """Bootstrap 5 as Bootstrap-Flask carries it; the package itself is not imported."""
    spec = importlib.util.find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package Bootstrap-Flask is not installed")
    return Path(spec.origin).parent / "static" / "bootstrap5"


LOOK = _look_folder()


def folder_of(name: str) -> tuple[Path, str]:
    """The folder and the path in it: `bootstrap/…` comes from the package, the rest is ours."""
    if name.startswith("bootstrap/"):
        return LOOK, name.removeprefix("bootstrap/")
    return OWN, name


@lru_cache(maxsize=1)
def version() -> str:
    """A hash over the names, sizes and times of all files: it moves with every edit and costs no reading."""
    digest = hashlib.sha256()
    for root in (OWN, LOOK / "css"):
        for path in sorted(root.rglob("*")):
            if path.is_file():
                facts = path.stat()
                digest.update(f"{path.relative_to(root)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=256)
def asset(name: str) -> str:
    """The address of a static file."""
    return f"/static/{version()}/{name}"


@lru_cache(maxsize=64)
def asset_exists(name: str) -> bool:
    """Whether an optional file (a font, pdf.js) was built."""
    folder, path = folder_of(name)
    return (folder / path).is_file()


@bp.get("/static/<release>/<path:name>")
@open_to_all("style sheets, scripts and fonts hold nothing of anybody")
def static_file(release: str, name: str) -> Response:
    """A static file; kept for a year under its own version, asked for again under any other."""
    folder, path = folder_of(name)
    if any(part.startswith(".") for part in Path(path).parts):
        abort(404)
    use_policy(Policy.KEY_WORKER if name.startswith(KEY_WORKERS) else Policy.ASSET)
    fresh = release == version()
    answer = send_from_directory(folder, path, conditional=True, etag=True, max_age=YEAR if fresh else 0)
    if fresh:
        answer.cache_control.immutable = True
    if fresh and path.endswith(PACKED):
        answer.vary.add("Accept-Encoding")
        if answer.status_code == 200 and request.accept_encodings.quality("gzip") > 0:
            _pack(answer, packed(release, name))
    return answer


@lru_cache(maxsize=256)
def packed(_release: str, name: str) -> bytes:
    """A file as gzip, made once a process for each version of the files; the style sheet alone has 232 kB."""
    folder, path = folder_of(name)
    return gzip.compress((folder / path).read_bytes(), 9, mtime=0)


def _pack(answer: Response, data: bytes) -> None:
    answer.close()  # the open file that this takes the place of
    answer.direct_passthrough = False
    answer.set_data(data)
    answer.headers["Content-Encoding"] = "gzip"
    if (tag := answer.get_etag()[0]) is not None:
        answer.set_etag(f"{tag}-gzip")


@lru_cache(maxsize=1)
def _symbols() -> dict[str, tuple[str, str]]:
    sprite = (LOOK / "icons" / "bootstrap-icons.svg").read_text("utf-8")
    found = re.findall(r'<symbol class="[^"]*" viewBox="([^"]+)" id="([^"]+)">(.*?)</symbol>', sprite, re.DOTALL)
    return {name: (box, paths) for box, name, paths in found}


@lru_cache(maxsize=256)
def icon(name: str) -> Markup:
    """A Bootstrap icon, drawn in the page; beside a word, so hidden from screen readers."""
    box, paths = _symbols()[name]
    return Markup(  # noqa: S704  the sprite is part of an installed package
        f'<svg class="icon" viewBox="{escape(box)}" aria-hidden="true" focusable="false">{paths}</svg>'
    )
