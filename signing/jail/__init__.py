"""One jail for every native parser on outside bytes: a short-lived child without network, secrets or time.

    result = run("signing.prepare.rewriting:normalise", data, arguments={"max_pages": 500})

The task is a function `(payload: bytes, arguments: dict) -> JailResult`. Tasks are trusted code, payloads not.
"""

from signing.jail.child import JailResult
from signing.jail.errors import Crashed, JailError, ResourceLimit, TaskRefused
from signing.jail.host import Jail, Walls, close, run, walls, warm
from signing.jail.limits import Limits

__all__ = [
    "Crashed",
    "Jail",
    "JailError",
    "JailResult",
    "Limits",
    "ResourceLimit",
    "TaskRefused",
    "Walls",
    "close",
    "run",
    "walls",
    "warm",
]
