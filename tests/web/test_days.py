"""A day that is typed: what is said of one that the calendar has not, and of words that are no day."""

from __future__ import annotations

import datetime as dt

import pytest
from marshmallow import Schema, ValidationError

from workflow.web.schemas.fields import BAD_DATE, NO_SUCH_DAY, Day


class Form(Schema):
    """One day."""

    day = Day(required=True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2026", NO_SUCH_DAY), ("29/2/2026", NO_SUCH_DAY), ("2026-02-31", NO_SUCH_DAY),
        ("12/13/2026", NO_SUCH_DAY), ("00/01/2026", NO_SUCH_DAY), ("mai", BAD_DATE), ("31.02.2026", BAD_DATE),
        ("23/11", BAD_DATE), ("23/11/26", BAD_DATE), ("23/11/0026", BAD_DATE),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_day(typed: str, said: str) -> None:
    """The right form and no such day is told apart from a wrong form."""
    with pytest.raises(ValidationError) as wrong:
        Form().load({"day": typed})
    assert wrong.value.normalized_messages() == {"day": [said]}


def test_days_as_people_write_them() -> None:
    """Leading zeros are optional, and 29 February is there in leap years."""
    assert Form().load({"day": "29/2/2028"}) == {"day": dt.date(2028, 2, 29)}
