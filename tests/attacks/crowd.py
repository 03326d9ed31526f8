"""Many browsers at once, and every address there is."""

from __future__ import annotations

import re
import threading

from flask import Flask

from tests.support.browser import Browser


def another(app: Flask, like: Browser) -> Browser:
    """A second browser at the same office."""
    made = app.test_client()
    assert isinstance(made, Browser)
    made.engine, made.clock, made.office = like.engine, like.clock, like.office
    return made


def together(work: list[threading.Thread]) -> None:
    """All at once."""
    for one in work:
        one.start()
    for one in work:
        one.join()


def every_address(app: Flask, document: int) -> list[str]:
    """Each page of the service as an address about one document."""
    made = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/static"):
            continue
        path = re.sub(r"<int:(ordinal|number)>", "1", rule.rule)
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", re.sub(r"<int:\w+>", str(document), path))
        made.append(re.sub(r"<\w+>", "x", path) + f"?documents={document}")
    return made
