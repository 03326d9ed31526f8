"""Cases in pairs: `case(good=True)` must pass, `case(good=False)` must give the reason it is registered with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from signing.path.check import PathResult
from signing.reasons import WEIGHTS, Conclusion, Reason

Case: TypeAlias = Callable[[bool], PathResult]


class Twins:
    """All pairs of one file, by the name of the defect."""

    def __init__(self) -> None:
        self.cases: dict[str, tuple[Case, Reason]] = {}

    def __call__(self, reason: Reason) -> Callable[[Case], Case]:
        def register(case: Case) -> Case:
            self.cases[case.__name__] = (case, reason)
            return case

        return register

    def judge(self, name: str, *, good: bool) -> None:
        case, reason = self.cases[name]
        result = case(good)
        told = (result.reasons, result.details)
        if good:
            assert result.verdict is Conclusion.PASSED, told
        else:
            assert (result.verdict, result.reason) == (WEIGHTS[reason][0], reason), told
