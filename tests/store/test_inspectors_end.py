"""The upgrade that gives inspectors' posts a last day, on both databases."""

from __future__ import annotations

import datetime as dt
import importlib

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, select

from tests.support.office import NOON, Office
from workflow.services.journal import local_day
from workflow.store.models import PostRow
from workflow.store.session import unit_of_work


def test_inspectors_posts_end_after_the_upgrade(office: Office, engine: Engine) -> None:
    """A year after the upgrade at the latest, or after their first day; nobody else's post is touched."""
    today, revision = local_day(NOON), importlib.import_module("workflow.store.migrations.versions.0056_standing")
    one = office.posts["inspector"]
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for first, last in ((0, 9), (-900, 4000), (400, None)):
            ends = None if last is None else today + dt.timedelta(last)
            uow.add(PostRow(
                person_id=one.person_id, unit_id=one.unit_id, agency_id=one.agency_id, role="inspector",
                title="Thử", valid_from=today + dt.timedelta(first), valid_to=ends,
            ))  # fmt: skip
        uow.commit()
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        revision._end_inspectors(today)
    with unit_of_work(engine) as uow:
        posts = uow.session.scalars(select(PostRow).where(PostRow.role == "inspector").order_by(PostRow.id))
        assert [post.valid_to and (post.valid_to - today).days for post in posts] == [366, 9, 366, 766]
        assert set(uow.session.scalars(select(PostRow.valid_to).where(PostRow.role != "inspector"))) == {None}
