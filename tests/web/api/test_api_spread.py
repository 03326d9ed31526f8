"""What a table made of a draft, for a program: both ends, the list, within reach and nowhere else."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask

from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from tests.web.api.conftest import Api
from workflow.domain.outgoing import Action
from workflow.store.models import Outgoing, Spread
from workflow.store.session import unit_of_work


@pytest.fixture
def spread(office: Office) -> tuple[int, list[int]]:
    """A draft and what rows 2 to 4 of a table made of it; the last one belongs to another unit by now."""
    source, *made = add_issued(office, *(issued_row(office) for _number in range(4)))
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for line, key in enumerate(made, 2):
            uow.add(Spread(outgoing_id=key, source_id=source, line=line))
        last = uow.session.get_one(Outgoing, made[-1])
        last.unit_id, last.drafter_id = office.units["culture"], office.posts["culture_head"].person_id
        uow.commit()
    return source, made


def test_both_ends_are_told(api: Api, spread: tuple[int, list[int]]) -> None:
    """The draft names what was made of it by row, each of them its draft; any other document neither."""
    source, made = spread
    body = api("clerk").get(f"/documents/{source}").get_json()
    assert [(one["id"], one["line"], one["state"]) for one in body["made"]] == [
        (key, line, "issued") for line, key in enumerate(made, 2)
    ]
    assert (body["made_count"], body["made_of"]) == (3, None)
    other = api("clerk").get(f"/documents/{made[1]}").get_json()
    assert other["made_of"] == {
        "id": source, "code": body["code"], "symbol": body["symbol"], "state": "issued", "line": 3,
    }  # fmt: skip
    assert (other["made"], other["made_count"]) == ([], 0)
    listed = api("clerk").get("/documents", made_of=source).get_json()["items"]
    assert sorted(one["id"] for one in listed) == made


def test_within_reach_and_nowhere_else(api: Api, spread: tuple[int, list[int]]) -> None:
    """Each end leaves out what its reader does not reach, and counts without it."""
    source, made = spread
    body = api("drafter").get(f"/documents/{source}").get_json()
    assert ([one["id"] for one in body["made"]], body["made_count"]) == (made[:2], 2)
    listed = api("drafter").get("/documents", made_of=source).get_json()["items"]
    assert sorted(one["id"] for one in listed) == made[:2]
    far_side = api("culture_head").get(f"/documents/{made[2]}").get_json()
    assert far_side["made_of"] is None
    for who in ("far_clerk", "lone_drafter"):
        assert api(who).get("/documents", made_of=source).get_json()["items"] == [], who
        for key in (source, *made):
            assert api(who).get(f"/documents/{key}").status_code == 404, who


def test_as_described(app: Flask, api: Api, spread: tuple[int, list[int]]) -> None:
    """Real answers of both ends fit the description, and an act's answer is the same representation."""
    source, made = spread
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    read = schema.find_operation_by_id("readDocument")
    (name,) = (one.name for one in read.path_parameters)
    for key in (source, *made):
        answer = read.Case(path_parameters={name: key}).call_and_validate(headers=api("clerk").headers)
        assert answer.status_code == 200
    version = api("clerk").get(f"/documents/{made[0]}").get_json()["version"]
    done = api("clerk").post(f"/documents/{made[0]}/actions", {"action": str(Action.FILE), "version": version})
    assert (done.status_code, done.get_json()["made_of"]["id"]) == (200, source)
