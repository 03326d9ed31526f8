"""The seal process: real keys from a file and from a token, and everything it refuses."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import socket
import threading
from pathlib import Path

import pytest
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from sqlalchemy import select

from signing.holders import KeyUnusable, Pkcs11Key, Pkcs12Key, TokenAddress
from signing.testing import KeyKind
from tests.services.test_signing_road import MORNING, Road
from tests.support.browser import open_session
from tests.support.keys import founded
from tests.support.office import NOON, Office
from workflow.adapters import sealer as client
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import Refused
from workflow.domain.outgoing import Action, State
from workflow.sealer import Sealer, listen, load_keys
from workflow.services.documents.numbers import number
from workflow.services.sealing import Order
from workflow.store.models import LoginSession, PostRow, Unit
from workflow.store.session import unit_of_work

PASSWORD = "mật khẩu con dấu"
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"


@pytest.fixture
def road(office: Office, tmp_path: Path) -> Road:
    """A leader with a key, an agency whose head allowed the server-held seal."""
    keys = founded(office)
    for name in ("leader", "commune"):
        keys.issue(name)
        keys.enrol(name)
    keys.publish(at=MORNING)
    _allow(office, True)
    return Road(office, keys, open_blobs(str(tmp_path / "blobs")))


def _allow(office: Office, allowed: bool) -> None:
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, office.units["commune"]).server_seal = allowed
        uow.commit()


def _key_file(road: Road, folder: Path) -> Path:
    (folder / "seal.p12").write_bytes(road.keys.held["commune"].pkcs12(PASSWORD))
    listing = folder / "keys.json"
    listing.write_text(json.dumps({road.office.units["commune"]: {"file": "seal.p12", "password": PASSWORD}}))
    for path in (folder / "seal.p12", listing):
        os.chmod(path, 0o600)
    return listing


def _sealer(road: Road, folder: Path, *, cap: int = 500) -> Sealer:
    return Sealer(road.office.engine, road.blobs, load_keys(_key_file(road, folder)), lambda: road.now, cap)


def _login(road: Road, who: str = "clerk", *, stepped_up: bool = True) -> str:
    post = road.office.posts[who]
    return open_session(road.office.engine, post.person_id, post_id=post.id, now=road.now, stepped_up=stepped_up)


def _order(road: Road, document_id: int, purpose: str, who: str = "clerk", *, login: str = "") -> bytes:
    order = {"document_id": document_id, "version": road.document(document_id).version, "purpose": purpose,
             "login": login or _login(road, who)}  # fmt: skip
    return json.dumps(order).encode()


def _numbered(road: Road) -> int:
    document_id = road.awaiting()
    road.sign("leader", "leader", road.keys.held["leader"], document_id)
    road.do(number, "clerk", document_id=document_id, version=None)
    return document_id


def test_number_and_seal_with_a_server_held_key(road: Road, tmp_path: Path) -> None:
    """Same path as from a browser: embedded, verified, counted; the verdict says whose key it was."""
    document_id, sealer = _numbered(road), _sealer(road, tmp_path)
    assert sealer.answer(_order(road, document_id, "number"))["conclusion"] == "passed"
    assert sealer.answer(_order(road, document_id, "seal"))["conclusion"] == "passed"
    assert road.document(document_id).state == State.SEALED
    assert [str(found.verdict) for found in road.verify(document_id).signatures] == ["passed"] * 3


def test_what_the_seal_process_refuses(road: Road, tmp_path: Path) -> None:
    """No leader's signature, not a clerk, another agency, a purpose of its own making, nonsense."""
    waiting, sealer = road.awaiting(), _sealer(road, tmp_path)
    assert sealer.answer(_order(road, waiting, "seal"))["code"] == "leader_signature"
    numbered = _numbered(road)
    assert sealer.answer(_order(road, numbered, "seal"))["code"] == "number_on_paper"
    assert sealer.answer(_order(road, numbered, "number", "leader"))["code"] == "no_permission"
    assert sealer.answer(_order(road, numbered, "number", "far_clerk"))["code"] == "document_not_found"
    assert sealer.answer(_order(road, numbered, "leader"))["code"] == "server_seal_purpose"
    assert sealer.answer(b"{}")["code"] == "order_malformed"
    assert road.document(numbered).state == State.NUMBERED


def test_the_clerk_must_be_there(road: Road, tmp_path: Path) -> None:
    """The web's word is not enough: a made-up login, the hash that the database holds, a login without its factor,
    with an old one, that ended, that was idle, whose post ended: the key is not used.
    """
    document_id, sealer = _numbered(road), _sealer(road, tmp_path)
    live, bare = _login(road), _login(road, stepped_up=False)
    stolen = hashlib.sha256(live.encode()).hexdigest()
    wrong = {"x" * 43: "not_logged_in", stolen: "not_logged_in", bare: "step_up_needed"}
    for login, code in wrong.items():
        assert sealer.answer(_order(road, document_id, "number", login=login))["code"] == code
    road.now += dt.timedelta(minutes=16)
    assert sealer.answer(_order(road, document_id, "number", login=live))["code"] == "step_up_needed"
    road.now += dt.timedelta(minutes=30)
    assert sealer.answer(_order(road, document_id, "number", login=live))["code"] == "not_logged_in"
    fresh, ended = _login(road), _login(road)
    with unit_of_work(road.office.engine) as uow:
        uow.begin_write()
        hashed = hashlib.sha256(ended.encode()).hexdigest()
        uow.session.scalars(select(LoginSession).where(LoginSession.id_hash == hashed)).one().ended_at = road.now
        uow.commit()
    assert sealer.answer(_order(road, document_id, "number", login=ended))["code"] == "not_logged_in"
    assert road.document(document_id).state == State.NUMBERED
    with unit_of_work(road.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(PostRow, road.office.posts["clerk"].id)
        row.valid_to = road.now.date() - dt.timedelta(days=1)
        uow.commit()
    assert sealer.answer(_order(road, document_id, "number", login=fresh))["code"] == "no_post"


def test_only_where_the_head_allowed_it(road: Road, tmp_path: Path) -> None:
    """The head took the permission back."""
    document_id, sealer = _numbered(road), _sealer(road, tmp_path)
    _allow(road.office, False)
    assert sealer.answer(_order(road, document_id, "number"))["code"] == "server_seal_not_allowed"


def test_the_daily_cap(road: Road, tmp_path: Path) -> None:
    """After the cap somebody looks before more is sealed."""
    document_id, sealer = _numbered(road), _sealer(road, tmp_path, cap=1)
    assert sealer.answer(_order(road, document_id, "number"))["ok"] is True
    assert sealer.answer(_order(road, document_id, "seal"))["code"] == "server_seal_daily_cap"


def test_keys_that_others_can_read_are_refused(road: Road, tmp_path: Path) -> None:
    """Neither the listing nor the key file may be open to the group."""
    listing = _key_file(road, tmp_path)
    os.chmod(listing, 0o640)
    with pytest.raises(PermissionError):
        load_keys(listing)
    os.chmod(listing, 0o600)
    os.chmod(tmp_path / "seal.p12", 0o644)
    with pytest.raises(KeyUnusable, match="key_file_readable_by_others"):
        load_keys(listing)


def test_a_wrong_password_has_a_name(road: Road, tmp_path: Path) -> None:
    """The seal process says which file, not a traceback."""
    _key_file(road, tmp_path)
    with pytest.raises(KeyUnusable, match="key_file_password"):
        Pkcs12Key(tmp_path / "seal.p12", "sai")


def test_over_the_socket(road: Road, tmp_path: Path) -> None:
    """The web's client and the process's door speak the same lines; nobody there is a named refusal."""
    document_id = _numbered(road)
    path, stop = str(tmp_path / "s"), threading.Event()
    with pytest.raises(Refused, match="sealer_unreachable"):
        client.ask(path, {})
    thread = threading.Thread(target=listen, args=(_sealer(road, tmp_path), path, stop))
    thread.start()
    try:
        while not Path(path).exists():
            assert thread.is_alive()
        order = Order(document_id=document_id, version=road.document(document_id).version, purpose="number",
                      login=_login(road))  # fmt: skip
        answer = client.ask(path, {name: getattr(order, name) for name in Order.__slots__})
        assert answer["ok"] is True
        assert os.stat(path).st_mode & 0o777 == 0o660
    finally:
        stop.set()
        thread.join()


def test_an_order_of_many_signatures_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as each of them may take."""
    monkeypatch.setattr(client, "TIMEOUT", 0.4)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with door:
        door.bind(str(tmp_path / "s"))
        door.listen(2)

        def slow() -> None:
            for _order in range(2):
                wire, _peer = door.accept()
                with wire:
                    wire.recv(4096)
                    if not done.wait(0.8):
                        wire.sendall(b'{"ok": true}\n')

        done = threading.Event()
        thread = threading.Thread(target=slow)
        thread.start()
        assert client.ask(str(tmp_path / "s"), {}, signatures=50) == {"ok": True}
        with pytest.raises(Refused, match="sealer_unreachable"):
            client.ask(str(tmp_path / "s"), {})
        done.set()
        thread.join()


@pytest.fixture
def token(road: Road, tokens: None) -> TokenAddress:
    """A token that holds an RSA key and certificate of the agency."""
    label = f"seal-{road.office.engine.dialect.name}"
    identity = road.keys.issue("commune", kind=KeyKind.RSA_2048)
    _import(identity.key_der, identity.der, label)
    return TokenAddress(module=SOFTHSM, token="seal", key=label)


def _import(key_der: bytes, certificate: bytes, label: str) -> None:
    import pkcs11  # noqa: PLC0415  the library reads SOFTHSM2_CONF when it is loaded
    from pkcs11.util.rsa import decode_rsa_private_key  # noqa: PLC0415

    inner = PrivateKeyInfo.load(key_der)["private_key"].parsed.dump()
    with pkcs11.lib(SOFTHSM).get_token(token_label="seal").open(rw=True, user_pin="1234") as session:
        key = decode_rsa_private_key(inner)
        session.create_object({**key, pkcs11.Attribute.LABEL: label, pkcs11.Attribute.TOKEN: True})
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.SUBJECT: Certificate.load(certificate).subject.dump(),
                pkcs11.Attribute.VALUE: certificate,
                pkcs11.Attribute.TOKEN: True,
            }
        )


@pytest.mark.tools("softhsm2-util")
def test_number_with_a_key_in_a_token(road: Road, token: TokenAddress) -> None:
    """PKCS#11 over SoftHSM2: the key never leaves the token."""
    road.keys.enrol("commune")
    key = Pkcs11Key(token, "1234")
    sealer = Sealer(road.office.engine, road.blobs, {road.office.units["commune"]: key}, lambda: NOON)
    document_id = _numbered(road)
    assert sealer.answer(_order(road, document_id, "number"))["conclusion"] == "passed"
    assert road.act("clerk", document_id, Action.REQUEST_EXEMPTION, "thử").exempt_reason == "thử"
    with pytest.raises(KeyUnusable, match="token_unusable"):
        Pkcs11Key(TokenAddress(module=SOFTHSM, token="none", key="seal"), "1234")
