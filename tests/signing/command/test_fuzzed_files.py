"""Files of any kind, changed anywhere: one line of JSON each, and no error of ours behind an answer."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing import STRICT, Evidence, TrustStore
from signing.command.verify import Settings, judge
from tests.signing.cms.harness import office, seeds
from tests.signing.verification.office import AT
from tests.support import counts

pytestmark = pytest.mark.soak
NAMES = (*sorted(seeds()), "pdf")
ANSWER = {"file", "verdict", "reason", "signatures", "reasons", "detail", "basis"}


@cache
def start_of(name: str) -> bytes:
    return office().signed if name == "pdf" else seeds()[name]


def answer_about(path: Path, *, beside: str | None = None) -> dict[str, object]:
    place = office()
    asked = Settings(TrustStore.of(place.root.der), place.evidence or Evidence(), AT, STRICT, True, beside)
    said = judge(asked, str(path))
    plain: dict[str, object] = json.loads(said.text)
    assert said.passed is (plain["verdict"] == "passed")
    return plain


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=counts.times(40, soak=4000))
@given(st.sampled_from(NAMES), st.data())
def test_changed_files_have_an_answer(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """By itself, and as a signature beside another file, which it never is."""
    content = bytearray(start_of(name))
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    (tmp_path / "file").write_bytes(content)
    (tmp_path / "beside").write_bytes(b"something that nobody signed")
    alone = answer_about(tmp_path / "file")
    beside = answer_about(tmp_path / "file", beside=str(tmp_path / "beside"))
    assert beside["verdict"] != "passed"
    for plain in (alone, beside):
        assert set(plain) == ANSWER
        assert not str(plain["detail"]).startswith("internal")
        assert not str(plain["detail"]).endswith("Error")
