"""What is known of a key goes with it: who may not have it again, and how much it is believed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from workflow.domain.certificates import BURNT, Stop, names
from workflow.domain.errors import Refused
from workflow.domain.key_holders import ALSO, SHOWN, Control, KeyHolder, believed, best_control
from workflow.domain.known_keys import Earlier, demand_usable, is_notable, other_places

MINE, HERS = (1, None), (2, None)
DAY = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
FILE, TOKEN = KeyHolder.BROWSER_FILE, KeyHolder.TOKEN


def earlier(**facts: Any) -> Earlier:
    """An enrolment of mine that was believed and stopped since, for its successor."""
    given = {"id": 1, "owner": MINE, "place": FILE, "status": "retired", "enrolled_at": DAY, "believed": True,
             "ended_at": DAY, "why": Stop.RENEWED}  # fmt: skip
    return Earlier(**{**given, **facts})


@pytest.mark.parametrize(
    ("known", "refused"),
    [
        (earlier(), None),
        (earlier(why=""), None),
        (earlier(why=Stop.LOST), "key_burnt"),
        (earlier(why=Stop.COPIED, believed=False), "key_burnt"),
        (earlier(revoked=True), "key_revoked_before"),
        (earlier(owner=HERS), "key_of_somebody_else"),
        (earlier(owner=(None, 1)), "key_of_somebody_else"),
        (earlier(owner=HERS, status="pending", believed=False), "key_of_somebody_else"),
        (earlier(owner=HERS, status="refused", believed=False), None),
        (earlier(owner=HERS, believed=False), None),
    ],
)
def test_some_keys_are_never_taken_again(known: Earlier, refused: str | None) -> None:
    """Lost, copied, revoked, somebody else's; what a second person never believed was nobody's."""
    if refused is None:
        demand_usable((known,), MINE)
        return
    with pytest.raises(Refused) as caught:
        demand_usable((earlier(), known), MINE)
    assert caught.value.code == refused
    assert {Stop.LOST, Stop.COPIED} == BURNT


def test_a_key_that_lay_in_two_places_is_a_file_at_most() -> None:
    """Whichever came first; "elsewhere" that nobody believed says nothing of where it lay."""
    assert other_places((earlier(), earlier(place=TOKEN)), TOKEN) == ("pkcs12_browser",)
    assert other_places((earlier(place=TOKEN),), TOKEN) == ()
    assert other_places((earlier(place=KeyHolder.UPLOADED, believed=False),), TOKEN) == ()
    for way, lies in ((KeyHolder.TOKEN_PAGE, TOKEN), (KeyHolder.MOBILE_PKI, KeyHolder.MOBILE_PKI)):
        proof: dict[str, Any] = {SHOWN: 3}
        assert believed(way, lies=lies, proof=proof) is Control.STRONG
        assert believed(way, lies=lies, proof={**proof, ALSO: "pkcs12_browser"}) is Control.MEDIUM
        assert best_control(lies, also="pkcs12_browser") is Control.MEDIUM
    told = believed(KeyHolder.REMOTE_CSC, lies=KeyHolder.REMOTE_CSC, proof={ALSO: FILE}, told=Control.STRONG)
    assert told is Control.MEDIUM, "nor by what its service says of this very act"
    seal = believed(KeyHolder.SERVER_SEAL, lies=FILE, proof={ALSO: TOKEN})
    assert seal is Control.ORGANISATIONAL, "nothing becomes better by it"


@pytest.mark.parametrize(
    ("known", "notable"),
    [
        (earlier(), False),
        (earlier(status="confirmed", why="", ended_at=None), False),
        (earlier(why=Stop.BROKEN), True),
        (earlier(why=""), True),
        (earlier(place=TOKEN), True),
        (earlier(owner=HERS, status="refused", why="", believed=False), True),
    ],
)
def test_a_plain_renewal_asks_nothing_more(known: Earlier, notable: bool) -> None:
    """The owner's own key in the same place, followed by its successor, needs no tick; everything else does."""
    assert is_notable(known, MINE, FILE) is notable


UNIT = "Ủy ban nhân dân xã Đồng Tâm"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (UNIT, True),
        ("UBND xã Đồng Tâm", True),
        ("UỶ BAN NHÂN DÂN XÃ ĐỒNG TÂM, TỈNH LAM GIANG", True),
        ("uy ban nhan dan xa dong tam", True),
        ("Ủy ban nhân dân xã Đồng Tâm Tây", True),
        ("Ủy ban nhân dân xã Đồng Tân", False),
        ("xã Đồng Tâm", False),
        ("", False),
    ],
)
def test_a_subject_names_a_unit_in_its_own_spelling(said: str, named: bool) -> None:
    """Marks, case, UBND and words around it are no difference; another word is. A name that goes on is not told
    apart by rule, so the second person sees both beside each other."""
    assert names(("Nguyễn Thị Lan", said), UNIT) is named
    assert not names((said,), "")
