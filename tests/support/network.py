"""No test reaches the world: an audit hook refuses every address but loopback, before anything is sent."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

ADDRESS_EVENTS = {"socket.connect", "socket.sendto", "socket.bind"}
NAMES_OF_THIS_MACHINE = {"", "localhost", "localhost.", socket.gethostname(), None}


class WorldRefused(BaseException):
    """Not an `Exception`: the code under test must not swallow it as one more network failure."""


def refuse_the_world(event: str, arguments: tuple[Any, ...]) -> None:
    """For `sys.addaudithook`. Binding to all interfaces is refused as well."""
    if event in ADDRESS_EVENTS:
        address = arguments[1]
        if isinstance(address, tuple) and not is_here(address[0], binding=event == "socket.bind"):
            raise WorldRefused(f"{event} {address!r}: tests talk to loopback only")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"} and not is_here(arguments[0]):
        raise WorldRefused(f"{event} {arguments[0]!r}: tests look up no foreign names")


def is_here(host: str | bytes | None, *, binding: bool = False) -> bool:
    """The host is this machine by loopback, whatever the spelling."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in NAMES_OF_THIS_MACHINE:
        return not (binding and name == "")
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False
