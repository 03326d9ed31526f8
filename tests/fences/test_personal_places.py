"""What an export of personal data covers is what the tables hold: a new column that leads to a person is seen."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from sqlalchemy import JSON, Engine, String, Text, select
from sqlalchemy.orm import Session

from tests.support import lived
from tests.support.office import NOON
from workflow.adapters.blobs import open_blobs
from workflow.domain.personal_data import KEPT, Class
from workflow.store import personal, personal_places
from workflow.store.base import Base
from workflow.store.models import AbsenceRow, Person, PostRow
from workflow.store.personal_places import DETAILED, IN_WORDS, PLACES, SAID, references
from workflow.store.session import unit_of_work
from workflow.web.access_words import CLASSES, WHY_KEPT

NO_PAPERS = {
    Class.LOOKS: ("day", "first_at"), Class.VIEWS: ("page",),
    Class.MESSAGES: ("created_at", "channel", "address", "state"), Class.DOCUMENTS: ("drafted", "signed"),
}  # fmt: skip
"""What an administrator's file about somebody else tells of these."""


def _leads() -> set[str]:
    return {f"{name}.{column}" for name, table in Base.metadata.tables.items() for column, _to in references(table)}


def test_every_column_that_leads_to_a_person_is_exported() -> None:
    """By a class of its own columns or by the general list of its table; none twice, none that is gone."""
    tables = Counter(name for names in PLACES.values() for name in names)
    assert set(tables.values()) == {1}
    general = {one for one in _leads() if one.split(".")[0] in tables}
    assert _leads() - general - DETAILED == set(), "exported nowhere: say in store.personal_places where"
    assert _leads() >= DETAILED, "gone"
    assert set(tables) <= {one.split(".")[0] for one in _leads() - DETAILED}, "empty"
    for name, columns in SAID.items():
        assert set(columns) <= set(Base.metadata.tables[name].columns.keys())


def test_every_class_has_its_words_and_what_is_kept_its_reason() -> None:
    """On the pages and in the file."""
    assert set(CLASSES) == set(Class)
    assert set(WHY_KEPT) == KEPT


def _texts(table: Any) -> list[Any]:
    return [one for one in table.columns if isinstance(getattr(one.type, "impl", one.type), String | Text | JSON)]


def test_texts_that_name_people_are_known(engine: Engine, tmp_path: Any) -> None:
    """In an office that has lived: wherever a name or an address stands, it is exported or named."""
    lived.live(engine, open_blobs(str(tmp_path / "blobs")))
    exported = {"person.full_name", "person.email", "notice_choice.phone", "outbox.address",
                "certificate.subject_name"}  # fmt: skip
    with Session(engine) as session:
        words = set(session.scalars(select(Person.full_name))) | set(session.scalars(select(Person.email)))
        found: set[str] = set()
        for name, table in Base.metadata.tables.items():
            columns = _texts(table)
            for row in session.execute(select(*columns)) if columns else ():
                for column, value in zip(columns, row, strict=True):
                    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                    if any(word and word in text for word in words):
                        found.add(f"{name}.{column.name}")
    assert {one for one in IN_WORDS if one.split(".")[1] not in Base.metadata.tables[one.split(".")[0]].c} == set()
    assert found - exported - IN_WORDS == set(), "a text names people: say in store.personal_places.IN_WORDS"


def test_what_somebody_did_is_in_their_file(engine: Engine, tmp_path: Any) -> None:
    """Arrivals, their history, absences, mandates and own acts are in; an administrator's file names no paper."""
    lived.live(engine, open_blobs(str(tmp_path / "blobs")))
    with unit_of_work(engine) as uow:
        uow.begin_write()
        posts = uow.session.scalars(select(PostRow).order_by(PostRow.id).limit(2)).all()
        uow.add(
            AbsenceRow(
                agency_id=posts[0].agency_id, post_id=posts[0].id, deputy_post_id=posts[1].id, acts="reading",
                first_day=NOON.date(), last_day=NOON.date(), made_at=NOON, made_by_id=posts[0].person_id,
            )
        )  # fmt: skip
        uow.commit()
    with Session(engine) as session:
        by_name = {one.full_name: one.id for one in session.scalars(select(Person))}
        filled: Counter[Class] = Counter()
        for person in by_name.values():
            own = personal.held(session, person, own=True)
            filled.update({kind: count for kind, (_names, _lines, count) in own.items()})
            for kind in PLACES:
                names, lines, count = own[kind]
                assert count == len(lines)
                assert names == personal_places.NAMES
            for kind, (names, _lines, _count) in personal.held(session, person, own=False).items():
                if kind in PLACES and kind not in {Class.ABSENCES, Class.MANDATES}:
                    assert names == personal_places.NAMES[:3]
                assert names == NO_PAPERS.get(kind, names)
        for kind in (Class.ARRIVALS, Class.WORK, Class.OFFICE, Class.ACTS, Class.ABSENCES, Class.MANDATES):
            assert filled[kind] > 0, (kind, filled)
