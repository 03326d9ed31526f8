"""Requests to remote signing services: one that waits at a service that is gone, one that ended."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping

from tests.support.live import Town
from tests.sweep.shown import shown_on
from workflow.store import certificates
from workflow.store.models import Certificate, RemoteRequest, SigningSession
from workflow.store.session import unit_of_work

_SMARTCA = {
    "name": "smartca", "kind": "smartca", "title": "Dịch vụ chứng thực chữ ký số công cộng SmartCA",
    "url": f"https://{'rat-dai.' * 9}example.vn/sca", "user": "office", "password": "bi-mat",
}  # fmt: skip
SERVICES = {"remote_signing": json.dumps([_SMARTCA])}
"""Setting of an installation that is connected to one."""

FAR_KEYS = [
    *shown_on("/sign/leader/remote", ("leader", "/sign/leader/remote?documents={awaiting}&documents={draft}"),
              ("far_leader", "/sign/leader/remote"), ("clerk", "/sign/leader/remote", 403)),
    *shown_on("/sign/cosign/remote", ("head", "/sign/cosign/remote?documents={awaiting}")),
    *shown_on("/sign/number/remote", ("clerk", "/sign/number/remote?documents={numbered}")),
    *shown_on("/sign/seal/remote", ("clerk", "/sign/seal/remote?documents={number_signed}")),
    *shown_on("/sign/remote/<int:request_id>", ("leader", "/sign/remote/{remote_open}"),
              ("leader", "/sign/remote/{remote_over}"), ("clerk", "/sign/remote/{remote_open}", 404)),
    *shown_on("/certificates/enrol", ("leader", "/certificates/enrol"),
              ("clerk", "/certificates/enrol?for=agency&holder=remote"),
              ("leader", "/certificates/enrol?holder=token"), ("leader", "/certificates/enrol?device=phone")),
    *shown_on("/certificates/remote", ("leader", "/certificates/remote"),
              ("clerk", "/certificates/remote?for=agency"), ("leader", "/certificates/remote", 422, True)),
]  # fmt: skip


def far_keys(town: Town, places: Mapping[str, object]) -> dict[str, object]:
    """The leader's second certificate lies far away; what was asked of it."""
    post, now = town.office.posts["leader"], town.clock()
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        like = certificates.live(uow.session, town.papers.keys.held["leader"].fingerprint)
        assert like is not None
        copied = {one.key: getattr(like, one.key) for one in Certificate.__table__.columns if one.key != "id"}
        held = {"provider": "smartca", "account": "0901234567", "credential": "1"}
        digest = hashlib.sha256(b"far").hexdigest()
        key = Certificate(**{**copied, "sha256": digest, "holder": "remote_rest", "held": held})
        uow.add(key)
        uow.flush()
        acts = [
            SigningSession(
                id_hash=hashlib.sha256(name.encode()).hexdigest(), person_id=post.person_id, post_id=post.id,
                certificate_id=key.id, purpose="leader", created_at=now, expires_at=now + dt.timedelta(minutes=15),
            )
            for name in ("open", "over")
        ]  # fmt: skip
        uow.add(*acts)
        uow.flush()
        item = {"item": 1, "document": places["awaiting"], "attachment": None, "state": "waiting", "code": ""}
        failed = {**item, "state": "failed", "code": "signature_does_not_fit"}
        given = {"kind": "sign", "person_id": post.person_id, "post_id": post.id, "account": "0901234567",
                 "credential": "1", "code": "ABCDEFGHIJ", "created_at": now,
                 "expires_at": now + dt.timedelta(minutes=5)}  # fmt: skip
        waiting = {**given, "act_id": acts[0].id, "provider": "gone", "trouble": "remote_service_gone", "parts": 2}
        rows = [
            RemoteRequest(**waiting, name="a", state="waiting", part=1, asked_at=now, items=[item]),
            RemoteRequest(**waiting, name="b", state="queued", part=2, items=[item]),
            RemoteRequest(**given, act_id=acts[1].id, provider="smartca", name="c", state="done", ended_at=now,
                          items=[failed]),
        ]  # fmt: skip
        uow.add(*rows)
        uow.commit()
        return {"remote_open": rows[0].id, "remote_over": rows[2].id}
