"""Many at once on the page: ticked or by the filter, one line for each, and nothing of others."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.support.attached import annex
from tests.support.browser import Browser
from tests.support.issued import add_signed
from tests.support.office import Office
from tests.support.papers import Papers
from workflow.config import Settings
from workflow.sealer import Sealer, listen, load_keys
from workflow.store.models import Outgoing, Unit
from workflow.store.session import unit_of_work


def states(office: Office, keys: list[int]) -> list[str]:
    """Of documents, in this order."""
    with unit_of_work(office.engine) as uow:
        return [uow.session.get_one(Outgoing, key).state for key in keys]


def once(page: str) -> str:
    """The name of the form."""
    return str(re.findall(r'name="once" value="([^"]+)"', page)[0])


def start(client: Browser, act: str, ticked: list[str]) -> str:
    """From the list over the page before to the run; its address."""
    page = client.get("/bulk/new", query_string={"act": act, "documents": ticked}).text
    data = {"act": act, "once": once(page), "documents": re.findall(r'name="documents" value="([^"]+)"', page)}
    answer = client.post("/bulk", data=data)
    assert answer.status_code == 303, answer.text
    assert client.post("/bulk", data=data).headers["Location"] == answer.headers["Location"], "a double click"
    return str(answer.headers["Location"])


def run_through(client: Browser, address: str) -> str:
    """Go on until it is over, as the page does by itself, saying yes to a table's lines; the page of results."""
    for _step in range(20):
        page = client.get(address).text
        if "/go-on" not in page:
            return page
        said = {"make": "yes"} if 'name="make"' in page else {}
        assert client.post(f"{address}/go-on", data=said).status_code == 303
    raise AssertionError("it never ends")


def test_a_clerk_numbers_what_was_ticked(client: Browser, office: Office) -> None:
    """One was acted on meanwhile and says so, a foreign one is not named; the refused one is tried again."""
    first, second, third = add_signed(office, 3)
    [foreign] = add_signed(office, 1, unit="far_office", subject="Chuyện của xã khác")
    client.set_cookie("trinhky_language", "en")
    listed = client.login("clerk").get("/outgoing").text
    assert 'name="act" value="number"' in listed
    assert f'value="{first}:5"' in listed
    address = start(client, "number", [f"{first}:5", f"{second}:4", f"{third}:5", f"{foreign}:5"])
    page = run_through(client, address)
    assert "2 documents done; 1 not done" in page
    assert "This document was acted on since" in page
    assert "Chuyện của xã khác" not in page
    assert states(office, [first, second, third, foreign]) == ["numbered", "signed", "numbered", "signed"]
    assert client.get(f"{address}?show=refused").text.count('<th scope="row">') == 1
    again = client.post(f"{address}/again", data={"once": once(page)}).headers["Location"]
    assert "1 document done" in run_through(client, again)
    assert states(office, [second]) == ["numbered"]
    assert client.get("/bulk").text.count('<th scope="row">') == 2
    assert "Nothing was left in the middle" in client.get("/bulk?state=running").text


def test_all_that_match_the_filter(client: Browser, office: Office) -> None:
    """More than a page of the list; what the act does not fit to is not taken along."""
    keys = add_signed(office, 60)
    add_signed(office, 3, type_code="decision")
    client.login("clerk")
    page = client.get(
        "/bulk/new", query_string={"act": "number", "all": "1", "filter": "type=letter&sort=oldest"}
    ).text
    assert re.findall(r'name="documents" value="(\d+):5"', page) == [str(key) for key in keys]


@pytest.mark.parametrize("path", ["", "/go-on", "/again"])
def test_a_run_is_not_there_for_others(client: Browser, office: Office, path: str) -> None:
    """Neither for the leader of the same agency nor for the neighbour's clerk."""
    address = start(client.login("clerk"), "number", [f"{add_signed(office, 1)[0]}:5"])
    for who in ("leader", "far_clerk"):
        client.login(who)
        answer = client.post(f"{address}{path}") if path else client.get(address)
        assert answer.status_code == 404


def test_nobody_is_offered_or_given_what_they_may_not(client: Browser, office: Office) -> None:
    """A drafter sees no button; the address by hand is refused and numbers nothing."""
    [key] = add_signed(office, 1)
    assert 'value="number"' not in client.login("drafter").get("/outgoing").text
    answer = client.post("/bulk", data={"act": "number", "once": "x", "documents": f"{key}:5"})
    assert answer.status_code == 403
    assert client.post("/bulk", data={"act": "number"}).status_code == 422
    assert client.post("/bulk", data={"act": "nonsense"}).status_code == 404
    assert client.login("inspector").post("/bulk", data={"act": "number"}).status_code == 403
    assert states(office, [key]) == ["signed"]


def test_with_the_key_file_the_numbers_come_first_and_the_key_next(client: Browser, papers: Papers) -> None:
    """From the results to the page where the numbers are signed, and from there to the seal."""
    key = papers.signed()
    client.login("clerk", stepped_up=True)
    address = start(client, "number_and_seal", [f"{key}:{papers.row(key).version}"])
    page = run_through(client, address)
    link = re.findall(r'href="(/sign/number\?[^"]+)"', page)[0].replace("&amp;", "&")
    assert f'data-next="/sign/seal?documents={key}"' in client.get(link).text


class TestServerSeal:
    """With the agency's key on the server: number, its signature and the seal in one go."""

    @pytest.fixture
    def settings(self, settings: Settings, tmp_path: Path) -> Settings:
        """The socket's path."""
        return replace(settings, seal_socket=str(tmp_path / "s"))

    @pytest.fixture
    def sealer(self, papers: Papers, settings: Settings, tmp_path: Path) -> Iterator[None]:
        """The real process's work, in a thread."""
        made = self.made(papers, tmp_path)
        stop = threading.Event()
        thread = threading.Thread(target=listen, args=(made, settings.seal_socket, stop))
        thread.start()
        yield
        stop.set()
        thread.join(30)

    def made(self, papers: Papers, tmp_path: Path) -> Sealer:
        """With the commune's key, allowed by its head."""
        office = papers.office
        with unit_of_work(office.engine) as uow:
            uow.begin_write()
            uow.session.get_one(Unit, office.units["commune"]).server_seal = True
            uow.commit()
        (tmp_path / "seal.p12").write_bytes(papers.keys.held["commune"].pkcs12("mật khẩu"))
        listing = tmp_path / "keys.json"
        listing.write_text(json.dumps({office.units["commune"]: {"file": "seal.p12", "password": "mật khẩu"}}))
        for path in (tmp_path / "seal.p12", listing):
            os.chmod(path, 0o600)
        return Sealer(office.engine, papers.blobs, load_keys(listing), lambda: papers.now)

    @pytest.mark.usefixtures("sealer")
    def test_numbered_and_sealed_in_one_go(self, client: Browser, papers: Papers) -> None:
        """One was numbered before and keeps its number; one on paper is numbered and told what it lacks."""
        fresh, numbered, inked = papers.signed(), papers.numbered(), papers.inked()
        client.login("clerk", stepped_up=True)
        ticked = [f"{key}:{papers.row(key).version}" for key in (fresh, numbered, inked)]
        page = run_through(client, start(client, "number_and_seal", ticked))
        assert states(papers.office, [fresh, numbered, inked]) == ["sealed", "sealed", "numbered"]
        assert [papers.row(key).number for key in (numbered, fresh, inked)] == [1, 2, 3]
        assert "văn bản này đã ký giấy" in page
        assert "/sign/number" not in page

    @pytest.fixture
    def mute(self, papers: Papers, settings: Settings, tmp_path: Path) -> Iterator[None]:
        """The seal process does its work, and its answer never comes."""
        made = self.made(papers, tmp_path)
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        door.bind(settings.seal_socket)
        door.listen(4)

        def serve() -> None:
            while True:
                wire, _peer = door.accept()
                with wire:
                    line = wire.recv(4096)
                    if line == b"stop":
                        return
                    made.answer(line)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as last:
            last.connect(settings.seal_socket)
            last.sendall(b"stop")
        thread.join(30)
        door.close()

    @pytest.mark.usefixtures("mute")
    def test_sealed_although_no_answer_came(self, client: Browser, papers: Papers) -> None:
        """What the seal process did is told as done: the document is looked at before it is called refused."""
        key = papers.signed(attach=[("I.pdf", annex())])
        client.login("clerk", stepped_up=True)
        client.set_cookie("trinhky_language", "en")
        page = run_through(client, start(client, "number_and_seal", [f"{key}:{papers.row(key).version}"]))
        assert states(papers.office, [key]) == ["sealed"]
        assert "1 document done" in page
        assert "not done" not in page


def test_files_and_list_in_one_zip(client: Browser, papers: Papers, office: Office) -> None:
    """What was ticked and is within reach, in the order ticked; a foreign one is as if it were not there."""
    key = papers.draft(subject="Về đường liên thôn: a/b")
    [foreign] = add_signed(office, 1, unit="far_office")
    answer = client.login("clerk").get(f"/outgoing/export.zip?documents={key}:1&documents={foreign}:5")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["danh sách.xlsx", "001 Về đường liên thôn a b.pdf"]
        assert archive.read("001 Về đường liên thôn a b.pdf").startswith(b"%PDF")
    assert client.get("/outgoing/export.zip").status_code == 422
    secret = papers.draft(subject="Kế hoạch phòng thủ", secret=True, file=False)
    with zipfile.ZipFile(io.BytesIO(client.get(f"/outgoing/export.zip?documents={secret}:1").data)) as archive:
        (name,) = archive.namelist()
        (_head, line) = (
            CalamineWorkbook.from_filelike(io.BytesIO(archive.read(name))).get_sheet_by_index(0).to_python()
        )
    assert line[3] == "(mật)"
