"""Pages of who looks after an installation: people, mandates, units, calendar, jobs, trust."""

from __future__ import annotations

from tests.sweep.act_pages import ACT_PAGES
from tests.sweep.clock_pages import CLOCK_PAGES
from tests.sweep.copy_pages import COPY_PAGES
from tests.sweep.shown import shown_on

_PERSON, _UNIT = "/admin/people/<int:person_id>", "/admin/units/<int:unit_id>"

ADMINISTRATION = [
    *shown_on("/admin", ("admin", "/admin"), ("drafter", "/admin", 403)),
    *shown_on("/admin/people", ("admin", "/admin/people"), ("admin", "/admin/people?q=kh%C3%B4ng-ai")),
    *shown_on("/admin/people/new", ("admin", "/admin/people/new"), ("admin", "/admin/people/new", 422, True)),
    *shown_on(
        _PERSON,
        ("admin", "/admin/people/{person}"),
        ("admin", "/admin/people/{hostile}"),
        ("admin", "/admin/people/999999", 404),
    ),
    *shown_on(
        f"{_PERSON}/account/<any(factors, close, open):what>",
        ("admin", "/admin/people/{person}/account/factors"),
        ("admin", "/admin/people/{person}/account/close"),
        ("admin", "/admin/people/{person}/account/close", 422, True),
    ),
    *shown_on(
        f"{_PERSON}/account/invite",
        ("admin", "/admin/people/{newcomer}/account/invite"),
        ("admin", "/admin/people/{newcomer}/account/invite", 200, True),
    ),
    *shown_on(
        f"{_PERSON}/account/reset",
        ("admin", "/admin/people/{person}/account/reset"),
        ("admin", "/admin/people/{person}/account/reset", 422, True),
    ),
    *shown_on(
        f"{_PERSON}/change",
        ("admin", "/admin/people/{hostile}/change"),
        ("admin", "/admin/people/{person}/change", 422, True),
    ),
    *shown_on(f"{_PERSON}/data", ("admin", "/admin/people/{person}/data")),
    *shown_on("/admin/access", ("admin", "/admin/access"), ("leader", "/admin/access", 403)),
    *shown_on("/admin/access/document", ("admin", "/admin/access/document?document=khong-co")),
    *shown_on(
        "/admin/access/person/<int:person_id>",
        ("admin", "/admin/access/person/{person}"),
        ("far_admin", "/admin/access/person/{person}", 404),
    ),
    *shown_on("/admin/keeping", ("admin", "/admin/keeping")),
    *shown_on(
        "/admin/keeping/<trace>", ("admin", "/admin/keeping/looks"), ("admin", "/admin/keeping/looks", 422, True)
    ),
    *shown_on("/admin/personal-data", ("admin", "/admin/personal-data")),
    *shown_on("/account/data", ("clerk", "/account/data")),
    *shown_on(
        f"{_PERSON}/posts/new",
        ("admin", "/admin/people/{person}/posts/new"),
        ("admin", "/admin/people/{person}/posts/new", 422, True),
    ),
    *shown_on(
        "/admin/posts/<int:post_id>/hand-over",
        ("admin", "/admin/posts/{post}/hand-over"),
        ("admin", "/admin/posts/{quiet_post}/hand-over"),
        ("admin", "/admin/posts/{post}/hand-over", 422, True),
    ),
    *shown_on(
        "/admin/mandates",
        ("admin", "/admin/mandates"),
        ("admin", "/admin/mandates?when=revoked"),
        ("leader", "/admin/mandates", 403),
    ),
    *shown_on(
        "/admin/mandates/new",
        ("admin", "/admin/mandates/new"),
        ("admin", "/admin/mandates/new?post={deputy_post}"),
        ("far_admin", "/admin/mandates/new?post={deputy_post}", 404),
    ),
    *shown_on(
        "/admin/mandates/<int:mandate_id>", ("admin", "/admin/mandates/1"), ("far_admin", "/admin/mandates/1", 404)
    ),
    *shown_on(
        "/admin/mandates/<int:mandate_id>/revoke",
        ("admin", "/admin/mandates/1/revoke"),
        ("admin", "/admin/mandates/1/revoke", 422, True),
    ),
    *shown_on(
        "/admin/absences",
        ("admin", "/admin/absences"),
        ("admin", "/admin/absences?post={deputy_post}"),
        ("far_admin", "/admin/absences"),
    ),
    *shown_on("/absence", ("drafter", "/absence"), ("leader", "/absence"), ("leader", "/absence", 422, True)),
    *shown_on("/admin/handovers", ("admin", "/admin/handovers"), ("far_admin", "/admin/handovers")),
    *shown_on(
        "/admin/posts/<int:post_id>/renew",
        ("admin", "/admin/posts/{post}/renew"),
        ("admin", "/admin/posts/{post}/renew", 422, True),
    ),
    *shown_on(
        "/admin/posts/<int:post_id>/end",
        ("admin", "/admin/posts/{post}/end"),
        ("admin", "/admin/posts/{post}/end", 422, True),
    ),
    *shown_on("/admin/units", ("admin", "/admin/units"), ("far_admin", "/admin/units")),
    *shown_on("/admin/units/new", ("admin", "/admin/units/new"), ("admin", "/admin/units/new", 422, True)),
    *shown_on(
        _UNIT,
        ("admin", "/admin/units/{unit}"),
        ("admin", "/admin/units/{part}"),
        ("admin", "/admin/units/999999", 404),
    ),
    *shown_on(
        f"{_UNIT}/change",
        ("admin", "/admin/units/{unit}/change"),
        ("admin", "/admin/units/{part}/change", 422, True),
    ),
    *shown_on(
        f"{_UNIT}/dissolve",
        ("admin", "/admin/units/{part}/dissolve"),
        ("admin", "/admin/units/{part}/dissolve", 422, True),
    ),
    *shown_on(
        "/admin/certificates",
        ("admin", "/admin/certificates"),
        ("far_admin", "/admin/certificates"),
        ("leader", "/admin/certificates"),
        ("admin", "/admin/certificates?month=2028-06"),
        ("admin", "/admin/certificates?done=confirm"),
        ("admin", "/admin/certificates?state=none&sort=owner&q=nguyen"),
    ),
    *shown_on(
        "/admin/calendar",
        ("admin", "/admin/calendar"),
        ("far_admin", "/admin/calendar?year=2027"),
        ("drafter", "/admin/calendar", 403),
    ),
    *shown_on(
        "/admin/calendar/day",
        ("admin", "/admin/calendar/day?day=2027-05-01"),
        ("admin", "/admin/calendar/day", 422, True),
    ),
    *shown_on(
        "/admin/templates/new",
        ("admin", "/admin/templates/new?from=built:decision"),
        ("clerk", "/admin/templates/new", 422, True),
    ),
    *shown_on("/admin/backups", ("admin", "/admin/backups"), ("far_admin", "/admin/backups", 403)),
    *shown_on(
        "/admin/channels",
        ("admin", "/admin/channels"),
        ("far_admin", "/admin/channels"),
        ("drafter", "/admin/channels", 403),
    ),
    *shown_on(
        f"{_UNIT}/report-readers",
        ("admin", "/admin/units/{part}/report-readers"),
        ("far_admin", "/admin/units/{part}/report-readers", 404),
    ),
    *ACT_PAGES,
    *COPY_PAGES,
    *CLOCK_PAGES,
    *shown_on(
        "/admin/trust",
        ("admin", "/admin/trust"),
        ("far_admin", "/admin/trust", 403),
        ("drafter", "/admin/trust", 403),
    ),
    *shown_on("/admin/trust/crl", ("admin", "/admin/trust/crl"), ("admin", "/admin/trust/crl", 422, True)),
    *shown_on("/admin/trust/public", ("admin", "/admin/trust/public"), ("admin", "/admin/trust/public", 200, True)),
    *shown_on("/admin/trust/policy", ("admin", "/admin/trust/policy"), ("admin", "/admin/trust/policy", 422, True)),
    *shown_on(
        "/admin/trust/sunsets",
        ("admin", "/admin/trust/sunsets"),
        ("admin", "/admin/trust/sunsets", 422, True),
        ("far_admin", "/admin/trust/sunsets", 403),
    ),
    *shown_on(
        "/admin/trust/sunsets/<int:sunset_id>",
        ("admin", "/admin/trust/sunsets/{sunset}"),
        ("admin", "/admin/trust/sunsets/999999", 404),
    ),
    *shown_on(
        "/admin/trust/roots/new",
        ("admin", "/admin/trust/roots/new"),
        ("admin", "/admin/trust/roots/new", 422, True),
    ),
    *shown_on("/admin/trust/roots/<int:root_id>/amend", ("admin", "/admin/trust/roots/1/amend")),
    *shown_on(
        "/admin/trust/roots/<int:root_id>/retire",
        ("admin", "/admin/trust/roots/1/retire"),
        ("admin", "/admin/trust/roots/1/retire", 422, True),
    ),
    *shown_on(
        "/admin/trust/changes/<int:change_id>",
        ("admin", "/admin/trust/changes/{trust_flips}"),
        ("admin", "/admin/trust/changes/{trust_root}"),
        ("admin", "/admin/trust/changes/{trust_policy}"),
        ("admin", "/admin/trust/changes/999999", 404),
    ),
]
