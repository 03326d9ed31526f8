"""Passkeys (WebAuthn level 2) as a second factor. The one room where `webauthn` is imported, lazily: it is slow."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from workflow.domain.errors import BadInput, Missing, NotFound, Refused
from workflow.domain.people import STEP_UP_ROLES, Actor
from workflow.services.factors import demand_factor_fresh, factor_added, factor_removed, stepped_up
from workflow.services.logins import own_session
from workflow.store import accounts as store
from workflow.store.models import Account, LoginSession, Passkey
from workflow.store.session import UnitOfWork

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor


@dataclass(frozen=True, slots=True)
class Site:
    """The service as a browser knows it: what a passkey is bound to."""

    origin: str
    host: str

    @classmethod
    def of(cls, base_url: str) -> Site:
        """From the address that people type."""
        parts = urlsplit(base_url)
        return cls(f"{parts.scheme}://{parts.netloc}", parts.hostname or "")

    @property
    def usable(self) -> bool:
        """Browsers bind passkeys to names, never to numbers, and only over HTTPS or on localhost."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return self.origin.startswith("https://") or self.host == "localhost"
        return False


def begin_registration(
    uow: UnitOfWork, actor: Actor, site: Site, *, session_id: int, now: dt.datetime
) -> dict[str, Any]:
    """What the browser needs to make a passkey; the challenge stays with the session."""
    import webauthn  # noqa: PLC0415  half a second, needed by few requests

    uow.begin_write()
    row, account = _own(uow, actor, session_id)
    demand_factor_fresh(uow, row, account, now=now)
    challenge = _new_challenge(row, "make")
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="Trình Ký",
        user_id=account.id.to_bytes(8, "big"),
        user_name=account.username,
        user_display_name=actor.name or account.username,
        challenge=challenge,
        exclude_credentials=_descriptors(uow, account),
    )
    return _plain(webauthn.options_to_json(options))


def finish_registration(
    uow: UnitOfWork,
    actor: Actor,
    site: Site,
    answer: dict[str, Any],
    *,
    label: str,
    session_id: int,
    now: dt.datetime,
) -> str:
    """Keep the passkey that a browser made. Counts as a step-up; returns the session's new secret."""
    import webauthn  # noqa: PLC0415  half a second, needed by few requests
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  the same

    challenge = _open_challenge(uow, actor, session_id, "make")
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise BadInput("passkey_refused") from wrong
    uow.begin_write()
    row, account = _own(uow, actor, session_id)
    _use_up(row, "make", challenge)
    demand_factor_fresh(uow, row, account, now=now)
    if store.passkey_by_id(uow.session, made.credential_id) is not None:
        raise Refused("passkey_known")
    uow.add(
        Passkey(
            account_id=account.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            label=label,
            created_at=now,
        )
    )
    return factor_added(uow, actor, row, kind="passkey", now=now)


def begin_step_up(
    uow: UnitOfWork, actor: Actor, site: Site, *, session_id: int, now: dt.datetime
) -> dict[str, Any]:
    """What the browser needs to ask one of the account's passkeys."""
    import webauthn  # noqa: PLC0415  half a second, needed by few requests

    uow.begin_write()
    row, account = _own(uow, actor, session_id)
    challenge = _new_challenge(row, "use")
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=challenge, allow_credentials=_descriptors(uow, account)
    )
    return _plain(webauthn.options_to_json(options))


def finish_step_up(
    uow: UnitOfWork, actor: Actor, site: Site, answer: dict[str, Any], *, session_id: int, now: dt.datetime
) -> str:
    """Step up by a passkey's answer; returns the session's new secret."""
    import webauthn  # noqa: PLC0415  half a second, needed by few requests
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415  the same
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  the same

    challenge = _open_challenge(uow, actor, session_id, "use")
    try:
        key = _own_passkey(uow, actor, session_id, base64url_to_bytes(str(answer.get("rawId", ""))[:2000]))
        checked = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise BadInput("passkey_refused") from wrong
    uow.begin_write()
    row, _account = _own(uow, actor, session_id)
    _use_up(row, "use", challenge)
    key = _own_passkey(uow, actor, session_id, checked.credential_id)
    key.sign_count = checked.new_sign_count
    return stepped_up(uow, actor, row, by="passkey", now=now)


def remove_passkey(uow: UnitOfWork, actor: Actor, passkey_id: int, *, session_id: int, now: dt.datetime) -> None:
    """Forget a passkey; the door asked for a fresh second factor."""
    uow.begin_write()
    row, account = _own(uow, actor, session_id)
    demand_factor_fresh(uow, row, account, now=now)
    keys = store.passkeys_of(uow.session, account.id)
    key = next((key for key in keys if key.id == passkey_id), None)
    if key is None:
        raise NotFound("no_such_passkey")
    if len(keys) == 1 and not account.totp_secret and actor.role in STEP_UP_ROLES:
        raise Refused("last_factor")
    uow.session.delete(key)
    factor_removed(uow, actor, row, kind="passkey", now=now)


def _own(uow: UnitOfWork, actor: Actor, session_id: int) -> tuple[LoginSession, Account]:
    row = own_session(uow, actor, session_id)
    return row, uow.session.get_one(Account, row.account_id)


def _own_passkey(uow: UnitOfWork, actor: Actor, session_id: int, credential_id: bytes) -> Passkey:
    _row, account = _own(uow, actor, session_id)
    key = store.passkey_by_id(uow.session, credential_id)
    if key is None or key.account_id != account.id:
        raise BadInput("passkey_refused")
    return key


def _new_challenge(row: LoginSession, purpose: str) -> bytes:
    challenge = secrets.token_bytes(32)
    row.challenge = f"{purpose}:{challenge.hex()}"
    return challenge


def _open_challenge(uow: UnitOfWork, actor: Actor, session_id: int, purpose: str) -> bytes:
    kind, _colon, value = own_session(uow, actor, session_id).challenge.partition(":")
    if kind != purpose:
        raise Missing("passkey_not_begun")
    return bytes.fromhex(value)


def _use_up(row: LoginSession, purpose: str, challenge: bytes) -> None:
    """A challenge is answered once: of two answers at the same time the second finds it gone."""
    if row.challenge != f"{purpose}:{challenge.hex()}":
        raise Missing("passkey_not_begun")
    row.challenge = ""


def _descriptors(uow: UnitOfWork, account: Account) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415  as above

    return [
        PublicKeyCredentialDescriptor(id=key.credential_id) for key in store.passkeys_of(uow.session, account.id)
    ]


def _plain(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
