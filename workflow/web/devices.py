"""What a browser says of the device it runs on: enough to say which keys work there, never trusted for anything.

A guess can be wrong (an iPad says that it is a Mac; people use a telephone's browser in its desktop mode): the page
looks again at what points on the screen, and `?device=` overrides both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from flask import request
from werkzeug.datastructures import Headers

from workflow.web.context import current


class Device(StrEnum):
    """What somebody sits before, as far as keys care."""

    COMPUTER = "computer"
    PHONE = "phone"
    """Telephones and tablets: nothing can be plugged in that signs."""


_TOUCHED = re.compile(
    r"iPhone|iPad|iPod|Android|Mobile|Tablet|Silk/|Kindle|Windows Phone|Opera Mini", re.IGNORECASE
)

IN_APP: tuple[tuple[str, str], ...] = (
    ("Zalo", r"\bZalo\b|ZaloTheme|zaloapp"),
    ("Messenger", r"MessengerForiOS|MessengerLite|Orca-Android|FB4A;FBAN/Orca|FBAN/Messenger"),
    ("Facebook", r"FBAN|FBAV|FB_IAB|\bFBIOS\b"),
    ("Instagram", r"\bInstagram\b"),
    ("TikTok", r"musical_ly|BytedanceWebview|TikTok|trill_"),
    ("Viber", r"\bViber\b"),
    ("Line", r"\bLine/"),
    ("WeChat", r"MicroMessenger"),
    ("Telegram", r"Telegram-(?:Android|iOS)|TelegramBot-WebView"),
    ("Lotus", r"LotusChat|\bLotus/"),
    ("Skype", r"SkypeUriPreview|\bSkype\b"),
    ("Gmail", r"\bGSA/.*Gmail|GmailiOS"),
    ("", r"; wv\)|\bWebView\b"),
)
"""Browsers within another program, by what they call themselves; the last one is any that names no program. They
keep no login, hand over no files and know no extensions, and people do not see that they are in one."""

_WITHIN = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in IN_APP)


def device_of(headers: Mapping[str, str] | Headers, *, told: str = "") -> Device:
    """What it is: as its owner says, else the browser's own hint, else its name."""
    if told in set(Device):
        return Device(told)
    hint = headers.get("Sec-CH-UA-Mobile", "")
    if hint == "?1":
        return Device.PHONE
    return Device.PHONE if _TOUCHED.search(headers.get("User-Agent", "")) else Device.COMPUTER


def within(headers: Mapping[str, str] | Headers) -> str | None:
    """The program that this browser is a part of, `""` where it names none; None for a browser of its own."""
    agent = headers.get("User-Agent", "")
    return next((name for name, pattern in _WITHIN if pattern.search(agent)), None)


def browser_within() -> str | None:
    """`within` for the present request."""
    return within(request.headers)


def address_here() -> str:
    """The address of the present page, to be opened in another browser; of a page that was sent, where it was."""
    path = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return f"{current().settings.base_url}{path}"
