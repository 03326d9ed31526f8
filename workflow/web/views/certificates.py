"""Certificates: one's own, the agency's for clerks, and the administrator's queue of those to confirm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.calendar import office_time
from workflow.domain.errors import BadInput, NotFound, WorkflowError
from workflow.domain.key_holders import WAYS, KeyHolder
from workflow.domain.permissions import Permission
from workflow.services import signing
from workflow.services.signing.remote import described as remote_services
from workflow.services.signing.revoked import LIVE, revoked_since
from workflow.store import certificate_list, office
from workflow.store import certificates as store
from workflow.store.models import Certificate
from workflow.web import certificate_view as view
from workflow.web import enrol_ways
from workflow.web.certificate_list import STATES, Line, lines_of, matching, months_ahead, read_filter
from workflow.web.context import act, current
from workflow.web.devices import Device, device_of
from workflow.web.enrol_ways import PAPER, REMOTE
from workflow.web.errors import explain
from workflow.web.forms import see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.paged import page_of
from workflow.web.security import Policy, page_policy
from workflow.web.sheets import table_answer
from workflow.web.signer_texts import signer_texts
from workflow.web.signing_json import bytes_of
from workflow.web.storage import blobs
from workflow.web.verdict_words import HOLDERS, in_words
from workflow.web.views.desk import days_left

bp = Blueprint("certificates", __name__)

DEMO_KEYS = "demo_keys"
"""Setting of a demo: `{"person:<id>" or "agency:<id>": {"password": …, "sha256": …}}`; the blob is the .p12."""


@bp.get("/certificates")
@allows(Permission.ENROL_CERTIFICATE)
def mine() -> str:
    """My certificates; for clerks the agency's too."""
    here = current()
    own = store.of_person(here.uow.session, here.person.person_id)
    sealing = here.may(Permission.SEAL)
    agency = store.of_agency(here.uow.session, here.post.agency_id) if sealing else ()
    gone = revoked_since(here.uow, [*own, *agency], agency_id=here.post.agency_id, now=here.now)
    listed = [(row, rows, rows is not own) for rows in (own, agency) for row in rows]
    told = _told_stopped(listed) if request.args.get("done") == "retired" else None
    return render_template(
        "certificates/mine.html",
        own=[view.shown(row, gone.get(row.id)) for row in own],
        agency=[view.shown(row, gone.get(row.id)) for row in agency],
        own_ends=view.ends(own, gone),
        agency_ends=view.ends(agency, gone),
        own_after=view.stopping(own, gone, agency=False),
        agency_after=view.stopping(agency, gone, agency=True),
        sealing=sealing,
        may_sign=here.may(Permission.SIGN) or here.may(Permission.CO_SIGN),
        demo_keys=_demo_keys(),
        place_of=partial(view.place_of, paper=PAPER, remote=REMOTE),
        reasons=view.STOPS,
        stopped=view.shown(told[0], None) if told else None,
        left=view.left_after(told[1], gone, agency=told[2]) if told else None,
        done=request.args.get("done", ""),
    )


def _told_stopped(
    listed: Sequence[tuple[Certificate, Sequence[Certificate], bool]],
) -> tuple[Certificate, Sequence[Certificate], bool] | None:
    """What was just stopped: the address names it, and it has to be among one's own."""
    named = request.args.get("stopped", "")
    return next((one for one in listed if str(one[0].id) == named and one[0].status == "retired"), None)


@bp.get("/certificates/enrol")
@allows(Permission.ENROL_CERTIFICATE)
def where() -> str:
    """Where does the key lie? One question before every enrolment; of a renewal the old key's place is chosen."""
    here = current()
    told = request.args.get("device", "")
    phone = device_of(request.headers, told=told) is Device.PHONE
    remote = bool(remote_services(here.settings)[0])
    ways = enrol_ways.offered(phone=phone, remote=remote)
    agency = request.args.get("for") == "agency" and here.may(Permission.SEAL)
    wanted = request.args.get("holder", "")
    chosen = enrol_ways.chosen(ways, wanted)
    again: dict[str, Any] = {"for": "agency" if agency else None, "holder": wanted or None}
    return render_template(
        "certificates/where.html",
        for_agency=agency, ways=ways, chosen=chosen, phone=phone, as_told=told in set(Device),
        as_computer=url_for("certificates.where", device=Device.COMPUTER, **again),
    )  # fmt: skip


@bp.post("/certificates/enrol")
@allows(Permission.ENROL_CERTIFICATE, step_up=True)
@page_policy(Policy.SIGNING)
def enrol() -> str | Response:
    """The enrolment page. It is asked for by a form, because its challenge is written down.

    A key of another program or of a remote service is enrolled elsewhere: the form goes on there as it is (307).
    """
    here = current()
    place = request.form.get("holder", "")
    if place == PAPER:
        return redirect(url_for("enrolment_papers.begin"), 307)
    for_agency = request.form.get("for") == "agency"
    if place == REMOTE:
        address = url_for("remote_certificates.choose")
        return see(f"{address}?for=agency" if for_agency else address)
    token = place == KeyHolder.TOKEN
    asked: dict[str, Any] = {
        "for": "agency" if for_agency else None,
        "holder": str(KeyHolder.TOKEN) if token else None,
    }
    nonce = act(signing.challenge, login_session_id=here.person.session_id)
    return render_template(
        "certificates/enrol.html",
        for_agency=for_agency,
        user=str(here.person.person_id),
        nonce=nonce,
        token=token,
        device=str(device_of(request.headers)),
        finish=url_for("certificates.finish", **asked),
        texts=signer_texts(),
    )


@bp.post("/certificates/finish")
@allows(Permission.ENROL_CERTIFICATE)
def finish() -> Response:
    """Take the certificate and the proof that its key is held."""
    try:
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or not isinstance(body.get("chain") or [], list):
            raise BadInput("request_malformed")
        nonce = str(body.get("nonce", ""))
        if not nonce.isascii():
            raise BadInput("request_malformed")
        act(
            signing.enrol,
            login_session_id=current().person.session_id,
            certificate=bytes_of(body.get("certificate")),
            chain=tuple(bytes_of(one) for one in (body.get("chain") or [])[:10]),
            nonce=nonce,
            signature=bytes_of(body.get("signature")),
            algorithm=str(body.get("signatureAlgorithm", ""))[:40],
            origin=_origin(),
            for_agency=request.args.get("for") == "agency",
            holder=KeyHolder.TOKEN if request.args.get("holder") == KeyHolder.TOKEN else KeyHolder.BROWSER_FILE,
        )
    except WorkflowError as refused:
        trouble = explain(in_words(refused))
        words = {"code": refused.code, "message": trouble.words(kept=False)}
        return Response(orjson.dumps(words), trouble.status, mimetype="application/json")
    return Response(
        orjson.dumps({"next": url_for("certificates.mine", done="enrolled")}), mimetype="application/json"
    )


def _origin() -> str:
    """Our own origin as this browser knows it; an unknown one makes the proof fail.

    Only without HTTPS, on one machine, may it be reached by another name than its own: a site in the middle could
    send any `Host`, and the proof is to show that the key was used here.
    """
    settings = current().settings
    base = settings.base_url
    known = {base} if settings.secure_cookies else {base, f"{request.scheme}://{request.host}"}
    told = request.headers.get("Origin", "")
    return told if told in known else base


@bp.post("/certificates/<int:certificate_id>/retire")
@allows(Permission.ENROL_CERTIFICATE, step_up=True)
def retire(certificate_id: int) -> Response:
    """End the use of a certificate; signatures made with it stay what they are."""
    act(signing.retire, certificate_id=certificate_id, why=request.form.get("why", ""))
    return see(url_for("certificates.mine", done="retired", stopped=certificate_id))


@bp.get("/certificates/demo-key/<owner>")
@allows(Permission.ENROL_CERTIFICATE)
@page_policy(Policy.DOWNLOAD)
def demo_key(owner: str) -> Response:
    """In a demo only: one's own key file, whose password stands on the page."""
    found = {name: key for name, key, _title in _demo_keys()}.get(owner)
    if found is None:
        raise NotFound("certificate_not_found")
    data = current().uow.compute(blobs().get, str(found["sha256"]))
    answer = Response(data, mimetype="application/x-pkcs12")
    answer.headers["Content-Disposition"] = f'attachment; filename="demo-key-{owner}.p12"'
    return answer


def _demo_keys() -> list[tuple[str, dict[str, str], str]]:
    """(name in the address, key, whose) of the demo keys this person may use."""
    here = current()
    if not here.demo:
        return []
    keys = office.setting(here.uow.session, DEMO_KEYS) or {}
    mine = [("mine", keys.get(f"person:{here.person.person_id}"), _("Your demo key"))]
    if here.may(Permission.SEAL):
        mine.append(("agency", keys.get(f"agency:{here.post.agency_id}"), _("The agency's demo key")))
    return [(name, key, title) for name, key, title in mine if key]


@bp.get("/admin/certificates")
@allows(Permission.SEE_CERTIFICATES)
def index() -> str:
    """The queue of the second person, then everything that is enrolled and whoever has nothing. The head of an
    agency reads the same of their agency and decides nothing: notices about certificates lead here."""
    here, wanted = current(), read_filter(request.args)
    found = store.listed(here.figures_scope, here.uow.session, on=here.today, status="pending")
    revoked = _revoked()
    lines, posts = _lines(revoked)
    shown = page_of(matching(lines, wanted), request.args.get("after", ""), key=lambda one: one.key)
    return render_template(
        "certificates/queue.html",
        remote=remote_services(here.settings),
        waiting=[view.card(row, owner, revoked.get(row.id)) for row, owner in found],
        decides=view.may_decide(), reasons=view.STOPS, stop_words=view.stop_words, places_words=view.places_words,
        wanted=wanted, shown=shown, states=STATES, revoked=revoked,
        holders={name: _(HOLDERS[name]) for name in WAYS}, ahead=months_ahead(lines),
        signers=len(posts), have=sum(bool(post.has) for post in posts),
        left=lambda line: days_left(line.not_after, here.now) if line.state in {"ending", "valid"} else None,
        done=request.args.get("done", ""),
    )  # fmt: skip


@bp.get("/admin/certificates.csv")
@bp.get("/admin/certificates.xlsx")
@allows(Permission.SEE_CERTIFICATES)
def export() -> Response:
    """The same list, whole, for a spreadsheet."""
    lines, _posts = _lines(_revoked())
    words = ("Owner", "Agency", "Certificate of", "Issuer", "Serial number", "Where the key lies",
             "Control of the key", "From", "Until", "State", "Why it was stopped")  # fmt: skip
    titles = [_(word) for word in words]
    rows = [
        (one.owner, one.place, one.subject, one.issuer, one.serial,
         _(HOLDERS[one.holder]) if one.holder else "", one.control,
         office_time(one.not_before).date() if one.not_before else "",
         office_time(one.not_after).date() if one.not_after else "", _(STATES[one.state][0]),
         view.stop_words(one.why))
        for one in matching(lines, read_filter(request.args))
    ]  # fmt: skip
    return table_answer("certificates", _("Certificates"), titles, rows, wide=(0, 1, 2))


def _revoked() -> dict[int, dt.datetime]:
    """Enrolment → since when, of those in use here."""
    here = current()
    listed = certificate_list.listed(here.figures_scope, here.uow.session, on=here.today)
    live = [row.id for row in listed if row.status in LIVE and row.not_after > here.now]
    rows = certificate_list.rows(here.figures_scope, here.uow.session, live, on=here.today)
    return revoked_since(here.uow, rows, agency_id=here.post.agency_id, now=here.now)


def _lines(revoked: Mapping[int, dt.datetime]) -> tuple[list[Line], Sequence[Any]]:
    here = current()
    session, scope = here.uow.session, here.figures_scope
    posts = certificate_list.signing_posts(scope, session, at=here.now, on=here.today, revoked=revoked.keys())
    return lines_of(certificate_list.listed(scope, session, on=here.today), posts, revoked, now=here.now), posts


DECISIONS: dict[str, Callable[..., Certificate]] = {
    "confirm": signing.confirm,
    "refuse": signing.refuse,
    "retire": signing.retire,
}


@bp.post("/admin/certificates/<int:certificate_id>/<any(confirm, refuse, retire):decision>")
@allows(Permission.CONFIRM_CERTIFICATE, step_up=True)
def decide(certificate_id: int, decision: str) -> Response:
    """Believe it, do not believe it, or end it."""
    more: dict[str, Any] = {}
    if decision == "confirm":
        more = {name: request.form.get(name) == "yes" for name in ("shown", "past_read")}
        more["despite"] = request.form.get("despite", "")
    elif decision == "retire":
        more["why"] = request.form.get("why", "")
    act(DECISIONS[decision], certificate_id=certificate_id, **more)
    return see(url_for("certificates.index", done=decision))
