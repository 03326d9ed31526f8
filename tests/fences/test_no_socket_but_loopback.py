"""Tests talk to this machine only."""

from __future__ import annotations

import socket

import pytest

from tests.support.network import WorldRefused, is_here


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 443)])
def test_connecting_elsewhere_is_refused_before_anything_is_sent(address: tuple[str, int]) -> None:
    """Documentation addresses and names never leave this process."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as connection, pytest.raises(WorldRefused):
        connection.connect(address)


def test_looking_up_a_foreign_name_is_refused() -> None:
    """A name server would learn it."""
    with pytest.raises(WorldRefused):
        socket.getaddrinfo("example.org", 443)


def test_listening_on_all_interfaces_is_refused() -> None:
    """A test server is nobody else's."""
    with socket.socket() as listener, pytest.raises(WorldRefused):
        listener.bind(("0.0.0.0", 0))


def test_loopback_works() -> None:
    """The positive control."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(("localhost", server.getsockname()[1])) as client:
            assert is_here(client.getpeername()[0])
        server.accept()[0].close()
