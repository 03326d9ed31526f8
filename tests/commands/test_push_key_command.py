"""`trinhky push-key` prints a setting that the service reads, another one each time."""

from __future__ import annotations

from click.testing import CliRunner

from workflow.adapters.channels.push import Sender
from workflow.cli import main


def test_what_it_prints_is_a_setting() -> None:
    """As it stands, with no subject; without a contact it is none."""
    said = [CliRunner().invoke(main, ["push-key", "--contact", "mailto:vt@example.gov.vn"]) for _ in range(2)]
    made = [Sender.from_setting(one.stdout) for one in said]
    assert made[0].key.public != made[1].key.public
    assert not made[0].subject
    assert made[0].contact == "mailto:vt@example.gov.vn"
    assert "TRINHKY_PUSH" in said[0].stderr
    assert 'key"' not in said[0].stderr
    assert CliRunner().invoke(main, ["push-key"]).exit_code == 2
