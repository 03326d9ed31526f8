"""Checks on the machine: room on the disk, fonts, the preview, the reading of scans, Word files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from workflow.adapters import assets, ocr, office
from workflow.checks import Finding, Installation, fine, warn

GIGABYTE = 1024**3
LEAST_FREE = 2 * GIGABYTE


def disk(at: Installation) -> Iterator[Finding]:
    """Where drafts and signed files grow."""
    if at.settings.blob_url.startswith("s3://"):
        return
    folder = Path(at.settings.blob_url)
    if not folder.exists():
        return  # `environment.stores` says so
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield warn("disk", f"only {free / GIGABYTE:.1f} GB are free for {folder}")
    else:
        yield fine("disk", f"{free / GIGABYTE:.0f} GB are free for {folder}")


def browser_files(_at: Installation) -> Iterator[Finding]:
    """pdf.js and fonts."""
    if not assets.has_pdfjs():
        yield warn("preview", "pdf.js is not installed: pages are shown as images (`make setup` with npm in reach)")
    elif changed := assets.changed_files():
        yield warn("preview", f"served files differ from this version's list: {', '.join(changed)}")
    else:
        yield fine("preview", "pdf.js and fonts are those of this version")


def scan_reading(_at: Installation) -> Iterator[Finding]:
    """The OCR program and its Vietnamese model."""
    if ocr.available():
        yield fine("scans", "scanned papers are read by OCR (tesseract, Vietnamese)")
    elif not ocr.installed():
        yield warn("scans", "tesserocr is not installed: facts of scanned papers are typed by hand")
    else:
        yield warn(
            "scans", "the Vietnamese model is missing: scans are typed by hand (`make setup` with npm in reach)"
        )


def office_files(_at: Installation) -> Iterator[Finding]:
    """LibreOffice, which an office may do without."""
    if not office.installed():
        yield fine("word files", "LibreOffice is not installed: drafts are saved as PDF by whoever writes them")
    elif not office.walled():
        yield warn(
            "word files", "LibreOffice is not used: this kernel cannot close it in (Landlock, network namespaces)"
        )
    elif not assets.font_paths():
        yield warn("word files", "Word files become PDF without Tinos: lines may break elsewhere (`make setup`)")
    else:
        yield fine("word files", "Word files become PDF by LibreOffice in the jail")
