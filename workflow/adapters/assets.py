"""Where the files from npm lie, and whether they are there: the program must also work without them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from workflow.config import project_folder

LETTER_FONTS = (
    "Tinos_400Regular.ttf",
    "Tinos_700Bold.ttf",
    "Tinos_400Regular_Italic.ttf",
    "Tinos_700Bold_Italic.ttf",
)
"""Metric-compatible with Times New Roman, which Decree 30/2020 Appendix I asks for; OFL."""


def static_folder() -> Path:
    """What the web serves."""
    return project_folder() / "workflow" / "web" / "static"


def dist_folder() -> Path:
    """pdf.js and fonts as `make setup` or the wheel brought them; may be missing."""
    return static_folder() / "dist"


def font_paths() -> tuple[Path, ...]:
    """The fonts for letters and stamps, all four faces or none."""
    paths = tuple(dist_folder() / "tinos" / name for name in LETTER_FONTS)
    return paths if all(path.is_file() for path in paths) else ()


def ocr_data_folder() -> Path:
    """The language models for reading scans; not served, may be missing."""
    return project_folder() / "workflow" / "adapters" / "tessdata"


def has_pdfjs() -> bool:
    """The reader can show a PDF in the browser; else pages are images."""
    folder = dist_folder() / "pdfjs"
    return (folder / "pdf.min.mjs").is_file() and (folder / "pdf.worker.min.mjs").is_file()


def signer_digests() -> list[tuple[str, str]]:
    """SHA-256 and name of every module that runs beside a private key; published with each release."""
    folder = static_folder() / "signer"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(folder).as_posix()) for path in files]


def changed_files() -> list[str]:
    """Served npm files that differ from the committed list, are missing or unknown."""
    listed = (project_folder() / "workflow" / "web" / "npm" / "SHA256SUMS").read_text().splitlines()
    folder = dist_folder()
    found = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return sorted({line.split("  ", 1)[1] for line in set(listed) ^ set(found)})
