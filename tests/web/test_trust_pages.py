"""Administration of trust: roots, revocation lists brought in from a file, the policy."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import io

import pytest
from sqlalchemy import Engine, select, update

from signing.fetch import FetchSettings
from signing.testing import Authority, KeyKind, Links, Subject, key
from tests.support.browser import Browser, Clock
from tests.support.keys import FOUNDED, Keys, founded
from tests.support.office import Office
from tests.support.stamping import Tsa
from workflow.services.evidence_fetching import due
from workflow.services.proofs import authority as stamping
from workflow.store.models import Crl, EvidencePlace, JobRun, Journal, Setting, Unit
from workflow.store.session import unit_of_work
from workflow.web import evidence_words

PAGES = ("/admin/trust", "/admin/trust/crl", "/admin/trust/policy")


@pytest.fixture
def keys(office: Office) -> Keys:
    """A root that is listed, and an authority under it that the leader's certificate names."""
    made = founded(office)
    made.issue("leader")
    made.enrol("leader")
    return made


def bring(client: Browser, data: bytes, name: str = "list.crl"):  # type: ignore[no-untyped-def]
    """Send the form."""
    return client.post("/admin/trust/crl", data={"file": (io.BytesIO(data), name)})


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_the_administrators(client: Browser, keys: Keys, page: str) -> None:
    """Valid HTML in both languages, refused to a clerk."""
    client.login("admin")
    for language in ("vi", "en"):
        assert client.get(page, headers={"Accept-Language": language}).status_code == 200
    assert client.login("clerk").get(page).status_code == 403


def test_whom_the_timestamps_depend_on_is_shown_apart(client: Browser, keys: Keys, clock: Clock) -> None:
    """Signatures do not wait for a list about the timestamp authority; lasting proof does, and the page says so."""
    keys.publish(at=clock())
    tsa = Tsa(keys.office, clock)
    with unit_of_work(keys.office.engine) as uow:
        uow.begin_write()
        stamping.answered(uow, (tsa.identity.der, tsa.root.der), now=clock())
        uow.commit()
    client.login("admin")
    page = client.get("/admin/trust").text
    assert "Bằng chứng dài hạn phải chờ" in page
    assert page.count("dấu thời gian của TSA thử nghiệm") == 1
    assert "Chữ ký ký lúc này phải chờ" not in page
    tsa.publish(at=clock())
    page = client.get("/admin/trust").text
    assert "phải chờ" not in page
    assert "dấu thời gian của TSA thử nghiệm" in page


@pytest.mark.parametrize("below", [True, False])
def test_an_administrator_of_another_agency_has_no_hand_in_it(
    client: Browser, keys: Keys, engine: Engine, clock: Clock, below: bool
) -> None:
    """Of an agency below or beside the top one: no page, no list, no policy, no entry in the menu."""
    if below:
        with unit_of_work(engine) as uow:
            uow.begin_write()
            uow.session.get_one(Unit, keys.office.units["far"]).parent_id = keys.office.units["commune"]
            uow.commit()
    client.login("far_admin")
    for page in PAGES:
        assert client.get(page).status_code == 403
    assert bring(client, keys.issuing.crl(this_update=clock())).status_code == 403
    assert client.post("/admin/trust/policy", data={"name": "strict"}).status_code == 403
    assert "/admin/trust" not in client.get("/admin/people").text
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Crl)).all() == []
        assert uow.session.get(Setting, "verification_policy") is None
    assert "/admin/trust" in client.login("admin").get("/admin/people").text


def test_when_the_top_agency_ends_the_next_one_is_the_top(client: Browser, keys: Keys, engine: Engine) -> None:
    """A province that was merged away leaves nobody without hands."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, keys.office.units["commune"]).valid_to = dt.date(2026, 10, 31)
        uow.commit()
    assert client.login("far_admin").get("/admin/trust").status_code == 200
    assert client.login("admin").get("/admin/trust").status_code == 403


def test_changes_need_a_fresh_factor(client: Browser, keys: Keys, clock: Clock) -> None:
    """Looking does not."""
    client.login("admin")
    clock.advance(minutes=6)
    assert client.get("/admin/trust").status_code == 200
    assert bring(client, b"x").status_code == 403
    assert client.post("/admin/trust/policy", data={"name": "strict"}).status_code == 403


@pytest.mark.parametrize("pem", [False, True])
def test_a_list_of_a_known_authority_is_taken(
    client: Browser, keys: Keys, engine: Engine, clock: Clock, pem: bool
) -> None:
    """Of the root and of the authority below it; DER or PEM; with its age on the page, which says before that
    signatures wait."""
    client.login("admin")
    before = client.get("/admin/trust", headers={"Accept-Language": "en"}).text
    assert "Signatures made now have to wait" in before
    assert before.count("no list</span>") == 2
    for authority in (keys.root, keys.issuing):
        data = authority.crl(this_update=clock() - dt.timedelta(hours=3), number=7)
        if pem:
            data = b"-----BEGIN X509 CRL-----\n" + base64.encodebytes(data) + b"-----END X509 CRL-----\n"
        assert bring(client, data).status_code == 303
    with unit_of_work(engine) as uow:
        rows = uow.session.scalars(select(Crl)).all()
        tags = set(uow.session.scalars(select(Journal.tag)))
    assert {row.source for row in rows} == {"file:list.crl"}
    assert len(rows) == 2
    assert "evidence:crl:imported" in tags
    page = client.get("/admin/trust", headers={"Accept-Language": "en"}).text
    assert page.count("3 hours") == 2
    assert "have to wait" not in page
    assert "07:00 24/11/2026" in page  # the issuer's list of 06:00 decides for 25 hours


@pytest.mark.parametrize("data", [b"", b"no list", b"-----BEGIN", b"-----BEGIN X509 CRL-----\n?\n-----END-----\n"])
def test_what_is_no_list_is_refused(client: Browser, keys: Keys, data: bytes) -> None:
    """Beside the field, in words."""
    answer = bring(client.login("admin"), data)
    assert answer.status_code == 422
    assert 'id="e-file"' in answer.text


def test_a_list_of_a_stranger_is_refused(client: Browser, keys: Keys, engine: Engine, clock: Clock) -> None:
    """Also that of a stranger who took the name of a known authority."""
    client.login("admin")
    same_name = Authority.root(now=FOUNDED, private=key(KeyKind.P256, "stranger"))
    unknown = Authority.root(Subject(common_name="Nobody"), now=FOUNDED)
    for stranger, words in ((same_name, "was not signed by"), (unknown, "“Nobody” is not known")):
        answer = client.post(
            "/admin/trust/crl", data={"file": (io.BytesIO(stranger.crl(this_update=clock())), "list.crl")},
            headers={"Accept-Language": "en"},
        )  # fmt: skip
        assert answer.status_code == 422
        assert words in answer.text
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Crl)).all() == []


def test_the_policy_is_proposed_and_nothing_changes_yet(client: Browser, keys: Keys, engine: Engine) -> None:
    """A second proposal beside the first, the policy in force, or none at all are refused beside the field."""
    client.login("admin")
    for name, status in (("lenient", 422), ("daily", 422), ("strict", 303), ("strict", 422)):
        answer = client.post("/admin/trust/policy", data={"name": name, "reason": "Công văn số 5"})
        assert answer.status_code == status
    with unit_of_work(engine) as uow:
        assert uow.session.get(Setting, "verification_policy") is None
        assert uow.session.scalars(select(Journal.tag)).all() == ["trust:change:proposed"]
    page = client.get("/admin/trust", headers={"Accept-Language": "en"}).text
    assert "Daily: a revocation list" in page


def test_where_evidence_comes_from_is_shown_and_asked_on_demand(
    client: Browser, keys: Keys, engine: Engine, clock: Clock
) -> None:
    """Each address with what came of it; one whose host is not listed as such. "Fetch now" makes all of them due
    and asks for one run, however often it is pressed."""
    links = Links(crl="http://crl.ca.vn/ca.crl", ocsp="http://ocsp.ca.vn/")
    keys.issuing = dataclasses.replace(keys.issuing, links=links)
    keys.issue("deputy")
    keys.enrol("deputy")
    with unit_of_work(engine) as uow:
        due(uow, FetchSettings(hosts=frozenset({"crl.ca.vn"})), now=clock())
        uow.session.execute(
            update(EvidencePlace).values(result="too_slow", failures=3, next_at=clock() + dt.timedelta(hours=1))
        )
        uow.commit()
    client.login("admin")
    page = client.get("/admin/trust", headers={"Accept-Language": "en"}).text
    assert "http://crl.ca.vn/ca.crl" in page
    assert "the host is not listed" in page  # this installation lists none
    row = EvidencePlace(kind="crl", url=links.crl, result="too_slow")
    assert evidence_words.place(row, {"crl.ca.vn"}).tone == "bad"
    for _again in range(2):
        assert client.post("/admin/trust/fetch").status_code == 303
    assert client.login("clerk").post("/admin/trust/fetch").status_code == 403
    with unit_of_work(engine) as uow:
        assert set(uow.session.scalars(select(EvidencePlace.next_at))) == {clock()}
        asked = uow.session.scalars(select(JobRun).where(JobRun.kind == "asked")).all()
    assert [one.job for one in asked] == ["revocation"]
