"""Pages about registers, organs and kinds of documents."""

from __future__ import annotations

from tests.sweep.shown import shown_on

_BOOK, _NUMBER = "/register/<int:register_id>", "/register/numbers/<int:number_id>"

REGISTERS = [
    *shown_on(
        "/register",
        ("clerk", "/register"),
        ("clerk", "/register?register={register}&year=2026"),
        ("leader", "/register?register={register}&year=2024&done=closed"),
        ("far_clerk", "/register"),
        ("clerk", "/register?year=1999"),
        ("clerk", "/register?filters=1"),
        ("leader", "/register?q=v&state=issued&type=letter&from=01/01/2026&to=31/12/2027"),
        ("clerk", "/register?state=held&signer=nobody&from=31/02/2026"),
    ),
    *shown_on(
        f"{_BOOK}/hold",
        ("clerk", "/register/{register}/hold"),
        ("clerk", "/register/{register}/hold", 422, True),
        ("far_clerk", "/register/{register}/hold", 404),
    ),
    *shown_on(
        f"{_NUMBER}/cancel",
        ("clerk", "/register/numbers/{held_number}/cancel"),
        ("clerk", "/register/numbers/{held_number}/cancel", 422, True),
        ("clerk", "/register/numbers/{cancelled}/cancel", 422),
    ),
    *shown_on(
        f"{_BOOK}/years/<int:year>/close",
        ("clerk", "/register/{register}/years/2025/close"),
        ("clerk", "/register/{register}/years/2025/close", 422, True),
    ),
    *shown_on(f"{_BOOK}/years/<int:year>/reopen", ("leader", "/register/{register}/years/2024/reopen")),
    *shown_on("/admin/registers", ("admin", "/admin/registers"), ("far_admin", "/admin/registers")),
    *shown_on(
        "/admin/registers/organs/new",
        ("admin", "/admin/registers/organs/new"),
        ("admin", "/admin/registers/organs/new", 422, True),
    ),
    *shown_on(
        "/admin/registers/organs/<int:organ_id>",
        ("admin", "/admin/registers/organs/{organ}"),
        ("far_admin", "/admin/registers/organs/{organ}", 404),
    ),
    *shown_on(
        "/admin/registers/books/new",
        ("admin", "/admin/registers/books/new"),
        ("admin", "/admin/registers/books/new", 422, True),
    ),
    *shown_on("/admin/registers/books/<int:register_id>", ("admin", "/admin/registers/books/{register}")),
    *shown_on(
        "/admin/registers/types",
        ("admin", "/admin/registers/types"),
        ("admin", "/admin/registers/types", 422, True),
    ),
    *shown_on(
        "/admin/registers/key-control",
        ("admin", "/admin/registers/key-control"),
        ("admin", "/admin/registers/key-control", 422, True),
    ),
]
