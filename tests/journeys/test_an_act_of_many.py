"""Twelve documents in one act: a server that lies is found out before the key is used; a lost network and a closed
page cost nothing; and what was signed is one act.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from playwright.sync_api import Route, expect
from sqlalchemy import func, select

from tests.support import live
from tests.support.live import Town
from tests.support.seats import Seat, Seats
from workflow.store.models import History, Signature, SigningSession
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

PASSWORD = "mở khóa 2026"
COUNT = 12
SUBMIT, ERRORS, RETRY = ".key-form button[type=submit]", "[data-errors]", "[data-retry]"


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of its own: who signed what is counted."""
    with live.running(sqlite_template, tmp_path_factory.mktemp("town-of-many")) as made:
        yield made


def answered(change: Callable[[Any], None]) -> Callable[[Route], None]:
    """The server's JSON, rewritten on the way."""

    def handle(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        change(body)
        route.fulfill(response=response, body=json.dumps(body))

    return handle


def of_the_last(change: Callable[[bytes], bytes]) -> Callable[[Route], None]:
    """What is to be signed of the last document of a part, rewritten on the way."""

    def rewrite(body: Any) -> None:
        item = body["items"][-1]
        item["toBeSigned"] = base64.b64encode(change(base64.b64decode(item["toBeSigned"]))).decode()

    return answered(rewrite)


def wrong_digest(to_be_signed: bytes) -> bytes:
    """One bit of the digest of one document."""
    attributes = cms.CMSAttributes.load(to_be_signed)
    digest = next(one for one in attributes if one["type"].native == "message_digest")["values"][0].native
    return to_be_signed.replace(digest, bytes([digest[0] ^ 1]) + digest[1:])


def extra_attribute(to_be_signed: bytes) -> bytes:
    """Signed besides: what nobody was shown."""
    more = cms.CMSAttribute({"type": "1.2.3.4", "values": [cms.OctetString(b"and a loan contract")]})
    return bytes(cms.CMSAttributes([*cms.CMSAttributes.load(to_be_signed), more]).dump())


def prepared_file(change: Callable[[bytes], bytes]) -> Callable[[Route], None]:
    def handle(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=change(response.body()))

    return handle


def shortened_range(file: bytes) -> bytes:
    """The last number of the range, ten less: the end of the file would not be covered."""
    at = file.rindex(b"/ByteRange")
    found = re.search(rb"\[\s*\d+\s+\d+\s+\d+\s+(\d+)\s*\]", file[at:])
    assert found is not None
    start, end = at + found.start(1), at + found.end(1)
    return file[:start] + str(int(found[1]) - 10).encode().rjust(end - start) + file[end:]


LIES: dict[str, tuple[str, Callable[[Route], None], str]] = {
    "one wrong digest": ("**/sign/leader/prepare", of_the_last(wrong_digest), "digest_mismatch"),
    "an extra attribute": ("**/sign/leader/prepare", of_the_last(extra_attribute), "extra_attribute"),
    "another PDF": ("**/sign/sessions/**", prepared_file(lambda _: b"%PDF-1.7\nanother paper"),
                    "not_the_version_read"),
    "a page changed": ("**/sign/sessions/**", prepared_file(lambda file: file.replace(b"/Type", b"/Tipe", 1)),
                       "not_the_version_read"),
    "a shortened range": ("**/sign/sessions/**", prepared_file(shortened_range), "byte_range"),
    "another code": ("**/sign/leader/fix", answered(lambda body: body.update(code="AAAAAAAAAA")), "act_differs"),
}  # fmt: skip


def posted(town: Town, what: str) -> int:
    return sum(one.method == "POST" and one.path.endswith(what) for one in town.asked)


def signed(town: Town) -> int:
    with unit_of_work(town.engine) as uow:
        return uow.session.scalar(select(func.count()).select_from(Signature)) or 0


def test_lies_a_lost_network_and_a_closed_page(people: Seats, town: Town) -> None:
    """Six lies, each found before the key is used; then ten are signed, the network is lost, the page is closed; a
    telephone's width later the desk offers the other two, and they are signed in the same act."""
    ids = [town.papers.awaiting(subject=f"V/v việc số {number}") for number in range(COUNT)]
    seat = people.of("leader").go("/sign?" + "&".join(f"documents={one}" for one in ids))
    seat.page.set_input_files("[data-key-file]", town.key_file("leader", PASSWORD))
    seat.page.fill("[data-key-password]", PASSWORD)
    for name, (address, lie, code) in LIES.items():
        told(seat, town, name, address, lie, code)
    assert signed(town) == 0
    sent: list[str] = []

    def lose_the_second(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) == 1:
            route.continue_()
        else:
            route.abort()

    seat.page.route("**/sign/leader/finish", lose_the_second)
    seat.page.click(SUBMIT)
    expect(seat.page.locator(ERRORS)).to_have_attribute("data-code", "network")
    expect(seat.page.locator(ERRORS)).to_contain_text("Chữ ký")
    code = seat.page.locator("[data-act-code] strong").inner_text()
    assert re.fullmatch(r"[A-Z2-7]{5} [A-Z2-7]{5}", code)
    assert signed(town) == 10
    seat.told = [line for line in seat.told if "ERR_FAILED" not in line]
    seat.page.unroute_all()
    gone_on(seat.wide(390), code)
    with unit_of_work(town.engine) as uow:
        acts = uow.session.execute(select(Signature.act_id, func.count()).group_by(Signature.act_id)).all()
        assert [count for _act, count in acts] == [COUNT]
        kept = uow.session.get_one(SigningSession, acts[0][0])
        assert f"{kept.manifest_code[:5]} {kept.manifest_code[5:]}" == code
        steps = list(uow.session.scalars(select(History.document_id).where(History.action == "sign")))
        assert sorted(steps) == sorted(ids)


def told(seat: Seat, town: Town, name: str, address: str, lie: Callable[[Route], None], code: str) -> None:
    """The lie is named, nothing was signed, nothing is sent; the key stays open for another try."""
    town.asked.clear()
    seat.page.route(address, lie)
    seat.page.click(SUBMIT)
    expect(seat.page.locator(ERRORS)).to_have_attribute("data-code", code)
    expect(seat.page.locator(ERRORS)).to_contain_text("Chưa ký")
    assert posted(town, "/finish") == 0, name
    assert posted(town, "/fix") == (code == "act_differs"), name
    seat.page.unroute(address)


def gone_on(seat: Seat, code: str) -> None:
    """By the desk, at the width of a telephone."""
    seat.go("/desk")
    notice = seat.page.locator(".act-open")
    expect(notice).to_contain_text("Lượt ký dở dang: đã ký 10/12, còn 2.")
    seat.follow("Go on with the rest").confirm_it_is_me()
    expect(seat.page.locator(".act-begun")).to_contain_text(code)
    expect(seat.page.locator(".preflight article")).to_have_count(2)
    seat.choose_key(seat.town.key_file("leader", PASSWORD), PASSWORD)
    seat.page.wait_for_url("**/sign/receipt?**")
    expect(seat.page.locator("tbody tr")).to_have_count(COUNT)
    expect(seat.page.locator("tbody tr").first).to_contain_text(code)
