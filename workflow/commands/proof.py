"""`trinhky proof`: bundles for somebody outside, and what they are checked with."""

from __future__ import annotations

import base64
import datetime as dt
import shutil
import textwrap
from collections.abc import Callable, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import click

from workflow.adapters.blobs import open_blobs
from workflow.commands.serve import settings_or_sentence
from workflow.domain.bundles import Contents
from workflow.domain.errors import NotFound
from workflow.domain.people import SYSTEM_ACTOR
from workflow.domain.permissions import Scope
from workflow.services.figures.month_lists import Asked
from workflow.services.proving import making, reports
from workflow.services.signing.roots import standing
from workflow.store import bundles as store
from workflow.store import office
from workflow.store.session import UnitOfWork, make_engine, unit_of_work

FILE = click.Path(dir_okay=False, path_type=Path)
PROGRAMS = ("verify_bundle.py", "verify_bundle.html")


@click.group("proof")
def command() -> None:
    """Proof bundles: zips that somebody checks who has nothing else of ours."""


@command.command("document")
@click.argument("document", type=int)
@click.argument("file", type=FILE)
def document_(document: int, file: Path) -> None:
    """The bundle of an issued document, by the number in its address."""

    def gather(uow: UnitOfWork, now: dt.datetime) -> Contents:
        agency = store.agency_of(
            uow.session, document, reason="whoever holds the machine holds every agency's papers"
        )
        scope = Scope() if agency is None else Scope(agency_ids=(agency,))
        return making.document_for_shell(uow, scope, document_id=document, now=now)

    _write(gather, file, {"document": document})


@command.command("month")
@click.argument("agency")
@click.argument("month")
@click.argument("file", type=FILE)
@click.option("--count", default="", help="One figure alone, e.g. fully_signed; default: the whole month.")
def month_(agency: str, month: str, file: Path, count: str) -> None:
    """The bundle of a closed month (2026-11) of the agency with this code (H99.01)."""

    def gather(uow: UnitOfWork, now: dt.datetime) -> Contents:
        unit = office.unit_by_code(uow.session, agency)
        if unit is None:
            raise NotFound("unit_not_found")
        scope, asked = Scope(agency_ids=(unit.id,)), Asked(key=month, agency_id=unit.id, count=count)
        return making.figure_for_shell(uow, scope, asked=asked, reader=scope, now=now)

    _write(gather, file, {"month": month, "count": count})


@command.command("report")
@click.argument("document", type=int)
@click.argument("file", type=FILE)
def report_(document: int, file: Path) -> None:
    """The bundle of an issued report upward, by the number in the address of its document."""

    def gather(uow: UnitOfWork, now: dt.datetime) -> Contents:
        agency = store.agency_of(
            uow.session, document, reason="whoever holds the machine holds every agency's papers"
        )
        if agency is None:
            raise NotFound("document_not_found")
        scope = Scope(agency_ids=(agency,))
        return reports.report_for_shell(
            uow, scope, agency_id=agency, document_id=document, reader=scope, now=now
        )  # fmt: skip

    _write(gather, file, {"report": document})


@command.command("tools")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def tools(folder: Path) -> None:
    """Write both verifiers and the listed roots (PEM) into FOLDER. Compare the roots' fingerprints with paper."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROGRAMS:
        with as_file(files("signing.standalone").joinpath(name)) as path:
            shutil.copyfile(path, folder / name)
    engine = make_engine(settings_or_sentence().database_url)
    try:
        with unit_of_work(engine) as uow:
            roots = [one.der for one in standing(uow).roots]
    finally:
        engine.dispose()
    (folder / "roots.pem").write_text("".join(map(_pem, roots)), encoding="ascii")
    click.echo(f"{folder}: {', '.join(PROGRAMS)}, roots.pem ({len(roots)})")


def _pem(der: bytes) -> str:
    lines = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def _write(
    gather: Callable[[UnitOfWork, dt.datetime], Contents], file: Path, what: Mapping[str, Any]
) -> None:  # fmt: skip
    settings, now = settings_or_sentence(), dt.datetime.now(dt.UTC)
    engine = make_engine(settings.database_url)
    try:
        with unit_of_work(engine) as uow, file.open("w+b") as into:
            contents = gather(uow, now)
            written = making.make(uow, contents, open_blobs(settings.blob_url), into)
            taken = making.take(uow, SYSTEM_ACTOR, contents=contents, written=written, what=what, now=now)
            uow.commit()
    finally:
        engine.dispose()
    told = f"{taken['documents']} documents with files, {taken['withheld']} without, anchor {taken['anchor']}"
    click.echo(f"{file}: {told}")
    click.echo(f"SHA-256 {taken['sha256']}")
