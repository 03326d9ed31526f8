"""`trinhky doctor`: everything that can be wrong with an installation, and what to mend."""

from __future__ import annotations

import os

import click

from workflow import checks
from workflow.checks.lists import EVERYTHING
from workflow.commands.serve import settings_or_sentence

SIGNS = {checks.Level.REFUSE: "✗", checks.Level.WARN: "!", checks.Level.FINE: "✓"}


@click.command("doctor")
def command() -> None:
    """Check settings, database, disk, clock, mail, proxy, TLS; exit 1 where the service would not start."""
    at = checks.Installation(settings=settings_or_sentence(), environ=os.environ)
    findings = checks.run(EVERYTHING, at)
    for finding in findings:
        click.echo(f"{SIGNS[finding.level]} {finding.about}: {finding.sentence}")
    refused = sum(finding.level is checks.Level.REFUSE for finding in findings)
    warned = sum(finding.level is checks.Level.WARN for finding in findings)
    click.echo(
        f"\n{refused} to mend before it can serve, {warned} to mend soon, {len(findings) - refused - warned} fine"
    )
    raise SystemExit(1 if refused else 0)
