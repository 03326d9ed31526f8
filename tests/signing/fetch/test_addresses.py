"""Which URLs and addresses may be asked at all."""

from __future__ import annotations

import pytest

from signing.errors import FetchRefused
from signing.fetch.addresses import is_open, look_up, parse
from signing.fetch.reasons import FetchReason

OPEN = ["8.8.8.8", "203.113.131.1", "2001:ee0:1::1", "2606:4700::1111"]
CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1",
    "192.0.0.1", "192.0.2.1", "192.168.1.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "64:ff9b::8.8.8.8",
    "64:ff9b:1::1", "2001::1", "2002:808:808::1", "2001:db8::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1", "3fff::1", "100::1",
    "", "localhost", "0x7f000001", "2130706433", "127.1", "1.2.3.4.5",
]  # fmt: skip


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_are_open(address: str) -> None:
    """The positive control."""
    assert is_open(address)


@pytest.mark.parametrize("address", CLOSED)
def test_special_addresses_are_closed(address: str) -> None:
    """Private, loopback, link-local, multicast, reserved, and IPv4 inside IPv6 whatever it holds."""
    assert not is_open(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.1.1", "fd12::1"])
def test_private_networks_open_for_what_the_administrator_wrote(address: str) -> None:
    """Mirrors and proxies; link-local, mapped and special ones stay closed."""
    assert is_open(address, private=True)
    assert not any(is_open(item, private=True) for item in ("169.254.169.254", "::ffff:10.1.2.3", "224.0.0.1"))


def test_loopback_opens_by_its_own_switch_only() -> None:
    """For tests and for a proxy on this machine."""
    assert not is_open("127.0.0.1", private=True)
    assert is_open("127.0.0.1", loopback=True)
    assert is_open("::1", loopback=True)
    assert not is_open("10.0.0.1", loopback=True)


@pytest.mark.parametrize(
    ("url", "host", "resource"),
    [
        ("http://crl.ca.gov.vn/g2.crl", "crl.ca.gov.vn", "/g2.crl"),
        ("HTTP://CRL.CA.gov.vn./g2.crl", "crl.ca.gov.vn", "/g2.crl"),
        ("https://ca.vn", "ca.vn", "/"),
        ("https://ca.vn:443/a%20b?x=1&y", "ca.vn", "/a%20b?x=1&y"),
        ("http://[2001:ee0:1::1]:80/x", "2001:ee0:1::1", "/x"),
    ],
)
def test_plain_urls_are_read(url: str, host: str, resource: str) -> None:
    """As they stand in certificates."""
    found = parse(url)
    assert (found.host, found.resource) == (host, resource)


WRONG = {
    "ldap://ca.vn/cn=x": FetchReason.SCHEME_REFUSED,
    "file:///etc/passwd": FetchReason.SCHEME_REFUSED,
    "ftp://ca.vn/x": FetchReason.SCHEME_REFUSED,
    "//ca.vn/x": FetchReason.SCHEME_REFUSED,
    "http://ca.vn:8080/": FetchReason.PORT_REFUSED,
    "https://ca.vn:22/": FetchReason.PORT_REFUSED,
    "http://ca.vn:99999/": FetchReason.URL_MALFORMED,
    "http://user@ca.vn/": FetchReason.URL_MALFORMED,
    "http://user:pw@ca.vn/": FetchReason.URL_MALFORMED,
    "http://ca.vn@evil.vn/": FetchReason.URL_MALFORMED,
    "http://ca.vn\\@evil.vn/": FetchReason.URL_MALFORMED,
    "http://ca.vn/#x": FetchReason.URL_MALFORMED,
    "http://ca.vn/a b": FetchReason.URL_MALFORMED,
    "http://ca.vn/\r\nHost: evil.vn": FetchReason.URL_MALFORMED,
    "http://ca.vn/ă": FetchReason.URL_MALFORMED,
    "http://ca%2evn/": FetchReason.URL_MALFORMED,
    "http:///x": FetchReason.URL_MALFORMED,
    "http://-ca.vn/": FetchReason.URL_MALFORMED,
    "http://[::1/": FetchReason.URL_MALFORMED,
    "http://[fe80::1%25eth0]/": FetchReason.URL_MALFORMED,
    "http://" + "a" * 3000: FetchReason.URL_MALFORMED,
}


@pytest.mark.parametrize("url", WRONG)
def test_other_urls_are_refused(url: str) -> None:
    """Before anything is looked up."""
    with pytest.raises(FetchRefused) as refused:
        parse(url)
    assert refused.value.code == WRONG[url]


def test_names_are_looked_up_once_each() -> None:
    """The system's resolver, without doubles."""
    found = look_up("localhost", 80)
    assert "127.0.0.1" in found or "::1" in found
    assert len(set(found)) == len(found)
