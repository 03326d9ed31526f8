"""Acts of signing: one that was broken off after its first document, for its signer and the journal's readers."""

from __future__ import annotations

from tests.support.live import Town
from tests.sweep.shown import shown_on
from workflow.services import signing
from workflow.services.signing import acts
from workflow.store import signing_acts
from workflow.store.session import unit_of_work

_ACTS = "/admin/journal/acts"

ACT_PAGES = (
    *shown_on(
        "/sign/acts/<int:act_id>",
        ("leader", "/sign/acts/{broken_off}"),
        ("deputy", "/sign/acts/{broken_off}", 404),
    ),
    *shown_on(
        _ACTS,
        ("admin", _ACTS),
        ("inspector", f"{_ACTS}?code=AAAAAAAAAA"),
        ("leader", _ACTS, 403),
    ),
    *shown_on(
        f"{_ACTS}/<int:act_id>",
        ("admin", f"{_ACTS}/{{broken_off}}"),
        ("inspector", f"{_ACTS}/{{broken_off}}"),
        ("inspector", f"{_ACTS}/999999", 404),
    ),
)
NO_ACT_PAGES = {f"{_ACTS}/<int:act_id>.csv": ("admin", f"{_ACTS}/{{broken_off}}.csv", "text/csv")}


def broken_off(town: Town, *, long: str) -> dict[str, object]:
    """The leader signed the first of three and went away."""
    papers, key = town.papers, town.papers.keys.held["leader"]
    documents = [papers.awaiting(subject=long), papers.awaiting(), papers.awaiting()]
    login = {"login_session_id": None}
    token = papers.do(signing.open_session, "leader", scoped=False, purpose="leader", certificate=key.der, **login)
    prepared = [
        papers.do(signing.prepare, "leader", session=token, document_id=one, version=papers.row(one).version,
                  blobs=papers.blobs, **login)
        for one in documents
    ]  # fmt: skip
    papers.do(
        signing.finish, "leader", session=token, document_id=documents[0], blobs=papers.blobs,
        signature=key.sign(prepared[0].to_be_signed, raw=True), **login,
    )  # fmt: skip
    with unit_of_work(town.engine) as uow:
        (newest,) = signing_acts.listed(uow.session, before_id=None, code="", limit=1)
        assert len(acts.read(newest[0]).lines) == len(documents)
        return {"broken_off": newest[0].id}
