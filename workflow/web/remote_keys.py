"""The remote signing services that are set up here, and whose keys lie at them."""

from __future__ import annotations

from workflow.adapters.remote_signing import Provider
from workflow.domain.errors import BadInput, Refused
from workflow.services.signing import remote
from workflow.services.signing.remote.services import Services, service_of
from workflow.store.models import Certificate
from workflow.web.context import current


def configured() -> Services:
    """The services; none where the setting cannot be read: `trinhky doctor` and the administrator's page say so."""
    try:
        return remote.services(current().settings)
    except BadInput:
        return {}


def holder_of(certificate: Certificate, known: Services) -> Provider | None:
    """The service of these that holds a certificate's key; None where it is gone from the settings."""
    try:
        return service_of(known, certificate)
    except Refused:
        return None
