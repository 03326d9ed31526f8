"""A leader whose key lies far away: two documents with one approval, at a desk and at a telephone's width."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support import live
from tests.support.csc_service import ACCOUNT, CREDENTIAL, founded
from tests.support.csc_service import running as csc_running
from tests.support.far import KINDS
from tests.support.live import Town
from tests.support.remote_services import SimPki, SmartCa, Telephone, running
from tests.support.seats import Seats
from workflow.domain.outgoing import State
from workflow.store import certificates
from workflow.store.models import Certificate
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def telephones() -> Iterator[tuple[Telephone, Telephone]]:
    """A SmartCA and an operator's SIM service."""
    with running(SmartCa()) as smart, running(SimPki()) as sim:
        yield smart, sim


@pytest.fixture
def town(sqlite_template: Path, tmp_path: Path, telephones: tuple[Telephone, Telephone]) -> Iterator[Town]:
    """A town that is connected to three services."""
    with csc_running(founded(tmp_path)) as csc:
        setting = json.dumps([*(one.setting for one in telephones), csc.setting])
        with live.running(sqlite_template, tmp_path, remote_signing=setting) as made:
            csc.believed(made.office, at=made.clock())
            with unit_of_work(made.engine) as uow:
                uow.begin_write()
                row = certificates.live(uow.session, made.papers.keys.held["leader"].fingerprint)
                assert row is not None
                uow.add(_far(row, csc.certificate("person"), csc.certificate("authority")))
                uow.commit()
            yield made


def _far(like: Certificate, der: bytes, chain: bytes) -> Certificate:
    """The other maker's certificate, confirmed like the leader's own (the way there: `test_remote_signing_csc`)."""
    copied = {one.key: getattr(like, one.key) for one in Certificate.__table__.columns if one.key != "id"}
    return Certificate(
        **{**copied, "der": der, "sha256": hashlib.sha256(der).hexdigest(), "chain": chain, "holder": "remote_csc",
           "subject_name": "CSC", "held": {"provider": "csc", "account": ACCOUNT, "credential": CREDENTIAL}}
    )  # fmt: skip


def test_one_approval_for_two_documents(
    people: Seats, town: Town, telephones: tuple[Telephone, Telephone], chromium: Browser
) -> None:
    """CSC signs at once; the others when the telephone says so, the code on both screens."""
    leader = people.of("leader", width=1280)
    documents = [town.papers.awaiting() for _ in range(2)]
    chosen = "&".join(f"documents={one}" for one in documents)
    leader.go(f"/sign/leader/remote?{chosen}").press("Send the request").reads("Every file has its result.")
    assert [town.papers.row(one).state for one in documents] == [State.SIGNED] * 2
    for service in telephones:
        service.identity = town.papers.keys.held["leader"]
        _hold(town, service)
        document = town.papers.awaiting()
        leader.wide(1280).go(f"/sign/leader/remote?documents={document}")
        leader.page.get_by_label(service.title).check()
        leader.wide(390).press("Send the request").reads("waits for your approval")
        shown = leader.page.locator(".code").inner_text()
        assert shown in service.latest.words
        assert leader.page.evaluate("document.documentElement.scrollWidth") <= 390
        service.approve()
        leader.reads("Every file has its result.")
        expect(leader.page.locator(".signed-files .status")).to_have_text(["đã ký"])
        assert town.papers.row(document).state == State.SIGNED


def _hold(town: Town, service: Telephone) -> None:
    """The leader's own key lies with this service."""
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        row = certificates.live(uow.session, service.identity.fingerprint)
        assert row is not None
        credential = "sign" if service.kind == "sim" else f"{service.identity.serial:x}"
        row.holder = KINDS[service.kind][1]
        row.held = {"provider": service.name, "account": service.account, "credential": credential}
        uow.commit()
