"""The job `audit_pass`: a clean night sends the root, a bad one names what is wrong; what was missed is mended."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, text

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support.anchored import owner, write
from tests.support.office import Office
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.audit import spelled, typed
from workflow.services import anchoring
from workflow.services.auditing import examine
from workflow.store import anchors
from workflow.store.models import Anchor, AuditRun, Outbox, Unit
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
NIGHT, ANCHOR = job("audit_pass"), job("anchor")


def sent(tools: Tools) -> list[Outbox]:
    """What was told, the oldest first."""
    with unit_of_work(tools.engine) as uow:
        return list(uow.session.scalars(select(Outbox).order_by(Outbox.id)))


def audits(tools: Tools) -> list[tuple[str, list[str]]]:
    """What the passes found."""
    with unit_of_work(tools.engine) as uow:
        rows = uow.session.scalars(select(AuditRun).order_by(AuditRun.id))
        return [(row.state, [one["flaw"] for one in row.findings]) for row in rows]


def test_a_clean_night_sends_the_root(tools: Tools, office: Office, clock: Hand) -> None:
    """To administrators and official address of the top agency; typed off that mail it proves the journal."""
    with unit_of_work(tools.engine) as uow:
        address = uow.session.get_one(Unit, office.units["commune"]).email
    write(tools.engine, "unit:900")
    run_due(tools, ANCHOR)
    assert list(run_due(tools, NIGHT).values()) == [Outcome.DONE]
    assert audits(tools) == [("done", [])]
    mail, app = sorted(sent(tools), key=lambda one: one.address, reverse=True)
    assert (mail.channel, mail.address, app.person_id) == (
        "mail", address, office.posts["admin"].person_id,
    )  # fmt: skip
    with unit_of_work(tools.engine) as uow:
        row = anchors.newest(uow.session)
        assert row is not None
        said = spelled(row.digest)
    assert f"Mã gốc nhật ký số 1, 12:00 ngày 23/11/2026: {said}" in mail.body
    told = examine(tools.engine, outside=[typed(f"1:{said}")])
    assert (told.answer, told.proven_to and told.proven_to.number) == ("proven", 1)


def test_a_bad_night_names_what_is_wrong_every_time(tools: Tools, office: Office, clock: Hand) -> None:
    """Until somebody has looked: the same finding in the next night is told again."""
    write(tools.engine, "unit:900")
    run_due(tools, ANCHOR)
    with owner(tools.engine) as connection:
        connection.execute(text("UPDATE journal SET address = '10.0.0.1' WHERE subject = 'unit:900'"))
    run_due(tools, NIGHT)
    clock.now += DAY
    run_due(tools, NIGHT)
    assert audits(tools) == [("flawed", ["entry_changed"])] * 2
    told = sent(tools)
    assert {one.subject for one in told} == {"Nhật ký có chỗ sai: phát hiện 1 chỗ"}
    assert len(told) == 4, "a person and the official address, each night"
    assert all("unit:900" in one.body for one in told)


def test_what_anchors_missed_is_taken_in(tools: Tools, office: Office, clock: Hand) -> None:
    """An entry under a key that they have passed, as if it had been committed hours later; sums that are wrong."""
    write(tools.engine, "unit:900", "unit:901", now=clock.now - DAY)
    with owner(tools.engine) as connection:
        connection.execute(text("UPDATE journal SET id = id + 1000 WHERE subject = 'unit:901'"))
    run_due(tools, ANCHOR)
    write(tools.engine, "unit:902", now=clock.now - DAY)
    with owner(tools.engine) as connection:
        connection.execute(text("UPDATE journal SET id = 999 WHERE subject = 'unit:902'"))
    run_due(tools, NIGHT)
    assert audits(tools) == [("flawed", ["missed"])]
    told = examine(tools.engine)
    assert (told.open_entries, told.findings, told.anchors) == (0, [], 2)
    assert {one.code for one in sent(tools)} == {"journal_root"}


def test_a_pass_tried_again_takes_in_what_it_still_misses(tools: Tools, office: Office, clock: Hand) -> None:
    """The first try took something in, had more to take in, and did not finish: the next one goes on behind it."""
    write(tools.engine, "unit:900", "unit:901", "unit:902", now=clock.now - DAY)
    with owner(tools.engine) as connection:
        connection.execute(text("UPDATE journal SET id = id + 1000 WHERE subject = 'unit:902'"))
    run_due(tools, ANCHOR)
    for subject, key, state in (("unit:903", 998, "more"), ("unit:904", 999, "")):
        write(tools.engine, subject, now=clock.now - DAY)
        with owner(tools.engine) as connection:
            connection.execute(text("UPDATE journal SET id = :key WHERE subject = :subject"),
                               {"key": key, "subject": subject})  # fmt: skip
        assert list(run_due(tools, NIGHT).values()) == [Outcome.DONE]
        if state:
            with owner(tools.engine) as connection:
                connection.execute(text("UPDATE anchor SET more = true WHERE period LIKE 'audit %'"))
                connection.execute(text("DELETE FROM job_run WHERE job = 'audit_pass'"))
    told = examine(tools.engine)
    assert (told.open_entries, told.findings, told.anchors) == (0, [], 3)
    with unit_of_work(tools.engine) as uow:
        made = uow.session.scalars(select(Anchor).where(Anchor.period.startswith("audit ")).order_by(Anchor.part))
        assert [one.part for one in made] == [0, 1]


def test_the_morning_report_names_the_root_of_its_cut_off(tools: Tools, office: Office, clock: Hand) -> None:
    """The last one made until then, not the newest; so a copy lies in every mailbox that it reaches."""
    papers_of(office, open_blobs(tools.settings.blob_url)).awaiting()
    run_due(tools, ANCHOR)
    with unit_of_work(tools.engine) as uow:
        row = anchors.newest(uow.session)
        assert row is not None
    clock.now += 2 * DAY  # the 24th is a holiday
    run_due(tools, ANCHOR)
    run_due(tools, job("unsigned"))
    with unit_of_work(tools.engine) as uow:
        assert anchoring.latest(uow, at=row.at - DAY) is None
    told = [one.body for one in sent(tools) if one.code == "unsigned_report"]
    assert told
    assert all(f"Mã gốc nhật ký số 1, 12:00 ngày 23/11/2026: {spelled(row.digest)}" in body for body in told)
