"""`trinhky trust`: the roots that signatures here are believed for.

By the shell one person acts alone: whoever holds the machine could write into the database too. The journal says
so, and the pages show such a root without a second person. In the web two administrators decide.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from signing import Purpose, SignatureKind
from workflow.commands.crl import FILE, to_der
from workflow.commands.serve import settings_or_sentence
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.signing.trust import POLICIES, add_root, retire_root, set_policy
from workflow.store import certificates
from workflow.store.session import make_engine, unit_of_work

FINGERPRINT = click.option(
    "--fingerprint", required=True, help="SHA-256 of the certificate, hexadecimal, as it stands on paper."
)


@click.group("trust")
def command() -> None:
    """Trusted roots: listed by hand, each for its purposes only."""


@command.command("add")
@click.argument("root", type=FILE)
@FINGERPRINT
@click.option("--label", required=True, help="The name people know it by.")
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    type=click.Choice([str(one) for one in Purpose]),
    default=["person", "seal"],
)
@click.option(
    "--kind", type=click.Choice([str(one) for one in SignatureKind]), default="unknown", show_default=True
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Not believed for what is signed after this day.")
def add(root: Path, fingerprint: str, label: str, purposes: tuple[str, ...], kind: str,
        until: dt.datetime | None) -> None:  # fmt: skip
    """List a root certificate (DER or PEM). The fingerprint must be typed from another source than the file."""
    engine = make_engine(settings_or_sentence().database_url)
    try:
        with unit_of_work(engine) as uow:
            row = add_root(
                uow, SYSTEM_ACTOR, der=to_der(root), label=label,
                purposes=frozenset(Purpose(name) for name in purposes), kind=SignatureKind(kind),
                trusted_until=until.replace(tzinfo=dt.UTC) if until else None, fingerprint=fingerprint,
                now=dt.datetime.now(dt.UTC),
            )  # fmt: skip
            uow.commit()
            click.echo(f"listed: {row.label} ({row.sha256[:16]}…) for {', '.join(row.purposes)}")
    finally:
        engine.dispose()


@command.command("list")
def list_() -> None:
    """The roots that are believed now."""
    engine = make_engine(settings_or_sentence().database_url)
    try:
        with unit_of_work(engine) as uow:
            for row in certificates.roots(uow.session):
                click.echo(f"{row.sha256}  {row.label}  {row.kind}  {', '.join(row.purposes)}")
    finally:
        engine.dispose()


@command.command("retire")
@FINGERPRINT
def retire(fingerprint: str) -> None:
    """Stop believing a root."""
    engine = make_engine(settings_or_sentence().database_url)
    try:
        with unit_of_work(engine) as uow:
            row = retire_root(uow, SYSTEM_ACTOR, fingerprint=fingerprint, now=dt.datetime.now(dt.UTC))
            uow.commit()
            click.echo(f"retired: {row.label}")
    finally:
        engine.dispose()


@command.command("policy")
@click.argument("name", type=click.Choice(sorted(POLICIES)))
def policy(name: str) -> None:
    """Choose how strictly signatures are judged from now on."""
    engine = make_engine(settings_or_sentence().database_url)
    try:
        with unit_of_work(engine) as uow:
            set_policy(uow, SYSTEM_ACTOR, name, now=dt.datetime.now(dt.UTC))
            uow.commit()
            click.echo(f"policy: {name}")
    finally:
        engine.dispose()
