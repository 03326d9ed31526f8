"""JSON lines on stderr, like the web's; tracebacks without local variables, which would hold settings."""

from __future__ import annotations

import json
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


def _mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str) and name != "timestamp":
            event[name] = mask_personal(value)
    return event


def _dumps(event: EventDict, **_options: object) -> str:
    return json.dumps(event, default=str, ensure_ascii=False)
