"""The ways out that the settings name, put together for whoever delivers, and told without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workflow.adapters.channels import Channel
from workflow.adapters.channels.by_mail import by_mail
from workflow.adapters.channels.sms import Gateway, Sms
from workflow.adapters.channels.webhook import Webhooks, hooks
from workflow.adapters.mail import Server
from workflow.adapters.mailbox import MailServer
from workflow.config import Settings
from workflow.domain.channels import Way
from workflow.domain.errors import BadInput
from workflow.services.posting import Delivery


def delivery(settings: Settings) -> Delivery:
    """Every way that is configured. What cannot be read raises `BadInput` here, before any message is touched."""
    channels: dict[str, Channel] = {}
    if settings.smtp_url:
        channels[Way.MAIL] = by_mail(
            smtp_url=settings.smtp_url, sender=settings.mail_from, ca_file=settings.smtp_ca
        )
    if settings.sms:
        channels[Way.SMS] = Sms(Gateway.from_setting(settings.sms))
    told = hooks(settings.webhooks)
    if told:
        channels[Way.WEBHOOK] = Webhooks({hook.name: hook for hook in told})
    return Delivery(channels=channels, hooks=told, base_url=settings.base_url, secret=settings.secret_key,
                    report_files=not settings.report_links_only)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One way as the administrator sees it. `name`: that of its health; `trouble`: why its setting is of no use."""

    way: Way
    name: str
    place: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    trouble: str = ""


def described(settings: Settings) -> list[Line]:
    """What is configured; nothing of it is a secret. A setting that cannot be read is named with its code."""
    found: list[Line] = []
    for way, describe in ((Way.MAIL, _mail), (Way.SMS, _sms), (Way.WEBHOOK, _webhooks)):
        try:
            found += describe(settings)
        except BadInput as refusal:
            found.append(Line(way=way, name=str(way), trouble=refusal.code))
    return found


def _mail(settings: Settings) -> Iterator[Line]:
    if not settings.smtp_url:
        return
    server = Server.from_url(settings.smtp_url)
    facts = {
        "tls": "implicit" if server.implicit_tls else "starttls" if server.starttls else "none",
        "sender": settings.mail_from, "ca": settings.smtp_ca, "login": bool(server.user),
        "links_only": settings.report_links_only,
        "bounces": str(MailServer.from_url(settings.bounces)) if settings.bounces else "",
    }  # fmt: skip
    yield Line(way=Way.MAIL, name=str(Way.MAIL), place=f"{server.host}:{server.port}", facts=facts)


def _sms(settings: Settings) -> Iterator[Line]:
    if settings.sms:
        gateway = Gateway.from_setting(settings.sms)
        facts = {"subject": gateway.subject, "parts": gateway.parts}
        yield Line(way=Way.SMS, name=str(Way.SMS), place=gateway.place.target.authority, facts=facts)


def _webhooks(settings: Settings) -> Iterator[Line]:
    for hook in hooks(settings.webhooks):
        facts = {"units": sorted(hook.units), "sorts": sorted(hook.sorts), "private": hook.place.private}
        name = f"{Way.WEBHOOK}:{hook.name}"
        yield Line(way=Way.WEBHOOK, name=name, place=hook.place.target.authority, facts=facts)
