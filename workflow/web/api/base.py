"""What every operation of the API shares: answers, refusals, the parser of input, the description."""

from __future__ import annotations

import http
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

import orjson
from flask import Flask, Request, Response, abort, request
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import RAISE, Schema, ValidationError, missing
from webargs.flaskparser import FlaskParser, is_json_request
from webargs.multidictproxy import MultiDictProxy
from werkzeug.wrappers import Response as BaseResponse

from workflow.domain.errors import BadInput, NotFound
from workflow.domain.permissions import Permission, demand
from workflow.web.api.schemas import Problem
from workflow.web.context import current
from workflow.web.errors import explain, problem
from workflow.web.i18n import gettext
from workflow.web.json_input import decode

View = TypeVar("View", bound=Callable[..., Any])
Place = TypeVar("Place")

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
TOKEN = "token"  # noqa: S105  name of a security scheme

ADDRESSES = 1024
"""Queries whose reading is kept."""

OPTIONS = {
    "security": [{TOKEN: []}],
    "info": {
        "summary": "Outgoing documents, acts on them and signature rates, as one person in one post.",
        "description": (
            "Make a personal token on the page of your account and send it as `Authorization: Bearer …`. A token "
            "acts in one post, reaches what that post reaches on the pages, and never counts as a second factor: "
            "signing and sealing are not possible here. Times are UTC (RFC 3339)."
        ),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "servers": [{"url": "/"}],
}


class Described(Api):  # type: ignore[misc]  # flask-smorest is not typed
    """The extension: it describes; refusing is left to `web.errors`, whose answers keep `Allow` on a 405."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        super().__init__(
            app, spec_kwargs={"title": "Trình Ký", "version": "1", "openapi_version": "3.1.0", **OPTIONS}
        )
        self.spec.components.security_scheme(TOKEN, {"type": "http", "scheme": "bearer"})

    def _register_error_handlers(self) -> None:
        """None: `web.errors` answers for the whole application."""

    def _register_responses(self) -> None:
        """Every refusal is a problem document."""
        for status in http.HTTPStatus:
            if status >= 400:
                answer = {"description": status.phrase, "content": {PROBLEM: {"schema": Problem}}}
                self.spec.components.response(status.name, answer, lazy=True)


class Parser(FlaskParser):
    """Unknown names are refused everywhere: a filter with a typing error must not list everything."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE}  # noqa: RUF012  webargs reads it so

    def _raw_load_json(self, req: Request) -> Any:
        """The body; one that is no JSON is told in words (400)."""
        if not is_json_request(req):
            return missing
        try:
            return decode(req.get_data(cache=True))
        except ValueError as error:
            raise BadInput("json_unreadable") from error

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_options: Any) -> NoReturn:
        """Wrong shape: each field with what is wrong with it."""
        refuse(error)


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A group of operations. Whoever gets here may use the API at all."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str, *, description: str) -> None:
        super().__init__(name, import_name, url_prefix=PREFIX, description=description)
        self.before_request(_may_use_api)
        self.after_request(_say_how_to_come_in)

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """An address below `/api/v1`."""
        made: Callable[[View], View] = super().route(rule, **options)
        return made

    def response(self, status_code: int, schema: type[Schema], **options: Any) -> Callable[[View], View]:
        """Document what comes back. Views answer with finished responses, so they are not wrapped."""
        return _documented(super().response(status_code, schema, **options))

    def body(self, schema: type[Schema]) -> Callable[[View], View]:
        """Read the JSON body through a schema into the view's first argument."""
        made: Callable[[View], View] = super().arguments(schema)
        return made

    def query(self, schema: type[Schema]) -> Callable[[View], View]:
        """Read the query through a schema into the view's first argument, once for each address: programs ask
        the same over and over."""
        made = schema()

        @lru_cache(maxsize=ADDRESSES)
        def load(_address: bytes) -> Mapping[str, Any]:
            return MappingProxyType(made.load(MultiDictProxy(request.args, made), unknown=RAISE))

        def decorate(view: View) -> View:
            @wraps(view)
            def reading(*values: Any, **named: Any) -> Any:
                try:
                    found = load(request.query_string)
                except ValidationError as error:
                    refuse(ValidationError({"query": error.messages}))
                return view(found, *values, **named)

            described = super(Blueprint, self).arguments(schema, location="query")(view)
            reading._apidoc = described._apidoc  # type: ignore[attr-defined]
            return reading  # type: ignore[return-value]

        return decorate

    def files(self, **parts: str) -> Callable[[View], View]:
        """Document a body of files (`multipart/form-data`): name → what it is; `?` at its end: optional."""
        described = {
            name: {"type": "string", "format": "binary", "description": words.removesuffix("?")}
            for name, words in parts.items()
        }
        needed = [name for name, words in parts.items() if not words.endswith("?")]
        schema = {"type": "object", "properties": described, "required": needed, "additionalProperties": False}
        body = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
        return _documented(self.doc(requestBody=body))

    def operation(self, name: str, *refusals: http.HTTPStatus) -> Callable[[View], View]:
        """Name an operation for generated clients and document its refusals; every one has 401 and 403."""
        every = (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN, *refusals)
        return _documented(self.doc(operationId=name, responses={int(status): status.name for status in every}))


def _documented(describe: Callable[[Any], Any]) -> Callable[[View], View]:
    """Take over the description that a decorator of flask-smorest makes, without its wrapper."""

    def mark(view: View) -> View:
        view._apidoc = describe(view)._apidoc  # type: ignore[attr-defined]
        return view

    return mark


def _may_use_api() -> None:
    demand(current().actor, Permission.USE_API)


def _say_how_to_come_in(response: BaseResponse) -> BaseResponse:
    if response.status_code == http.HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 6750 section 3
    return response


def answer(found: object, status: int = 200) -> Response:
    """JSON as orjson writes it: UTF-8, moments per RFC 3339."""
    return Response(orjson.dumps(found), status, mimetype="application/json")


def beginning(query: Mapping[str, Any], place: Place | None) -> Place | None:
    """Where a list goes on, as its `after` was read; a damaged one is refused, since a program would go round in
    circles.
    """
    if query.get("after") and place is None:
        raise NotFound("cursor_unreadable")
    return place


def refuse(error: ValidationError) -> NoReturn:
    """End the request with 422 and the fields that are wrong."""
    trouble = explain(BadInput("wrong_shape"))
    body = {**problem(trouble), "errors": _by_field(error.messages)}
    abort(Response(orjson.dumps(body), trouble.status, mimetype=PROBLEM))


def _by_field(messages: Any) -> dict[str, list[str]]:
    """`{"query": {"state": {0: ["…"]}}}` → `{"state": ["…"]}`, in the reader's language."""
    found: dict[str, list[str]] = {}
    for fields in messages.values() if isinstance(messages, Mapping) else ({"": messages},):
        for name, wrong in fields.items() if isinstance(fields, Mapping) else (("", fields),):
            found.setdefault(str(name), []).extend(gettext(str(text)) for text in _leaves(wrong))
    return found


def _leaves(wrong: Any) -> list[Any]:
    if isinstance(wrong, Mapping):
        return [leaf for inner in wrong.values() for leaf in _leaves(inner)]
    if isinstance(wrong, list | tuple):
        return [leaf for inner in wrong for leaf in _leaves(inner)]
    return [wrong]
