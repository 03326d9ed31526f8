"""Certificates: enrolled with a proof by one person, confirmed by another, retired; the demo's keys."""

from __future__ import annotations

import base64
import datetime as dt
import re
from html import unescape

from signing.testing import Identity
from signing.testing.revocation import Revoked
from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.support.statements import statements
from tests.web.test_devices import IPHONE
from workflow.services.signing.certificates import challenge_bytes
from workflow.store import certificates as store
from workflow.store.models import Setting, Unit
from workflow.store.session import unit_of_work

PHONE = {"User-Agent": f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1"}


def b64(data: bytes) -> str:
    """As the browser sends bytes."""
    return base64.b64encode(data).decode()


def enrol(
    client: Browser, identity: Identity, *, agency: bool = False, origin: str = "http://localhost", holder: str = ""
) -> dict[str, str]:
    """The browser's part: challenge, signature, certificate."""
    asked = ({"for": "agency"} if agency else {}) | ({"holder": holder} if holder else {})
    page = client.post("/certificates/enrol", data=asked).text
    user, nonce = re.findall(r'data-user="([^"]+)" data-nonce="([^"]+)"', page)[0]
    address = unescape(re.findall(r'data-finish-url="([^"]+)"', page)[0])
    signed = challenge_bytes(origin=origin, user=user, nonce=nonce)
    body = {
        "certificate": b64(identity.der), "chain": [b64(one) for one in identity.chain_der], "nonce": nonce,
        "signature": b64(identity.sign(signed, raw=True)), "signatureAlgorithm": "sha256_ecdsa_p1363",
    }  # fmt: skip
    found: dict[str, str] = client.post(address, json=body, headers={"Origin": origin}).json
    return found


def test_one_enrols_another_confirms(client: Browser, papers: Papers) -> None:
    """The head of the unit proves the key; the administrator confirms; it may sign."""
    identity = papers.keys.issue("head")
    client.set_cookie("trinhky_language", "en")
    assert enrol(client.login("head"), identity) == {"next": "/certificates?done=enrolled"}
    assert "waits for confirmation" in client.get("/certificates").text
    queue = client.login("admin").get("/admin/certificates").text
    assert "Phạm Thị Hương Giang" in queue
    address = re.findall(r'action="(/admin/certificates/\d+/confirm)"', queue)[0]
    assert client.post(address).status_code == 303
    assert "confirmed" in client.login("head").get("/certificates").text
    told = client.get("/notices").text
    assert told.count("is confirmed and can sign") == 1
    assert "If you know nothing of it" in told


def test_a_proof_for_another_site_is_refused(client: Browser, papers: Papers) -> None:
    """A challenge signed on another origin proves nothing here; the answer has code and sentence."""
    answer = enrol(client.login("head"), papers.keys.issue("head"), origin="https://evil.example")
    assert answer["code"] == "possession_not_proven"
    assert answer["message"]


def test_a_challenge_works_once(client: Browser, papers: Papers) -> None:
    """The second post of the same proof is refused."""
    identity = papers.keys.issue("head")
    client.login("head")
    assert "next" in enrol(client, identity)
    assert client.post("/certificates/finish", json={"nonce": "enrol:x"}).json["code"]


def test_the_agencys_certificate_is_the_clerks(client: Browser, papers: Papers) -> None:
    """A clerk enrols for the agency; a leader's page does not offer it."""
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        for row in store.of_agency(uow.session, papers.office.units["commune"]):
            row.status = "retired"
        uow.commit()
    assert "next" in enrol(client.login("clerk"), papers.keys.issue("commune"), agency=True)
    assert 'value="agency"' not in client.login("leader").get("/certificates").text


def test_retired_certificates_sign_no_more(client: Browser, papers: Papers) -> None:
    """The owner ends it; the signing page offers enrolment again."""
    document_id = papers.awaiting()
    page = client.login("leader").get("/certificates").text
    client.post(re.findall(r'action="(/certificates/\d+/retire)"', page)[0], data={"why": "broken"})
    assert "data-sign" not in client.get(f"/sign?documents={document_id}").text


def test_foreign_certificates_cannot_be_decided(client: Browser, papers: Papers) -> None:
    """The neighbour's administrator neither sees nor ends ours: the same 404 as for none."""
    page = client.login("leader").get("/certificates").text
    number = re.findall(r"/certificates/(\d+)/retire", page)[0]
    client.login("far_admin")
    assert "Nguyễn Thị Lan" not in client.get("/admin/certificates").text
    for verb in ("confirm", "refuse", "retire"):
        sent = {"why": "lost"}
        assert client.post(f"/admin/certificates/{number}/{verb}", data=sent).status_code == 404
        assert client.post(f"/admin/certificates/999999/{verb}", data=sent).status_code == 404
    assert client.login("far_clerk").post(f"/certificates/{number}/retire", data=sent).status_code == 404


def test_an_office_without_an_administrator_has_one_above(client: Browser, papers: Papers) -> None:
    """What the queue of the agency above shows, its administrator confirms, refuses and retires; never their own,
    and nothing of an agency that stands above or beside theirs."""
    commune, far = papers.office.units["commune"], papers.office.units["far"]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, far).parent_id = commune
        uow.commit()
    answers = []
    for verb in ("refuse", "confirm"):
        assert "next" in enrol(client.login("far_leader"), papers.keys.issue("far_leader"))
        queue = client.login("admin").get("/admin/certificates").text
        (address,) = re.findall(rf'action="(/admin/certificates/\d+/{verb})"', queue)
        sent = {"past_read": "yes", "despite": "Cấp trước khi đổi tên xã"}
        answers.append(client.post(address, data=sent).status_code)
    assert answers == [303, 303]
    retire = address.replace("confirm", "retire")
    assert f'action="{retire}"' in client.get("/admin/certificates").text
    assert client.post(retire, data={"why": "post_ended"}).status_code == 303
    assert "next" in enrol(client.login("head"), papers.keys.issue("head"))
    queue = client.login("admin").get("/admin/certificates").text
    (own,) = re.findall(r'action="(/admin/certificates/\d+/confirm)"', queue)
    assert client.login("far_admin").post(own).status_code == 404, "below is not above"
    assert client.login("leader").post(own).status_code == 403


def test_demo_keys_only_in_a_demo(client: Browser, papers: Papers) -> None:
    """Outside a demo the download is missing, whatever the settings hold."""
    person = papers.office.posts["leader"].person_id
    sha256 = papers.blobs.put(b"a key file")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        value = {f"person:{person}": {"password": "chìa khóa thử", "sha256": sha256}}
        uow.add(Setting(name="demo_keys", value=value))
        uow.commit()
    client.login("leader")
    assert "chìa khóa thử" not in client.get("/certificates").text
    assert client.get("/certificates/demo-key/mine").status_code == 404


def test_empty_pages_say_so(client: Browser, papers: Papers) -> None:
    """No certificate, an empty queue."""
    assert 'class="empty"' in client.login("head").get("/certificates").text
    assert 'class="empty"' in client.login("admin").get("/admin/certificates").text


def revoke(papers: Papers, name: str, *, days: int = 3) -> None:
    """The authority puts a certificate on its next list."""
    papers.keys.publish(
        at=papers.now + dt.timedelta(minutes=1),
        revoked=(Revoked(papers.keys.held[name].certificate.serial_number, papers.now - dt.timedelta(days=days)),),
    )


def test_a_revoked_certificate_says_so_with_its_day(client: Browser, papers: Papers) -> None:
    """On the desk, on one's own page and on the administrator's, by the lists that are here; others stay as they
    are. The second time not even the lists are read."""
    client.set_cookie("trinhky_language", "en")
    assert "days left" in client.login("leader").get("/desk").text
    revoke(papers, "leader")
    client.clock.now = papers.now + dt.timedelta(minutes=2)
    day = "20/11/2026"
    desk = client.get("/desk").text
    assert f"certificate: revoked on {day}" in desk
    assert "days left" not in desk
    own = client.get("/certificates").text
    assert f"revoked on {day}" in own
    assert '<span class="status good">' not in own
    with statements(client.engine) as asked:
        assert f"revoked on {day}" in client.get("/certificates").text
    assert not [one for one in asked if "crl.der" in one], "answered from what was found before"
    queue = client.login("admin").get("/admin/certificates").text
    assert queue.count(f"revoked on {day}") == 1
    assert "valid for more than 60 days" in queue
    assert 'href="/admin/mandates"' in queue, "the side menu"
    assert "All certificates" in queue
    assert "days left" in client.login("clerk").get("/desk").text
    client.set_cookie("trinhky_language", "vi")
    assert f"chứng thư: đã bị thu hồi ngày {day}" in client.login("leader").get("/desk").text
    assert "Tất cả chứng thư" in client.login("admin").get("/admin/certificates").text


def test_a_head_who_signs_nothing_needs_no_certificate(client: Browser, papers: Papers) -> None:
    """Without a mandate the desk says nothing of one; a head who has one, and a leader, are told."""
    client.set_cookie("trinhky_language", "en")
    words = "no certificate that can be used"
    assert words not in client.login("culture_head").get("/desk").text
    assert words in client.login("head").get("/desk").text
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        for row in store.of_person(uow.session, papers.office.posts["leader"].person_id):
            row.status = "retired"
        uow.commit()
    assert words in client.login("leader").get("/desk").text


def test_a_revoked_certificate_is_not_offered_for_signing(client: Browser, papers: Papers) -> None:
    """Signing would refuse it: the page names it, since when, and the way to a new one; for the seal too, where the
    server's key would be refused as well."""
    document = papers.awaiting()
    sealing = papers.number_signed()
    client.set_cookie("trinhky_language", "en")
    for who, path, key in (("leader", f"/sign?documents={document}", "leader"),
                           ("clerk", f"/sign/seal?documents={sealing}", "commune")):  # fmt: skip
        client.login(who)
        page = client.get(path).text
        assert "data-sign" in page
        assert "revoked-key" not in page
        revoke(papers, key)
        client.clock.now = papers.now + dt.timedelta(minutes=2)
        page = client.login(who).get(path).text
        assert "Revoked on 20/11/2026 and not to be used" in page
        assert "a second person has confirmed it" in page
        assert 'href="/certificates"' in page
        assert "data-sign" not in page


def test_the_list_is_narrowed_by_what_needs_somebody(client: Browser, papers: Papers) -> None:
    """Ending, expired, revoked, none; page and CSV say the same, and a neighbour sees nothing of it."""
    client.set_cookie("trinhky_language", "en")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        (seal,) = store.of_agency(uow.session, papers.office.units["commune"])
        seal.not_after = papers.now + dt.timedelta(days=40)
        uow.commit()
    revoke(papers, "leader")
    client.clock.now = papers.now + dt.timedelta(minutes=2)
    client.login("admin")

    def owners(state: str) -> list[str]:
        text = client.get(f"/admin/certificates.csv?state={state}").data.decode("utf-8-sig")
        return [line.split(";")[0].strip('"') for line in text.splitlines()[1:]]

    commune = "Ủy ban nhân dân xã Đồng Tâm"
    assert owners("ending") == [commune]
    assert owners("revoked") == ["Nguyễn Thị Lan"]
    assert owners("none") == ["Nguyễn Thị Lan"]
    assert owners("expired") == []
    page = client.get("/admin/certificates?state=none").text
    assert "1 of 2 leaders and deputies" in page
    ordered = client.get("/admin/certificates?sort=owner").text
    assert ordered.index(f'<th scope="row">{commune}') > ordered.index('<th scope="row">Nguyễn Thị Lan')
    assert owners("ending&q=khong-co") == []
    text = client.login("far_admin").get("/admin/certificates.csv").data.decode("utf-8-sig")
    assert "Nguyễn Thị Lan" not in text
    assert "Mai Văn Xa" in text  # the neighbour's own leader, who has none


def test_one_question_leads_to_every_way_of_enrolling(client: Browser, papers: Papers) -> None:
    """One button a section; the choice works without script, keeps for whom it is, and says what cannot be."""
    client.login("clerk")
    listed = client.get("/certificates").text
    assert re.findall(r'"(/certificates/[a-z][^"]*agency)"', listed) == ["/certificates/enrol?for=agency"]
    assert 'action="/certificates/enrol"' not in listed
    assert "/certificates/paper" not in listed
    asked = client.get("/certificates/enrol?for=agency").text
    assert "Khóa ký nằm ở đâu?" in asked
    ways = re.findall(r'name="holder" id="[^"]+" value="(\w+)" required( disabled| checked|)', asked)
    assert ways == [("pkcs12_browser", " checked"), ("token", ""), ("paper", ""), ("remote", " disabled")]
    assert "Quản trị viên có thể kết nối" in asked

    def chosen(holder: str) -> tuple[int, str]:
        answer = client.post("/certificates/enrol", data={"for": "agency", "holder": holder})
        return answer.status_code, answer.headers.get("Location", "") or answer.text

    for holder, way in (("pkcs12_browser", "pkcs12_browser"), ("token", "token_page")):
        status, page = chosen(holder)
        assert status == 200
        assert f'data-holder="{way}"' in page
        assert "for=agency" in page
    assert chosen("paper") == (307, "/certificates/paper"), "the form goes on as it is"
    assert chosen("remote") == (303, "/certificates/remote?for=agency")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        (own,) = store.of_person(uow.session, papers.office.posts["leader"].person_id)
        own.holder, end = "remote_rest", own.not_after
        uow.commit()
    client.clock.now = end - dt.timedelta(days=20)
    assert 'href="/certificates/enrol?holder=remote"' in client.login("leader").get("/certificates").text
