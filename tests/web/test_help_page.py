"""The help page: every seat's tasks, unfolded for those who do them, and links that lead somewhere."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import Browser
from workflow.web.guide import GUIDE, KEYS


def parts(page: str) -> dict[str, bool]:
    """Title → whether it is unfolded."""
    found = re.findall(r'<details class="guide"( open)?>\s*<summary><strong>([^<]+)', page)
    return {title: bool(is_open) for is_open, title in found}


def test_everybody_sees_all_and_their_own_unfolded(client: Browser) -> None:
    """Without a login too: who cannot log in needs the page most."""
    client.set_cookie("trinhky_language", "en")
    stranger = client.get("/help").text
    assert set(parts(stranger)) == {part.title for part in GUIDE}
    assert not any(parts(stranger).values())
    for key, words in KEYS:
        assert f"<kbd>{key}</kbd>" in stranger
        assert words in stranger
    mine = parts(client.login("clerk").get("/help").text)
    assert (mine["Clerk: what arrives"], mine["Clerk: what goes out"], mine["Leader"]) == (True, True, False)
    assert parts(client.login("leader").get("/help").text)["Leader"]


@pytest.mark.parametrize("who", ["clerk", "drafter", "head", "leader", "deputy", "inspector"])
def test_its_links_lead_somewhere(client: Browser, who: str) -> None:
    """Nobody is sent to a page that is closed to them."""
    page = client.login(who).get("/help").text
    guide = page.split('class="guide"', 1)[1].split("</details>\n<h2>")[0]
    for address in set(re.findall(r'<a href="(/[^"]*)"', guide)):
        assert client.get(address).status_code in {200, 303}, address
