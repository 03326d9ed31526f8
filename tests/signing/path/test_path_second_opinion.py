"""Every pair of cases put to pyhanko-certvalidator, and chains that certomancer made put to us."""

from __future__ import annotations

import pytest

from signing.reasons import Conclusion
from tests.signing.path import (
    test_path_authorities,
    test_path_lists,
    test_path_names_and_dates,
    test_path_policies,
    test_path_scopes,
)
from tests.signing.path.second_opinion import overheard, second_opinion
from tests.signing.path.world import World

FILES = (test_path_names_and_dates, test_path_authorities, test_path_policies, test_path_lists, test_path_scopes)
CASES = {name: case for file in FILES for name, (case, _) in file.twin.cases.items()}
DIFFERENT = {
    ("length_set_by_the_root", False): "it does not read the root's own path length (RFC 5937)",
    ("dsa_with_inherited_parameters", True): "it has no inherited DSA parameters (RFC 3279, 2.3.2)",
    ("entry_extension_nobody_knows", False): "it reads the asked entry only; RFC 5280, 5.3 forbids the whole list",
    ("points_for_some_reasons", False): "it passes over the reasons of a point when the list names none",
    ("hold_removed_by_the_delta", False): "it lets removeFromCRL lift a compromise; here only a hold is lifted",
    ("delta_that_does_not_fit", True): "it wants the complete list to be current too (RFC 5280, 6.3.3 a 1 i)",
    ("delta_older_than_its_base", True): "as above",
}


@pytest.mark.parametrize("good", [True, False], ids=["good", "bad"])
@pytest.mark.parametrize("name", CASES)
def test_certvalidator_agrees(name: str, good: bool) -> None:
    """Accepted here and there, or by neither; each difference has its reason above and is still one."""
    with overheard(World) as asked:
        CASES[name](good)
    question = asked[-1]
    accepted, said = second_opinion(question)
    ours = question.ours.verdict is Conclusion.PASSED
    assert (accepted != ours) == ((name, good) in DIFFERENT), (question.ours.reasons, said)
