"""The office whose files the command judges, written to a folder once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.signing.cms.maker import Plan, loosened, make
from tests.signing.verification.office import AT, Office

CONTENT = b"Bang tinh\n" * 300


@dataclass(frozen=True)
class Desk:
    """A folder with files; `given` are the arguments that make good ones pass."""

    folder: Path
    given: tuple[str, ...]

    def path(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture(scope="session")
def office() -> Office:
    return Office()


@pytest.fixture(scope="session")
def desk(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    files = {
        "root.pem": office.root.identity.pem,
        "issuer.der": office.issuer.der,
        "issued.pdf": office.issued,
        "draft.pdf": office.paper,
        "data.bin": CONTENT,
        "data.p7s": make(CONTENT, Plan(office.agency)),
        "data.p7m": loosened(make(CONTENT, Plan(office.agency), attached=True)),
        "other.p7s": make(CONTENT + b".", Plan(office.agency)),
        "short.p7s": make(CONTENT, Plan(office.agency), certificates=(office.agency.der,)),
        "empty.pdf": b"",
        "text.txt": b"just text",
    }
    given = ["--trust", str(folder / "root.pem"), "--at", AT.isoformat()]
    for index, crl in enumerate(office.evidence.crls):
        files[f"{index}.crl"] = crl
        given += ["--crl", str(folder / f"{index}.crl")]
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return Desk(folder, tuple(given))
