"""Search over the demo province's own papers: accented words find what holds them and nothing else.

What is right is worked out here from the words of each document, by other means than the program's: whole words,
NFC, in small letters; without accents by taking the marks away.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.demo.conftest import DAY, Province
from workflow.adapters.blobs import open_blobs
from workflow.demo.province import agencies
from workflow.domain.permissions import Scope
from workflow.services import search
from workflow.services.journal import OFFICE_ZONE
from workflow.store.models import SearchText, Unit
from workflow.store.search import Narrowed
from workflow.store.session import UnitOfWork, make_engine, unit_of_work

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.timeout(900)]

NOW = dt.datetime.combine(DAY, dt.time(9), tzinfo=OFFICE_ZONE)
ALL = Narrowed()
OFFICES = ("dongtam", "lamha", "stc")
READ = 4
"""Documents of an office whose text is read here, as the job does; the rest is found by its facts."""

MOST = 40
"""Questions about an office, of those that its papers give."""


@pytest.fixture
def mine(province: Province, tmp_path: Path) -> Iterator[Engine]:
    """A copy of the database, for the texts of files; the files themselves are shared."""
    shutil.copyfile(province.var / "demo" / "trinhky.db", tmp_path / "mine.db")
    made = make_engine(f"sqlite:///{tmp_path / 'mine.db'}")
    yield made
    made.dispose()


def words(text: str) -> set[str]:
    """Whole words, composed, in small letters."""
    return set(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower()))


def bare(text: str) -> str:
    """Without marks, as people type in a hurry."""
    apart = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def found(uow: UnitOfWork, scope: Scope, asked: str) -> set[tuple[str, int]]:
    """Kind and key of everything that a search gives."""
    answer = search.search(uow, scope, asked, narrowed=ALL, limit=1000)
    return {(row.kind, row.document_id) for row in answer.rows} if answer else set()


def read_some(engine: Engine, agency: int, province: Province) -> None:
    """Read the files of the newest documents of an office."""
    blobs = open_blobs(province.settings.blob_url)
    query = select(SearchText.kind, SearchText.document_id).where(SearchText.agency_id == agency)
    with unit_of_work(engine) as uow:
        rows = uow.session.execute(query.order_by(SearchText.id.desc()).limit(READ)).all()
    for kind, document_id in rows:
        with unit_of_work(engine) as uow:
            unread = search.unread_files(uow, kind, document_id)
        for sha256 in unread:
            with unit_of_work(engine) as uow:
                assert search.read_file(uow, sha256, blobs=blobs, now=NOW) in {"read", "empty"}
                uow.commit()
        with unit_of_work(engine) as uow:
            search.finish(uow, kind, document_id)
            uow.commit()


def texts_of(uow: UnitOfWork, agency: int) -> dict[tuple[str, int], str]:
    """What every document of an office says."""
    query = select(SearchText.kind, SearchText.document_id, SearchText.text)
    rows = uow.session.execute(query.where(SearchText.agency_id == agency)).all()
    return {(kind, document_id): text for kind, document_id, text in rows}


def questions(texts: dict[tuple[str, int], str]) -> set[str]:
    """Neighbouring words with marks from lines of every document: what a person remembers of a paper."""
    asked = set()
    for text in texts.values():
        lines = text.splitlines()
        for line in (*lines[1:2], *lines[-1:]):  # of a scan that waits to be read nothing is known yet
            marked = [word for word in re.findall(r"[^\W_]+", line) if not word.isascii()]
            asked |= {" ".join(marked[:2]), " ".join(marked[-3:])}
    return {one for one in asked if one}


@pytest.mark.parametrize("office", OFFICES)
def test_accented_words_find_what_holds_them_and_nothing_else(
    mine: Engine, province: Province, office: str
) -> None:
    """Precision and recall 100 % with accents, composed or not; without accents at least as much, and nothing that
    does not hold the bare words."""
    code = next(one.code for one in agencies() if one.key == office)
    with unit_of_work(mine) as uow:
        agency = uow.session.scalars(select(Unit.id).where(Unit.code == code)).one()
    read_some(mine, agency, province)
    scope = Scope(agency_ids=(agency,))
    with unit_of_work(mine) as uow:
        texts = texts_of(uow, agency)
        held = {key: words(text) for key, text in texts.items()}
        plain = {key: words(bare(text)) for key, text in texts.items()}
        asked = questions(texts)
        assert len(asked) >= 20
        for one in sorted(asked)[:: max(1, len(asked) // MOST)]:
            right = {key for key, own in held.items() if words(one) <= own}
            loosely = {key for key, own in plain.items() if words(bare(one)) <= own}
            assert right
            assert found(uow, scope, one) == right, one
            assert found(uow, scope, unicodedata.normalize("NFD", one)) == right, one
            assert found(uow, scope, one.upper()) == right, one
            assert right <= found(uow, scope, bare(one)) == loosely, one
