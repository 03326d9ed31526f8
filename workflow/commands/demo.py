"""`trinhky demo`: the demo province on this machine, kept below `var/` between runs."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import json
import os
import shutil
import sys
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from workflow import launch
from workflow.commands.migrate import bring_up
from workflow.config import TIME_ZONE, Settings, from_environment, project_folder
from workflow.domain import calendar_seed
from workflow.supervisor import Supervisor, leave

SEEDED = "seeded.json"
"""Written after the last step of seeding: without it the data is half a province and is made anew."""

EARLIEST, LATEST = dt.date(2026, 1, 5), calendar_seed.LAST - dt.timedelta(days=30)
"""For `--day`: six months of papers lie after the founding of the two tiers (1 July 2025), and the calendar of
days off reaches over the next deadlines."""

LAYOUT = 8
"""Of the demo's data; counted up when the seeding or the first tables change."""
SEAL_KEYS = "seal-keys.json"
"""Written by the seeding beside the database, mode 0600, where some agency has a server-held seal."""
MAKING = "Making the demo province"
LONGEST_SOCKET = 90
"""Bytes; Linux allows 107, and the seal process needs some for its own."""


@click.command("demo")
@click.option("--port", default=8400, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--var",
    "var",
    type=click.Path(path_type=Path),
    help="Where the data is kept; default: var/ beside the program.",
)
@click.option("--day", metavar="YYYY-MM-DD", help="The province's today when it is made; default: the real one.")
@click.option("--fresh", is_flag=True, help="Forget the data and start over.")
@click.option("--only-seed", is_flag=True, help="Make the data and stop.")
def command(port: int, var: Path | None, day: str | None, fresh: bool, only_seed: bool) -> None:
    """Start the demo province: data, web server, scheduler. Ctrl-C ends everything."""
    address = launch.Address("127.0.0.1", port)
    try:
        with Supervisor(say=_say) as parent:
            folder = launch.writable_folder(var.absolute() if var else project_folder() / "var")
            with launch.lock(folder):
                if not only_seed:
                    address.require_free()
                environ = prepare(folder / "demo", address, _day(day), fresh=fresh, stopped=parent.told_to_stop)
                if only_seed:
                    forget_socket(folder / "demo")
                    return
                logs = launch.writable_folder(folder / "demo" / "logs")
                click.echo("Starting the web server, the scheduler and the processes beside them …")
                environ["TRINHKY_TSA_URL"] = f"http://127.0.0.1:{launch.free_port()}/"
                table = [*launch.children(address, environ, logs=logs), launch.publisher(environ, logs=logs)]
                code = parent.run(table, ready=address.answers, announce=lambda: _announce(address, folder))
                parent.end_all()
                forget_socket(folder / "demo")
                leave(code)
    except launch.CannotStart as reason:
        raise click.ClickException(str(reason)) from reason


def prepare(
    folder: Path, address: launch.Address, day: dt.date, *, fresh: bool, stopped: Callable[[], bool]
) -> dict[str, str]:
    """Migrate and seed; returns what the children need in their environment."""
    note = folder / SEEDED
    begun = folder.exists()
    if begun and (fresh or not _is_ours(note)):
        shutil.rmtree(folder)
    launch.writable_folder(folder)
    environ = {
        "TRINHKY_DATABASE_URL": f"sqlite:///{folder / 'trinhky.db'}",
        "TRINHKY_BLOB_URL": str(launch.writable_folder(folder / "blobs")),
        "TRINHKY_BASE_URL": address.url,
        "TRINHKY_DEMO": "1",
        **launch.secrets_in(folder),
    }
    settings = from_environment({**os.environ, **environ})
    bring_up(settings.database_url)
    if not note.exists():
        seed(settings, day, stopped=stopped)
        note.write_text(json.dumps({"day": day.isoformat(), "layout": LAYOUT}))
    if not (folder / SEAL_KEYS).exists():
        return environ
    return {
        **environ,
        launch.SEAL_KEYS: str(folder / SEAL_KEYS),
        "TRINHKY_SEAL_SOCKET": str(socket_path(folder)),
    }


def _is_ours(note: Path) -> bool:
    """A whole province, and one that this version made: the demo's data is made anew rather than patched."""
    return note.exists() and json.loads(note.read_text()).get("layout") == LAYOUT


def socket_path(folder: Path) -> Path:
    """In the folder where that is short enough for a socket (about 100 bytes), else in a private temporary one."""
    place = folder / "seal.socket"
    if len(os.fsencode(place)) <= LONGEST_SOCKET:
        return place
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = launch.writable_folder(Path(tempfile.gettempdir()) / f"trinhky-{os.getuid()}-{name}")
    if short.stat().st_uid != os.getuid():
        raise launch.CannotStart(f"{short} belongs to somebody else; the seal process needs it: remove it.")
    return short / "seal.socket"


def forget_socket(folder: Path) -> None:
    """Nobody listens any more: a folder that was made for the socket alone goes with it."""
    place = socket_path(folder)
    if place.parent != folder:
        shutil.rmtree(place.parent, ignore_errors=True)


def seed(settings: Settings, day: dt.date, *, stopped: Callable[[], bool]) -> None:
    """Fill the empty database, with a progress bar; ends within a step of being told to."""
    try:
        seeding = importlib.import_module("workflow.demo.seed")
    except ModuleNotFoundError as missing:
        raise launch.CannotStart(
            f"This installation has no demo province ({missing.name} is not part of it)."
        ) from missing
    with _teller() as (tell, say):

        def progress(done: int, total: int) -> None:
            if stopped():
                raise SystemExit(1)
            tell(int(100 * done / max(total, 1)))

        seeding.run(settings, day=day, fresh=True, progress=progress, say=say)


@contextmanager
def _teller() -> Iterator[tuple[Callable[[int], None], Callable[[str], None]]]:
    """Takes percents and names of phases: a bar on a terminal, a plain line for each of both in a log."""
    if sys.stdout.isatty():
        with click.progressbar(length=100, label=MAKING) as bar:

            def relabel(phase: str) -> None:
                bar.label = f"{MAKING}: {phase}"
                bar.render_progress()

            yield lambda percent: bar.update(percent - bar.pos), relabel
        return
    yield plain_lines(click.echo), lambda phase: click.echo(f"{MAKING}: {phase} …")


def plain_lines(say: Callable[[str], None]) -> Callable[[int], None]:
    """Says where it stands at the start and whenever another tenth is full."""
    told = -1
    say(f"{MAKING}: this takes some minutes")

    def tell(percent: int) -> None:
        nonlocal told
        if percent // 10 > told and percent >= 10:
            told = percent // 10
            say(f"{MAKING}: {told * 10} %")

    return tell


def _day(text: str | None) -> dt.date:
    try:
        day = dt.date.fromisoformat(text) if text else dt.datetime.now(zoneinfo.ZoneInfo(TIME_ZONE)).date()
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a day like 2026-11-23", param_hint="--day") from error
    if not EARLIEST <= day <= LATEST:
        raise click.BadParameter(
            f"the demo province knows the days from {EARLIEST} to {LATEST}, not {day}", param_hint="--day"
        )
    return day


def _announce(address: launch.Address, folder: Path) -> None:
    click.echo(f"\nTrình Ký is ready:   {address.url}/")
    click.echo(f"One-click logins:    {address.url}/login")
    click.echo(f"Logs and data:       {folder / 'demo'}")
    click.echo("Ctrl-C ends it; the data stays for the next time.\n")


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
