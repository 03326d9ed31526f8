"""What a clerk does at the pages of arrivals, over HTTP."""

from __future__ import annotations

import io
import re
from typing import Any

from werkzeug.test import TestResponse

from tests.support.browser import Browser
from tests.support.forms import version_of
from workflow.store import incoming as store
from workflow.store.models import Incoming
from workflow.store.session import unit_of_work

QUEUE = "/incoming/arrivals"
FACTS = {"issuer": "Sở Nội vụ tỉnh Lam Giang", "symbol": "412/SNV-TCBC", "issued_on": "20/11/2026",
         "type_code": "letter", "subject": "Rà soát biên chế", "urgency": "normal"}  # fmt: skip


def send(client: Browser, *files: tuple[str, bytes], json: bool = True, **fields: str) -> TestResponse:
    """Send files to the queue."""
    body: dict[str, Any] = {**fields, "files": [(io.BytesIO(data), name) for name, data in files]}
    headers = {"Accept": "application/json"} if json else {}
    return client.post(QUEUE, data=body, headers=headers)


def sent(client: Browser, *files: tuple[str, bytes], **fields: str) -> list[Any]:
    """What came of them."""
    found: list[Any] = send(client, *files, **fields).json
    return found


def number_in(address: str) -> int:
    """The document that an address is about."""
    found = re.search(r"/incoming/(\d+)/", address)
    assert found is not None
    return int(found[1])


def register(client: Browser, incoming_id: int, *, version: str = "", **changes: str) -> TestResponse:
    """The form as the page shows it, with changes, by Enter."""
    address = f"/incoming/{incoming_id}/register"
    given = {**FACTS, "version": version or version_of(client.get(address).text), "do": "register"}
    return client.post(address, data=given | changes)


def row(client: Browser, incoming_id: int, who: str = "clerk") -> Incoming:
    """The document as it stands."""
    with unit_of_work(client.engine) as uow:
        return store.find(client.office.scope(who), uow.session, incoming_id)


def subjects(page: str) -> list[str]:
    """Those of the rows, in order."""
    listed = page.split("<tbody>")[1] if "<tbody>" in page else ""
    return [re.sub(r"<[^>]+>", "", found).strip() for found in re.findall(r'register">(.*?)</a>', listed)]
