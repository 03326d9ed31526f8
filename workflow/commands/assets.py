"""`trinhky assets`: what this installation serves to browsers."""

from __future__ import annotations

import click

from workflow.adapters import assets


@click.group("assets")
def command() -> None:
    """The files that browsers get."""


@command.command("verify")
def verify() -> None:
    """Print the SHA-256 of every signer module, to compare with the release notes; check pdf.js and fonts.

    Exit 1 where a file from npm differs from the list that came with this version.
    """
    for digest, name in assets.signer_digests():
        click.echo(f"{digest}  signer/{name}")
    if not assets.dist_folder().is_dir():
        click.echo(
            "pdf.js and fonts are not installed: pages are shown as images, letters use a built-in font", err=True
        )
        return
    if changed := assets.changed_files():
        raise click.ClickException(f"differs from the list of this version: {', '.join(changed)}")
    click.echo("pdf.js and fonts are those of this version", err=True)
