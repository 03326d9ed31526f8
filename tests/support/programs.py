"""Programs that some tests drive, and the package that brings each on Debian and Ubuntu."""

from __future__ import annotations

import shutil

import pytest

PACKAGES = {
    "chromium": "chromium",
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "mutool": "mupdf-tools",
    "softhsm2-util": "softhsm2",
    "openssl": "openssl",
    "soffice": "libreoffice-writer-nogui",
}
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Where Debian or Ubuntu put it: first the one without windows, the same in two thirds of the time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next((found for name in names if (found := shutil.which(name))), None)


def missing_for(item: pytest.Item) -> str:
    """The reason to leave a test out; empty where it can run."""
    wanted = {str(name) for marker in item.iter_markers("tools") for name in marker.args}
    absent = {PACKAGES.get(name, name) for name in wanted if shutil.which(name) is None}
    if item.get_closest_marker("browser") and chromium() is None:
        absent.add("chromium")
    return f"not installed: {', '.join(sorted(absent))}" if absent else ""
