"""Looks in a standing post of an inspector: written before they are shown, told to whom they concern."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, select, text

from tests.support.browser import Browser, Clock
from tests.support.inspecting import Teams
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from workflow.services.journal import local_day, verify_subject
from workflow.store.models import Journal, PostRow, StandingLook
from workflow.store.session import unit_of_work


@pytest.fixture(autouse=True)
def below(office: Office) -> None:
    """The neighbour lies below the top agency."""
    Teams(office).below()


def looks(engine: Engine) -> list[tuple[str, str, int | None]]:
    """(kind, subject, agency) in the order in which they were noted."""
    with unit_of_work(engine) as uow:
        rows = uow.session.scalars(select(StandingLook).order_by(StandingLook.id))
        return [(row.kind, row.subject, row.agency_id) for row in rows]


def test_every_look_is_on_record_and_nothing_secret_is_shown(
    client: Browser, office: Office, engine: Engine, clock: Clock
) -> None:
    """Lists, documents, figures, whatever else has papers; one's own account is none. Then who is told."""
    own, far = office.units["commune"], office.units["far"]
    mine, theirs, secret = add_issued(
        office, issued_row(office), issued_row(office, unit="far_office"),
        issued_row(office, unit="far_office", secret=True, subject="Kế hoạch phòng thủ"),
    )  # fmt: skip
    client.login("inspector")
    for page in ("/account", "/help", "/desk", f"/outgoing/{secret}", "/outgoing/9999"):
        client.get(page)
    assert looks(engine) == []
    assert client.get(f"/outgoing/{secret}").status_code == 404
    for page in ("/outgoing", f"/outgoing/{theirs}", f"/outgoing/{mine}", f"/reports?unit={far}", "/copies"):
        got = client.get(page)
        assert (got.status_code, "Kế hoạch phòng thủ" in got.text) == (200, False), page
    assert looks(engine) == [
        ("list", "", None), ("document", f"outgoing:{theirs}", far), ("document", f"outgoing:{mine}", own),
        ("report", "", far), ("list", "", None),
    ]  # fmt: skip
    with unit_of_work(engine) as uow:
        for agency, length in ((own, 3), (far, 2)):
            report = verify_subject(uow, f"looks:{agency}")
            assert report.broken is None
            told = uow.session.scalars(select(Journal).where(Journal.subject == f"looks:{agency}")).all()
            assert [one.tag for one in told] == ["unit:look:noted"] * length
    listed = {
        name: client.login(name).get("/inspections/standing").text for name in ("far_leader", "leader", "admin")
    }
    for name, seen in (("far_leader", {theirs}), ("leader", {mine}), ("admin", {mine, theirs})):
        assert {key for key in (mine, theirs) if f"/outgoing/{key}</small>" in listed[name]} == seen, name
        assert "/outgoing</small>" in listed[name], "lists over all concern everybody"
    assert f"/outgoing/{theirs}" in client.login("far_leader").get("/inspections/standing.csv").text
    assert f"/outgoing/{theirs}" not in client.get("/inspections/standing.csv?kind=report").text
    assert "/outgoing</small>" not in client.get("/inspections/standing?since=2027-01-01").text
    assert "/inspections/standing" in client.get("/inspections").text
    for name in ("drafter", "head", "inspector", "clerk"):
        assert client.login(name).get("/inspections/standing").status_code == 403, name
    assert len(looks(engine)) == 5


def test_where_it_cannot_be_written_nothing_is_shown(client: Browser, office: Office, engine: Engine) -> None:
    """The table refuses: the page is an error, without the document."""
    (paper,) = add_issued(office, issued_row(office, subject="V/v không được thấy"))
    client.login("inspector")
    assert "V/v không được thấy" in client.get(f"/outgoing/{paper}").text
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER shut BEFORE INSERT ON standing_look BEGIN SELECT RAISE(ABORT, 'x'); END")
        )
    client.application.testing = False
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    got = client.get(f"/outgoing/{paper}")
    assert (got.status_code, "V/v không được thấy" in got.text) == (500, False)


def test_a_foreign_agency_and_an_ended_post_show_nothing(
    client: Browser, office: Office, engine: Engine, clock: Clock
) -> None:
    """Papers of an agency that does not lie below; and with the post's last day all reading is over."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(text("UPDATE unit SET parent_id = NULL WHERE id = :id"), {"id": office.units["far"]})
        uow.session.get_one(PostRow, office.posts["inspector"].id).valid_to = local_day(clock.now)
        uow.commit()
    mine, theirs = add_issued(office, issued_row(office), issued_row(office, unit="far_office"))
    client.login("inspector")
    assert client.get(f"/outgoing/{theirs}").status_code == 404
    assert client.get(f"/outgoing/{mine}").status_code == 200
    clock.now += dt.timedelta(days=1)
    client.login("inspector")
    assert client.get(f"/outgoing/{mine}").status_code in {303, 403, 404}
    assert looks(engine) == [("document", f"outgoing:{mine}", office.units["commune"])]
