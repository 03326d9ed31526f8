"""Who has only a file, the root and the published lists gets the answer that the office has."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.demo.conftest import DAY, Province
from workflow.adapters.blobs import open_blobs
from workflow.config import project_folder
from workflow.demo.life import PUBLISHED
from workflow.services.journal import OFFICE_ZONE
from workflow.store.models import Outgoing
from workflow.store.session import make_engine, unit_of_work

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def issued_file(province: Province, folder: Path) -> Path:
    """The newest digital paper that was issued in the commune of the tour."""
    engine = make_engine(province.settings.database_url)
    with unit_of_work(engine) as uow:
        query = select(Outgoing.file_sha256).where(Outgoing.state == "issued", Outgoing.medium == "digital")
        digest = uow.session.scalars(query.order_by(Outgoing.issued_at.desc())).first()
    engine.dispose()
    assert digest is not None
    file = folder / "issued.pdf"
    file.write_bytes(open_blobs(province.settings.blob_url).get(digest))
    return file


def test_the_readmes_command_finds_an_issued_paper_valid(province: Province, tmp_path: Path) -> None:
    """Leader, number and seal, by root and lists that lie beside the demo's documents."""
    text = (project_folder() / "README.md").read_text("utf-8")
    (line,) = re.findall(r"^ {4}\.venv/bin/python (-m signing verify .+) FILE$", text, re.MULTILINE)
    asked = [word.replace("var/demo", str(province.var / "demo")) for word in shlex.split(line)]
    moment = dt.datetime.combine(DAY, PUBLISHED, tzinfo=OFFICE_ZONE) + dt.timedelta(hours=1)
    done = subprocess.run(
        [sys.executable, *asked, "--at", moment.isoformat(), str(issued_file(province, tmp_path))],
        cwd=project_folder(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("passed") >= 3
