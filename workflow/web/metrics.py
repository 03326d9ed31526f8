"""Counts and times of requests for Prometheus, by route and status class; never by address or person.

With several worker processes set PROMETHEUS_MULTIPROC_DIR before the start: each writes a file there.
"""

from __future__ import annotations

import os
import time
from functools import lru_cache

from flask import Flask, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.wrappers import Response

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "trinhky_requests", "Requests answered", ("route", "method", "status"), registry=REGISTRY
)  # fmt: skip
SECONDS = Histogram(
    "trinhky_request_seconds",
    "Time to answer a request",
    ("route",),
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


def install(app: Flask) -> None:
    """Count each request when it is over."""

    @app.after_request
    def _count(response: Response) -> Response:
        requests, seconds = _of(request.endpoint or "none", request.method, response.status_code // 100)
        requests.inc()
        seconds.observe(time.perf_counter() - g.started)
        return response


@lru_cache(maxsize=4096)
def _of(route: str, method: str, hundreds: int) -> tuple[Counter, Histogram]:
    """The two series of a kind of request; looking them up by label costs more than counting."""
    return REQUESTS.labels(route, method, f"{hundreds}xx"), SECONDS.labels(route)


def exposition() -> bytes:
    """What a scraper reads: of all workers where they share a folder, else of this process."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)
