"""Style sheets and scripts travel packed where the browser takes that; nothing else does."""

from __future__ import annotations

import gzip

from tests.support.browser import Browser
from workflow.web.assets import asset

SHEET = "bootstrap/css/bootstrap.min.css"
PACKED = {"Accept-Encoding": "gzip, br"}


def test_a_style_sheet_is_packed(client: Browser) -> None:
    """The same bytes once unpacked, a fraction on the way, and a cache that keeps both apart."""
    plain = client.get(asset(SHEET))
    small = client.get(asset(SHEET), headers=PACKED)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) * 5 < len(plain.data)
    assert {"Accept-Encoding"} <= small.vary.as_set(preserve_casing=True) & plain.vary.as_set(preserve_casing=True)
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert small.content_type == plain.content_type
    assert "Content-Encoding" not in client.get(asset(SHEET), headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_pages_and_other_versions_are_not(client: Browser) -> None:
    """A page carries a form token beside what somebody typed: packed, its length would tell about the token."""
    assert "Content-Encoding" not in client.login("clerk").get("/desk", headers=PACKED).headers
    assert "Content-Encoding" not in client.get(f"/static/old/{SHEET}", headers=PACKED).headers
    assert client.get(asset("css/nothing.css"), headers=PACKED).status_code == 404
