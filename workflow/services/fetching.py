"""Which machines revocation evidence may be asked of: the administrator's words in the environment, nothing else.

`TRINHKY_FETCH_HOSTS`: names, separated by spaces or commas. `TRINHKY_FETCH_MIRRORS`: `host=URL`, separated alike:
that URL is asked instead of the host. `TRINHKY_FETCH_PROXY`: `http://host:port`. Without hosts nothing is fetched.
"""

from __future__ import annotations

import re

from signing.errors import FetchRefused
from signing.fetch import FetchSettings
from signing.fetch.addresses import Target, parse
from workflow.config import Settings
from workflow.domain.errors import BadInput

_APART = re.compile(r"[\s,]+")


def fetch_settings(settings: Settings) -> FetchSettings:
    """What `signing.fetch` takes. Raises `BadInput("fetch_settings", about=…)` naming the part that is wrong."""
    hosts = frozenset(host for word in _words(settings.fetch_hosts) if (host := _host(word)))
    mirrors = dict(_mirror(word) for word in _words(settings.fetch_mirrors))
    if stray := sorted(mirrors.keys() - hosts):
        raise BadInput("fetch_settings", about=stray[0])
    proxy = settings.fetch_proxy.strip() or None
    if proxy is not None and _target(proxy, any_port=True).scheme != "http":
        raise BadInput("fetch_settings", about=proxy)
    return FetchSettings(hosts=hosts, mirrors=mirrors, proxy=proxy)


def _words(text: str) -> list[str]:
    return [word for word in _APART.split(text) if word]


def _host(word: str) -> str:
    found = _target(f"http://{word}")
    if found.authority != word.lower().rstrip(".") or found.resource != "/":
        raise BadInput("fetch_settings", about=word)
    return found.host


def _mirror(word: str) -> tuple[str, str]:
    host, sign, url = word.partition("=")
    if not sign or "?" in url:
        raise BadInput("fetch_settings", about=word)
    _target(url)
    return _host(host), url


def _target(url: str, *, any_port: bool = False) -> Target:
    try:
        return parse(url, any_port=any_port)
    except FetchRefused as error:
        raise BadInput("fetch_settings", about=url) from error
