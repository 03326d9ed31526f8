"""One JSON line a request, and one for whatever else is worth saying; nobody's number is ever in it.

Paths are logged as their route (`/outgoing/<int:id>`), never with values; texts are masked besides.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from typing import BinaryIO

import orjson
import structlog
from flask import Flask, g, request
from structlog.typing import EventDict, WrappedLogger
from werkzeug.wrappers import Response

from workflow.domain.text import mask_personal
from workflow.web.context import current

QUIET = frozenset({"assets.static_file", "health.healthz", "health.readyz", "health.metrics"})
"""Routes that are asked so often that a line each would hide the others."""

access = structlog.get_logger("access")
_stream: BinaryIO | None = None
"""Where `configure` sends the lines; None until it was called."""


def configure(stream: BinaryIO | None = None) -> None:
    """Set structlog up for this process; the doors call it once."""
    global _stream
    _stream = stream or sys.stderr.buffer
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            mask,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        logger_factory=structlog.BytesLoggerFactory(_stream),
        cache_logger_on_first_use=stream is None,  # a stream of one's own is a test's, which configures anew
    )


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask identity numbers in every text of a line."""
    for name, value in event.items():
        if isinstance(value, str) and name != "timestamp":
            event[name] = mask_personal(value)
    return event


def _dumps(event: EventDict, **_options: object) -> bytes:
    return orjson.dumps(event, default=str)


def install(app: Flask) -> None:
    """Log each request when it is over, with its id; the browser gets the id too."""

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        here = current()
        response.headers["X-Request-Id"] = here.request_id
        if request.endpoint not in QUIET:
            _say(
                request_id=here.request_id,
                method=request.method,
                route=request.url_rule.rule if request.url_rule else "",
                status=response.status_code,
                ms=round((time.perf_counter() - g.started) * 1000, 1),
                timestamp=here.now,
            )
        return response


def _say(*, timestamp: dt.datetime, **facts: object) -> None:
    """A line a request is most of what is ever logged, and none of its words is anybody's: it goes straight out."""
    if _stream is None:
        access.info("request", **facts)
    else:
        line = {**facts, "event": "request", "level": "info", "timestamp": timestamp}
        _stream.write(orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE))
        _stream.flush()
