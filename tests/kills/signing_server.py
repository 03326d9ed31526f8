"""The service in a process of its own, which may kill itself while a signature is being written.

Called as `python signing_server.py DATABASE BLOBS BEGAN FATAL`: the clock reads noon at BEGAN (seconds since 1970)
and runs; with the FATAL-th signature, written and not yet committed, the process is gone without a word (0: never).
Prints its port.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import sys
import time

from sqlalchemy import event
from werkzeug.serving import make_server

from workflow.config import Settings
from workflow.store.models import Signature
from workflow.store.session import make_engine
from workflow.web.app import create_app
from workflow.web.context import Installation

NOON = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)


def main(database: str, blobs: str, began: float, fatal: int) -> None:
    """Serve until killed."""
    written = 0

    @event.listens_for(Signature, "after_insert")
    def _die(*_: object) -> None:
        nonlocal written
        written += 1
        if written == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = make_engine(database)
    settings = Settings(database_url=database, blob_url=blobs, secret_key="k" * 40, base_url="http://127.0.0.1")
    app = create_app(settings, engine=engine)
    app.extensions["trinhky"] = Installation(
        settings, engine, lambda: NOON + dt.timedelta(seconds=time.time() - began)
    )
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
