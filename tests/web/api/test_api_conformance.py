"""The API keeps its own description: schemathesis tries every operation, as a clerk, with what it makes up."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from tests.support.arrivals import Arrivals
from tests.support.asked import Asking
from tests.support.counts import times
from tests.support.dossiers import Dossiers
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from tests.support.papers import Papers
from tests.web.api.conftest import Api
from workflow.domain.dossiers import Kind
from workflow.domain.opinions import Verdict
from workflow.services.opinions import asking
from workflow.web.api import BLUEPRINTS

OPERATIONS = {
    "listIncoming", "readIncoming", "listDossiers", "readDossier",
    "whoAmI", "searchDocuments", "listDocuments", "readDocument", "actOnDocument", "readRates",
    "listCountedDocuments", "checkFile", "readDeliveries", "listOpinions", "readOpinion", "answerOpinion",
    "listDocumentOpinions", "listTemplates", "readTemplate",
}  # fmt: skip

NOTHING_TO_GET_WRONG = {"whoAmI"}
"""Operations without a parameter or body."""


@pytest.fixture
def description(app: Flask, api: Api) -> dict[str, object]:
    """What a program reads."""
    found: dict[str, object] = api("").get("/openapi.json").get_json()
    return found


def test_every_operation_is_described(app: Flask, description: dict[str, object]) -> None:
    """Each address of the API stands in the description, under a name for generated clients."""
    assert description["openapi"] == "3.1.0"
    paths = description["paths"]
    assert isinstance(paths, dict)
    operations = (one for path in paths.values() for one in path.values() if isinstance(one, dict))
    names = {one["operationId"] for one in operations}
    assert names == OPERATIONS
    prefixes = tuple(f"{blueprint.name}." for blueprint in BLUEPRINTS)
    routes = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(prefixes)]
    assert len(routes) == len(OPERATIONS)


@pytest.mark.soak
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_conforms(
    app: Flask, api: Api, office: Office, papers: Papers, mode: GenerationMode
) -> None:
    """Statuses, media types, headers and shapes are as described; nonsense is refused; nothing breaks."""
    papers.in_review()
    papers.format_check()
    add_issued(office, *(issued_row(office) for _number in range(3)))
    headers = api("clerk").headers
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        if mode is GenerationMode.NEGATIVE and name in NOTHING_TO_GET_WRONG:
            continue

        @settings(
            max_examples=times(4, soak=300), deadline=None, database=None, derandomize=True,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def conforms(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers)

        conforms()
        tried.add(name)
    assert tried == OPERATIONS - (NOTHING_TO_GET_WRONG if mode is GenerationMode.NEGATIVE else set())


def test_real_documents_are_as_described(app: Flask, api: Api, papers: Papers) -> None:
    """From the first line of their history to their signatures; made-up numbers seldom meet one."""
    headers = api("clerk").headers
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    read = schema.find_operation_by_id("readDocument")
    (name,) = (one.name for one in read.path_parameters)
    for document_id in (papers.draft(file=False), papers.in_review(), papers.signed(), papers.issued()):
        answer = read.Case(path_parameters={name: document_id}).call_and_validate(headers=headers)
        assert answer.status_code == 200


def test_real_incoming_documents_are_as_described(app: Flask, api: Api, office: Office) -> None:
    """On the clerk's table, directed with its parts, under work."""
    headers, arrivals = api("clerk").headers, Arrivals(office)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    read = schema.find_operation_by_id("readIncoming")
    (name,) = (one.name for one in read.path_parameters)
    for document in (arrivals.paper(), arrivals.directed(), arrivals.in_progress()):
        answer = read.Case(path_parameters={name: document.id}).call_and_validate(headers=headers)
        assert answer.status_code == 200
    assert len(api("clerk").get("/incoming", limit=2).json["items"]) == 2


def test_real_dossiers_are_as_described(app: Flask, api: Api, office: Office) -> None:
    """Open with documents of both kinds, closed, permanent; a page of the list goes on."""
    headers, made = api("clerk").headers, Dossiers(office)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    read = schema.find_operation_by_id("readDossier")
    (name,) = (one.name for one in read.path_parameters)
    filled = made.outside()
    made.put("specialist", filled, Kind.OUTGOING, add_issued(office, issued_row(office))[0])
    made.put("specialist", filled, Kind.INCOMING, made.done_arrival().id)
    for dossier in (filled, made.close("specialist", made.outside()), made.outside(years=1000)):
        answer = read.Case(path_parameters={name: dossier.id}).call_and_validate(headers=headers)
        assert answer.status_code == 200
    first = api("clerk").get("/dossiers", limit=2).json
    second = api("clerk").get("/dossiers", limit=2, after=first["next"]).json
    assert [one["documents"] for one in (*first["items"], *second["items"])] == [0, 0, 2]
    assert (second["next"], api("clerk").get("/dossiers", due="365").json["items"][0]["state"]) == (None, "closed")
    assert api("clerk").get("/dossiers", after="x").status_code == 404


def test_real_opinions_are_as_described(app: Flask, api: Api, office: Office) -> None:
    """Waiting, answered, taken back; read alone, by document and in the list."""
    headers, made = api("clerk").headers, Asking(office)
    document = made.draft()
    waiting, answered, gone = made.ask(document, "clerk@", "chief@", "culture!")
    made.answer(answered, "chief", Verdict.DISAGREE, "Sai")
    made.do(asking.withdraw, "drafter", request_id=gone, reason="Thôi")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for name, key in (
        ("listDocumentOpinions", document),
        *(("readOpinion", one) for one in (waiting, answered, gone)),
    ):
        read = schema.find_operation_by_id(name)
        (parameter,) = (one.name for one in read.path_parameters)
        answer = read.Case(path_parameters={parameter: key}).call_and_validate(headers=headers)
        assert answer.status_code == 200
    listed = schema.find_operation_by_id("listOpinions").Case(query={"limit": 1}).call_and_validate(headers=headers)
    assert [one["id"] for one in listed.json()["items"]] == [waiting]


def test_real_templates_are_as_described(app: Flask, api: Api, office: Office) -> None:
    """Every one that comes with the program, and one of the office."""
    headers = api("clerk").headers
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    listed = schema.find_operation_by_id("listTemplates").Case().call_and_validate(headers=headers).json()["items"]
    assert len(listed) >= 11
    read = schema.find_operation_by_id("readTemplate")
    for one in listed:
        found = read.Case(path_parameters={"key": one["key"]}).call_and_validate(headers=headers).json()
        assert {name: found[name] for name in one} == one
