"""The suite as a folder: files, roots, revocation lists, and an index that says what is expected of each.

DIR/index.json  DIR/files/CLASS/NAME.pdf  DIR/trust/*.der  DIR/crls/*.crl
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from signing.testing.attacks.case import Case, Question
from signing.testing.attacks.office import Office, office
from signing.testing.attacks.registry import ALL

FORMAT = 1
"""Of index.json."""


@cache
def make_all() -> dict[str, bytes]:
    """Name → bytes of every file, made once per process."""
    return {case.name: case.make(office()) for case in ALL}


def write(folder: Path) -> int:
    """Write the whole suite into `folder`; the number of files."""
    folder.mkdir(parents=True, exist_ok=True)
    people, rows = office(), []
    for name, data in make_all().items():
        case = next(item for item in ALL if item.name == name)
        path = folder / case.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if case.content is not None and case.content_file is not None:
            (folder / case.content_file).write_bytes(case.content(people))
        rows.append(_row(case, data, folder=folder, people=people))
    index = {"format": FORMAT, "files": len(rows), "cases": rows}
    (folder / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return len(rows)


def roots_of(question: Question, people: Office) -> tuple[bytes, ...]:
    return question.roots if question.roots is not None else (people.root.der, people.tsa_root.der)


def lists_of(question: Question, people: Office) -> tuple[bytes, ...]:
    return question.crls if question.crls is not None else (*people.authority_crls, people.fresh_crl)


def _row(case: Case, data: bytes, *, folder: Path, people: Office) -> dict[str, Any]:
    question = case.ask(people)
    twin = next((item.file for item in ALL if item.name == case.twin), None)
    return {
        "name": case.name,
        "file": case.file,
        "detached": case.content_file,
        "class": case.attack,
        "kind": str(case.kind),
        "defect": case.says,
        "viewer_shows": case.shows,
        "twin": twin,
        "differs_from_twin": str(case.differs) if twin else None,
        "expected": {
            "verdicts": list(case.verdicts),
            "signatures": {
                name: {key: list(one) for key, one in facets.items()} for name, facets in case.facets.items()
            },
        },
        "trust": [_kept(folder, "trust", root, suffix=".der") for root in roots_of(question, people)],
        "crls": [_kept(folder, "crls", crl, suffix=".crl") for crl in lists_of(question, people)],
        "at": question.at.isoformat(),
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _kept(folder: Path, room: str, data: bytes, *, suffix: str) -> str:
    """The relative path under which these bytes stand in the suite, named by their hash."""
    name = f"{room}/{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return name
