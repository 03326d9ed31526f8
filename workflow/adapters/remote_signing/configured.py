"""The services that the settings name.

TRINHKY_REMOTE_SIGNING='[
  {"name": "smartca", "kind": "smartca", "title": "VNPT SmartCA", "url": "https://gwsca.example/sca/sp769",
   "user": "…", "password": "…", "hook": "at least 24 letters"},
  {"name": "csc", "kind": "csc", "title": "…", "url": "https://rssp.example/csc/v1", "token": "…"},
  {"name": "sim", "kind": "sim", "title": "Viettel SIM CA", "url": "https://mss.example", "user": "…",
   "password": "…"}]'
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from workflow.adapters.channels.posted import Place
from workflow.adapters.remote_signing import Provider
from workflow.adapters.remote_signing.asking import SECONDS, Line
from workflow.adapters.remote_signing.csc import APPROVAL, Csc
from workflow.adapters.remote_signing.mobile_pki import MobilePki
from workflow.adapters.remote_signing.smartca import SmartCa
from workflow.domain.errors import BadInput

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,29}")
CODE: Final = "remote_signing_unreadable"
SHORTEST_HOOK: Final = 24
LONGEST: Final = 25
"""Seconds for one answer: a log-in, an approval and a signature are over before a claim is (`claiming.LEASE`)."""


def providers(setting: str) -> dict[str, Provider]:
    """By name. Raises `BadInput("remote_signing_unreadable")`, which repeats nothing of it (it holds secrets)."""
    if not setting:
        return {}
    try:
        given = json.loads(setting)
        made = [_made(one) for one in given]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(CODE) from None
    found = {one.name: one for one in made}
    if len(found) != len(made):
        raise BadInput(CODE, about="name")
    return found


def _made(one: Mapping[str, Any]) -> Provider:
    name, title, base = str(one["name"]), str(one["title"])[:60], str(one["url"]).rstrip("/")
    user, password, token = (str(one.get(word, "")) for word in ("user", "password", "token"))
    hook, seconds = str(one.get("hook", "")), float(one.get("seconds", SECONDS))
    plain = all(word.isascii() and word.isprintable() for word in (user, password, token, hook))
    approval = float(one.get("approval", APPROVAL))
    timely = 1 <= seconds <= LONGEST and 1 <= approval <= APPROVAL
    if not _NAME.fullmatch(name) or not title or not plain or not timely or "?" in base:
        raise BadInput(CODE, about=name[:30])
    if hook and len(hook) < SHORTEST_HOOK:
        raise BadInput(CODE, about=name)
    line = Line(base, Place.of(base, private=one.get("private") is True, code=CODE), seconds=seconds)
    match one["kind"]:
        case "csc":
            return Csc(name, title, line, user, password, token, hook, approval)
        case "smartca" if user:
            return SmartCa(name, title, line, user, password, hook)
        case "sim" if user:
            return MobilePki(name, title, line, user, password, hook)
    raise BadInput(CODE, about=name)
