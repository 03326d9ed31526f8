"""Many browsers at once, and every address there is."""

from __future__ import annotations

import io
import re
import threading
import zipfile

import pypdfium2
from flask import Flask
from werkzeug.test import TestResponse

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


def all_words(answer: TestResponse) -> str:
    """What an answer says, whatever it is: a page, a printed register, a sheet."""
    match answer.mimetype:
        case "application/pdf":
            with pypdfium2.PdfDocument(answer.data) as pdf:
                return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
        case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
            with zipfile.ZipFile(io.BytesIO(answer.data)) as sheet:
                return "\n".join(sheet.read(name).decode("utf-8", "replace") for name in sheet.namelist())
    return answer.data.decode("utf-8", "replace")
