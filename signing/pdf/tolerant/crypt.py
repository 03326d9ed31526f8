"""Encrypted files."""

from __future__ import annotations

from typing import Any

from signing.errors import NeedsCare

Security = Any


def open_security(file: Any, notes: Any) -> Any:
    if any("Encrypt" in item.trailer for item in file.revisions):
        raise NeedsCare("encrypted")
    return None
