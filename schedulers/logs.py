"""JSON lines on stderr, like the web's; tracebacks without local variables, which would hold settings."""

from __future__ import annotations

import json
import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from workflow.domain.text import mask_personal


def configure() -> None:
    """Set structlog up for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING, force=True)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a look left out while one goes on is no news


class _Libraries(logging.Handler):
    """What libraries log in their own way, among our lines."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(record.levelno, record.getMessage(), exc_info=record.exc_info or None)


def _mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str) and name != "timestamp":
            event[name] = mask_personal(value)
    return event


def _dumps(event: EventDict, **_options: object) -> str:
    return json.dumps(event, default=str, ensure_ascii=False)
