"""Links of sources: within this system, to a named host, or no link at all."""

from __future__ import annotations

import pytest

from workflow.domain.entered import host_of


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("/incoming/12", ""), ("https://baocao.example/12", "baocao.example"),
        ("https://gov.vn@evil.example/", "evil.example"), ("//evil.example", None), ("/\\evil.example", None),
        ("https:///evil.example", None), ("https://[", None), ("javascript:alert(1)", None),
        ("/\tx", None), ("", None),
    ],
)  # fmt: skip
def test_a_link_says_where_it_leads(link: str, host: str | None) -> None:
    assert host_of(link) == host
