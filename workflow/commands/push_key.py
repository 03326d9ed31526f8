"""`trinhky push-key`: a new key by which push services know this installation (TRINHKY_PUSH)."""

from __future__ import annotations

import json

import click

from signing.webpush import SenderKey


@click.command("push-key")
@click.option("--contact", required=True, help="Where push services reach you: mailto: or https:.")
def command(contact: str) -> None:
    """Make a key and print the setting that holds it; nothing is written anywhere.

    The key is a secret. With another one every device has to be turned on again.
    """
    click.echo(json.dumps({"key": SenderKey.make(), "contact": contact, "subject": False}, ensure_ascii=False))
    click.echo("Put this line into TRINHKY_PUSH, where only the service reads it.", err=True)
