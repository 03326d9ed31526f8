"""`trinhky sealer`: the seal process. Run it under an OS user of its own."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from pathlib import Path

import click

from workflow import sealer
from workflow.adapters.blobs import open_blobs
from workflow.store.session import make_engine


@click.command("sealer")
@click.option("--keys", type=click.Path(path_type=Path, exists=True), help="Instead of TRINHKY_SEAL_KEYS.")
@click.option("--socket", "path", help="Instead of TRINHKY_SEAL_SOCKET.")
def command(keys: Path | None, path: str | None) -> None:
    """Hold the agencies' seal keys and number and seal what a clerk asks for, after checking everything itself."""
    listing = keys or Path(os.environ["TRINHKY_SEAL_KEYS"])
    place = path or os.environ["TRINHKY_SEAL_SOCKET"]
    made = sealer.Sealer(
        engine=make_engine(os.environ["TRINHKY_DATABASE_URL"], pool_size=2),
        blobs=open_blobs(os.environ["TRINHKY_BLOB_URL"]),
        keys=sealer.load_keys(listing),
        clock=lambda: dt.datetime.now(dt.UTC),
    )
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    click.echo(f"seal process ready: {len(made.keys)} keys", err=True)
    sealer.listen(made, place, stop)
