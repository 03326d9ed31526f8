"""The ways out that the settings name, put together for whoever delivers, and told without secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from workflow.adapters.channels import Channel
from workflow.adapters.channels.by_mail import by_mail
from workflow.adapters.channels.push import Push, Sender
from workflow.adapters.channels.sms import Gateway, Sms
from workflow.adapters.channels.webhook import Webhooks, hooks
from workflow.adapters.mail import Server
from workflow.adapters.mailbox import MailServer
from workflow.config import Settings
from workflow.domain.channels import Way
from workflow.domain.errors import BadInput
from workflow.services.posting import Delivery


def delivery(settings: Settings) -> Delivery:
    """Every way that is configured; one whose setting cannot be read is `broken`, and the others go on."""
    channels: dict[str, Channel] = {}
    broken: dict[str, str] = {}
    for way, make in _MAKERS.items():
        try:
            made = make(settings)
        except BadInput as refusal:
            broken[way] = refusal.code
        else:
            channels |= {way: made} if made is not None else {}
    told, push = channels.get(Way.WEBHOOK), channels.get(Way.PUSH)
    return Delivery(
        channels=channels,
        broken=broken,
        hooks=tuple(told.hooks.values()) if isinstance(told, Webhooks) else (),
        sender=push.sender.key.public if isinstance(push, Push) else "",
        base_url=settings.base_url,
        secret=settings.secret_key,
        report_files=not settings.report_links_only,
    )


def _make_mail(settings: Settings) -> Channel | None:
    if not settings.smtp_url:
        return None
    return by_mail(smtp_url=settings.smtp_url, sender=settings.mail_from, ca_file=settings.smtp_ca)


def _make_sms(settings: Settings) -> Channel | None:
    return Sms(Gateway.from_setting(settings.sms)) if settings.sms else None


def _make_webhooks(settings: Settings) -> Channel | None:
    told = hooks(settings.webhooks)
    return Webhooks({hook.name: hook for hook in told}) if told else None


def _make_push(settings: Settings) -> Channel | None:
    found = sender(settings)
    return Push(found) if found is not None else None


def sender(settings: Settings) -> Sender | None:
    """Who we are to push services; None where the office did not turn them on, `BadInput` where it is broken."""
    return Sender.from_setting(settings.push) if settings.push else None


_MAKERS: Mapping[str, Callable[[Settings], Channel | None]] = {
    Way.MAIL: _make_mail, Way.SMS: _make_sms, Way.WEBHOOK: _make_webhooks, Way.PUSH: _make_push,
}  # fmt: skip


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
    for way, describe in ((Way.MAIL, _mail), (Way.SMS, _sms), (Way.PUSH, _push), (Way.WEBHOOK, _webhooks)):
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


def _push(settings: Settings) -> Iterator[Line]:
    found = sender(settings)
    if found is not None:
        facts = {"subject": found.subject, "contact": found.contact, "private": found.private}
        yield Line(way=Way.PUSH, name=str(Way.PUSH), place=", ".join(found.services), facts=facts)


def _webhooks(settings: Settings) -> Iterator[Line]:
    for hook in hooks(settings.webhooks):
        facts = {"units": sorted(hook.units), "sorts": sorted(hook.sorts), "private": hook.place.private}
        name = f"{Way.WEBHOOK}:{hook.name}"
        yield Line(way=Way.WEBHOOK, name=name, place=hook.place.target.authority, facts=facts)
