"""The ways out that the settings name, put together for whoever delivers or shows them."""

from __future__ import annotations

from workflow.adapters.channels import Channel
from workflow.adapters.channels.by_mail import by_mail
from workflow.adapters.channels.sms import Gateway, Sms
from workflow.adapters.channels.webhook import Webhooks, hooks
from workflow.config import Settings
from workflow.domain.channels import Way
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
    return Delivery(channels=channels, hooks=told, base_url=settings.base_url)
