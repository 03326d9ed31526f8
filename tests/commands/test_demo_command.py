"""What `trinhky demo` says while it makes the province."""

from __future__ import annotations

from workflow.commands.demo import plain_lines


def test_a_log_gets_a_line_for_each_tenth() -> None:
    """However many steps there are, and a tenth that is jumped over is not made up for."""
    said: list[str] = []
    tell = plain_lines(said.append)
    for percent in (0, 3, 9, 10, 11, 19, 20, 47, 48, 100):
        tell(percent)
    assert [line.rpartition(": ")[2] for line in said] == [
        "this takes some minutes", "10 %", "20 %", "40 %", "100 %",
    ]  # fmt: skip
