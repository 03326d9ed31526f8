"""Rows of people: one row a post. Rows that name the same login, else the same mail address, are one person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.imports.offices import Known, is_address
from workflow.domain.imports.problems import Fault
from workflow.domain.imports.reading import Row, keys_by_words
from workflow.domain.people import Role
from workflow.domain.text import fold

ROLES = keys_by_words({
    Role.DRAFTER: ("chuyên viên soạn thảo", "chuyên viên", "công chức", "nhân viên", "người soạn thảo"),
    Role.UNIT_HEAD: ("lãnh đạo phòng", "thủ trưởng đơn vị", "trưởng phòng", "trưởng đơn vị"),
    Role.CLERK: ("văn thư", "văn thư cơ quan"),
    Role.LEADER: ("lãnh đạo", "thủ trưởng", "người đứng đầu", "thủ trưởng cơ quan", "lãnh đạo cơ quan"),
    Role.DEPUTY: ("cấp phó của lãnh đạo", "cấp phó", "phó thủ trưởng", "cấp phó của người đứng đầu"),
    Role.ADMIN: ("quản trị", "quản trị viên", "quản trị đơn vị"),
    Role.INSPECTOR: ("kiểm tra, thanh tra", "thanh tra", "kiểm tra", "người kiểm tra"),
})  # fmt: skip
"""Words that sheets use for our roles, beside their keys."""

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


def read_person(row: Row) -> dict[str, Any]:
    """A person with a post."""
    begin, end = row.day("from", required=True), row.day("until")
    if begin and end and end < begin:
        row.wrong("until", Fault.DATE_ORDER, before=f"{begin:%d/%m/%Y}")
    email, login = row.text("email"), row.text("login").lower()
    if email and not is_address(email):
        row.wrong("email", Fault.EMAIL_SHAPE, text=email)
    if login and not _LOGIN.fullmatch(login):
        row.wrong("login", Fault.LOGIN_SHAPE, text=login)
    return {
        "name": row.text("name", required=True), "email": email, "login": login,
        "unit": row.text("unit", required=True), "title": row.text("title", required=True),
        "role": row.choice("role", ROLES, Fault.ROLE_UNKNOWN, required=True),
        "from": begin.isoformat() if begin else None, "until": end.isoformat() if end else None,
        "basis": row.text("basis"),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A post that is here already, with whom."""

    person_id: int
    name: str
    login: str
    email: str
    unit_id: int
    role: str
    title: str
    since: str


def who(content: Mapping[str, Any]) -> str:
    """What makes two rows one person: the login, else the address, else name and post."""
    if content["login"]:
        return f"login:{content['login']}"
    if content["email"]:
        return f"mail:{content['email'].lower()}"
    return "post:" + ":".join(fold(str(content[name])) for name in ("name", "unit", "title", "from"))


def place_people(
    rows: Sequence[tuple[Row, dict[str, Any]]], units: Sequence[Known], posts: Sequence[KnownPost],
    *, elsewhere: frozenset[str],
) -> list[bool]:  # fmt: skip
    """Find each row's unit; whether its post is here already. `elsewhere`: logins of people beyond reach.

    Notes units that nobody knows or that have one name with others, logins of others, rows that come twice.
    """
    codes = {unit.code: unit.id for unit in units}
    names: dict[str, list[int]] = {}
    for unit in units:
        names.setdefault(fold(unit.name), []).append(unit.id)
    logins = {post.login: post for post in posts if post.login}
    mine = {(_key(post), post.unit_id, post.role, fold(post.title), post.since) for post in posts}
    seen: dict[tuple[Any, ...], int] = {}
    called: dict[str, str] = {}
    known = []
    for row, content in rows:
        content["unit_id"] = _unit(row, content["unit"], codes, names)
        _person(row, content, logins, called, elsewhere)
        key = (who(content), content["unit_id"], content["role"], fold(content["title"]), content["from"])
        if key in seen:
            row.wrong("name", Fault.TWICE_IN_FILE, row=seen[key], text=content["name"])
        seen.setdefault(key, row.number)
        known.append(_here(content, mine, posts))
    return known


def _unit(row: Row, words: str, codes: Mapping[str, int], names: Mapping[str, list[int]]) -> int:
    found = [codes[words]] if words in codes else names.get(fold(words), [])
    if words and len(found) != 1:
        row.wrong("unit", Fault.UNIT_AMBIGUOUS if found else Fault.UNIT_UNKNOWN, text=words)
    return found[0] if len(found) == 1 else 0


def _person(
    row: Row, content: dict[str, Any], logins: Mapping[str, KnownPost], called: dict[str, str],
    elsewhere: frozenset[str],
) -> None:  # fmt: skip
    """A login is one person's: here, elsewhere, and within the sheet."""
    login, name = content["login"], content["name"]
    if not login:
        return
    other = logins[login].name if login in logins else called.get(login, name)
    if login in elsewhere or fold(other) != fold(name):
        row.wrong("login", Fault.LOGIN_TAKEN, text=login)
    called.setdefault(login, name)


def _here(content: Mapping[str, Any], mine: set[tuple[Any, ...]], posts: Sequence[KnownPost]) -> bool:
    post = (content["unit_id"], content["role"], fold(content["title"]), content["from"])
    if (who(content), *post) in mine:
        return True
    name = fold(content["name"])
    same = (one for one in posts if fold(one.name) == name and (not content["login"] or not one.login))
    return any((one.unit_id, one.role, fold(one.title), one.since) == post for one in same)


def _key(post: KnownPost) -> str:
    if post.login:
        return f"login:{post.login}"
    return f"mail:{post.email.lower()}" if post.email else ""
