"""The application on a port of its own: real SQLite, the small province with keys, a record of all that was asked.

The server runs in a thread of the test's process, so a test may move a document on by `town.papers` while pages
are open. The clock starts on a Monday morning and runs.
"""

from __future__ import annotations

import datetime as dt
import io
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import got_request_exception
from playwright.sync_api import FilePayload
from sqlalchemy import Engine
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.support import engines
from tests.support.applications import application
from tests.support.browser import MORNING
from tests.support.office import Office, build
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.store.models import Setting
from workflow.store.session import unit_of_work


class RunningClock:
    """Nine o'clock on a Monday at the office, and it goes on."""

    def __init__(self, start: dt.datetime = MORNING) -> None:
        self._start, self._since = start, time.monotonic()

    def __call__(self) -> dt.datetime:
        return self._start + dt.timedelta(seconds=time.monotonic() - self._since)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it reached the server. `raw`: its line, headers and body."""

    method: str
    path: str
    raw: bytes


@dataclass(slots=True)
class Town:
    """The running service and what it was built from. `accidents`: exceptions that no page should meet."""

    base: str
    office: Office
    engine: Engine
    clock: Callable[[], dt.datetime]
    settings: Settings
    app: Any
    _papers: Papers
    asked: list[Asked] = field(default_factory=list)
    accidents: list[BaseException] = field(default_factory=list)

    @property
    def papers(self) -> Papers:
        """Verbs that move documents, at this moment."""
        self._papers.now = self.clock()
        return self._papers

    def key_file(self, name: str, password: str) -> FilePayload:
        """Somebody's .p12 as a browser takes a chosen file."""
        return as_upload(f"{name}.p12", self._papers.keys.held[name].pkcs12(password))


def as_upload(name: str, data: bytes, mime: str = "") -> FilePayload:
    """A file for `set_input_files`."""
    return {"name": name, "mimeType": mime, "buffer": data}


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Pytest has enough to read."""


@contextmanager
def running(
    template: Path, folder: Path, *, clock: Callable[[], dt.datetime] | None = None, **changes: Any
) -> Iterator[Town]:
    """A town on a copy of the migrated `template`, with a leader's, a deputy's and the agency's key enrolled.

    `changes` go to `Settings`.
    """
    shutil.copyfile(template, folder / "town.db")
    url = f"sqlite:///{folder / 'town.db'}"
    blob_url = str(folder / "blobs")
    with (
        engines.lent(url, durable=False) as engine,
        _served(engine, url, blob_url, clock or RunningClock(), changes) as town,
    ):
        yield town


@contextmanager
def _served(
    engine: Engine, url: str, blob_url: str, clock: Callable[[], dt.datetime], changes: dict[str, Any]
) -> Iterator[Town]:
    office = build(engine)
    _mark_as_demo(engine)
    papers = papers_of(office, open_blobs(blob_url), now=clock().replace(second=0, microsecond=0))
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_QuietHandler)
    base = f"http://127.0.0.1:{server.server_port}"
    settings = Settings(
        **{"database_url": url, "blob_url": blob_url, "secret_key": "k" * 40, "demo": True, "base_url": base}
        | changes
    )
    with application(settings, engine=engine, clock=clock) as app:
        town = Town(base, office, engine, clock, settings, app, papers)
        with _noting_accidents(town), _serving(server, _recorded(app, town.asked)):
            yield town


def _mark_as_demo(engine: Engine) -> None:
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(Setting(name="demo", value={"day": MORNING.date().isoformat()}))
        uow.commit()


@contextmanager
def _noting_accidents(town: Town) -> Iterator[None]:
    def note(_app: Any, exception: BaseException, **_more: Any) -> None:
        town.accidents.append(exception)

    with got_request_exception.connected_to(note, town.app):
        yield


@contextmanager
def _serving(server: BaseWSGIServer, app: Any) -> Iterator[None]:
    server.app = app
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _recorded(app: Callable[..., Iterable[bytes]], asked: list[Asked]) -> Callable[..., Iterable[bytes]]:
    """Keep every request, line, headers and body."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        path = environ.get("RAW_URI") or environ["PATH_INFO"]
        heads = "\n".join(
            f"{name}: {value}" for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_"))
        )
        line = f"{environ['REQUEST_METHOD']} {path}?{environ.get('QUERY_STRING', '')}\n{heads}\n\n"
        asked.append(Asked(environ["REQUEST_METHOD"], path, line.encode("utf-8", "replace") + body))
        return app(environ, start_response)

    return answer
