"""`trinhky serve`: the office's installation, behind a proxy that ends TLS."""

from __future__ import annotations

import os

import click

from workflow import checks, launch
from workflow.checks.lists import BEFORE_SERVING
from workflow.config import Settings, from_environment
from workflow.supervisor import Supervisor, leave


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the proxy finds it.")
@click.option("--port", default=8400, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--without-scheduler", is_flag=True, help="Where the timers run elsewhere.")
def command(host: str, port: int, workers: int, without_scheduler: bool) -> None:
    """Serve an office; refuses to start with unsafe settings and says which."""
    settings = settings_or_sentence()
    findings = checks.run(BEFORE_SERVING, checks.Installation(settings=settings, environ=os.environ))
    for finding in findings:
        if finding.level is not checks.Level.FINE:
            click.echo(f"{finding.level}: {finding.about}: {finding.sentence}", err=True)
    if refused := [finding for finding in findings if finding.level is checks.Level.REFUSE]:
        raise click.ClickException(f"not started: {len(refused)} unsafe setting(s), named above")
    address = launch.Address(host, port)
    table = launch.children(address, {}, workers=workers)
    if without_scheduler:
        table = [child for child in table if child.name != "scheduler"]
    try:
        address.require_free()
    except launch.CannotStart as reason:
        raise click.ClickException(str(reason)) from reason
    with Supervisor(say=lambda sentence: click.echo(sentence, err=True)) as parent:
        code = parent.run(table)
        parent.end_all()
        leave(code)


def settings_or_sentence() -> Settings:
    """From the environment; a missing or malformed one is named."""
    try:
        return from_environment()
    except KeyError as missing:
        raise click.ClickException(f"{missing.args[0]} is not set") from missing
    except ValueError as malformed:
        raise click.ClickException(f"a setting is not a number: {malformed}") from malformed
