"""The remote services of this installation, and how a use case of several units of work is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from workflow.adapters.remote_signing import Credential, Provider
from workflow.adapters.remote_signing.configured import providers
from workflow.config import Settings
from workflow.domain.errors import BadInput, Refused
from workflow.domain.key_holders import KeyHolder
from workflow.store.models import Certificate
from workflow.store.session import UnitOfWork

R = TypeVar("R")

Services = Mapping[str, Provider]


class Doing(Protocol):
    """How a door runs one unit of work: opens it, commits what it did, forgets it where it was refused."""

    def __call__(self, work: Callable[[UnitOfWork], R], /) -> R: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One service as an administrator sees it; no secret."""

    name: str
    title: str
    place: str
    way: KeyHolder
    limit: int
    hook: bool


def services(settings: Settings) -> Services:
    """By name. Raises `BadInput("remote_signing_unreadable")`."""
    return providers(settings.remote_signing)


def described(settings: Settings) -> tuple[list[Described], str]:
    """What is configured, and the code of what is wrong with the setting."""
    try:
        found = services(settings)
    except BadInput as refused:
        return [], refused.code
    return [
        Described(
            name=one.name, title=one.title, place=one.place, way=one.capabilities.way, limit=one.capabilities.limit,
            hook=bool(one.hook_secret) and one.capabilities.hook,
        )
        for one in found.values()
    ], ""  # fmt: skip


def service_of(found: Services, certificate: Certificate) -> Provider:
    """The service that holds a certificate's key. Raises `Refused("remote_service_gone")`."""
    service = found.get(str(certificate.held.get("provider", "")))
    if service is None or service.capabilities.way != certificate.holder:
        raise Refused("remote_service_gone")
    return service


def credential_now(
    uow: UnitOfWork, service: Provider, *, account: str, credential: str, certificate: bytes | None = None
) -> Credential:
    """The key as the service tells of it now. Raises `Refused("remote_key_gone")`, or `("remote_key_changed")`
    where it has another certificate now, and what the adapter raises."""
    found = {one.id: one for one in uow.compute(service.credentials, account)}.get(credential)
    if found is None:
        raise Refused("remote_key_gone")
    if certificate is not None and found.certificate != certificate:
        raise Refused("remote_key_changed")
    return found
