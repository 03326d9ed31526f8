"""Every page that the service shows, with data, empty and in trouble: who opens it, where, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """One page in one condition.

    `who`: short name of a member of the office, empty for a stranger; those of the neighbour (`far_`) have no
    documents. `path`: may name places of the furnished town in braces. `submit`: the page's own form is sent as
    it stands, past the browser's checks, and the answer is what is looked at.
    """

    rule: str
    who: str
    path: str
    status: int = 200
    submit: bool = False

    @property
    def name(self) -> str:
        """For the report and the screenshot."""
        return f"{self.who or 'stranger'} {self.path}{' submitted' if self.submit else ''}"


def _on(rule: str, *conditions: tuple[str, str] | tuple[str, str, int] | tuple[str, str, int, bool]) -> list[Shown]:
    return [Shown(rule, *condition) for condition in conditions]


_PERSON, _UNIT = "/admin/people/<int:person_id>", "/admin/units/<int:unit_id>"
_PAPER = "/outgoing/<int:document_id>"

ACCOUNTS = [
    *_on("/", ("drafter", "/")),
    *_on("/login", ("", "/login"), ("", "/login", 422, True)),
    *_on("/step-up", ("drafter", "/step-up?next=/account")),
    *_on(
        "/invitation/<secret>",
        ("", "/invitation/{invitation}"),
        ("", "/invitation/{invitation}", 422, True),
        ("", "/invitation/unknown", 404),
    ),
    *_on("/account", ("leader", "/account"), ("inspector", "/account")),
    *_on("/account/factors", ("leader", "/account/factors")),
    *_on(
        "/account/factors/totp", ("begun", "/account/factors/totp"), ("begun", "/account/factors/totp", 422, True)
    ),
    *_on("/account/password", ("drafter", "/account/password"), ("drafter", "/account/password", 422, True)),
    *_on("/account/posts", ("two_posts", "/account/posts"), ("drafter", "/account/posts")),
    *_on("/account/tokens", ("leader", "/account/tokens"), ("drafter", "/account/tokens")),
    *_on("/account/tokens/new", ("leader", "/account/tokens/new"), ("leader", "/account/tokens/new", 422, True)),
    *_on("/help", ("drafter", "/help"), ("", "/help"), ("", "/nowhere", 404)),
]
PEOPLE = [
    *_on("/admin", ("admin", "/admin"), ("drafter", "/admin", 403)),
    *_on("/admin/people", ("admin", "/admin/people"), ("admin", "/admin/people?q=kh%C3%B4ng-ai")),
    *_on("/admin/people/new", ("admin", "/admin/people/new"), ("admin", "/admin/people/new", 422, True)),
    *_on(
        _PERSON,
        ("admin", "/admin/people/{person}"),
        ("admin", "/admin/people/{hostile}"),
        ("admin", "/admin/people/999999", 404),
    ),
    *_on(
        f"{_PERSON}/account/<any(factors, close, open):what>",
        ("admin", "/admin/people/{person}/account/factors"),
        ("admin", "/admin/people/{person}/account/close"),
        ("admin", "/admin/people/{person}/account/close", 422, True),
    ),
    *_on(
        f"{_PERSON}/account/invite",
        ("admin", "/admin/people/{newcomer}/account/invite"),
        ("admin", "/admin/people/{newcomer}/account/invite", 200, True),
    ),
    *_on(
        f"{_PERSON}/account/reset",
        ("admin", "/admin/people/{person}/account/reset"),
        ("admin", "/admin/people/{person}/account/reset", 422, True),
    ),
    *_on(
        f"{_PERSON}/change",
        ("admin", "/admin/people/{hostile}/change"),
        ("admin", "/admin/people/{person}/change", 422, True),
    ),
    *_on(
        f"{_PERSON}/posts/new",
        ("admin", "/admin/people/{person}/posts/new"),
        ("admin", "/admin/people/{person}/posts/new", 422, True),
    ),
    *_on(
        "/admin/posts/<int:post_id>/hand-over",
        ("admin", "/admin/posts/{post}/hand-over"),
        ("admin", "/admin/posts/{quiet_post}/hand-over"),
        ("admin", "/admin/posts/{post}/hand-over", 422, True),
    ),
    *_on("/admin/handovers", ("admin", "/admin/handovers"), ("far_admin", "/admin/handovers")),
    *_on(
        "/admin/posts/<int:post_id>/end",
        ("admin", "/admin/posts/{post}/end"),
        ("admin", "/admin/posts/{post}/end", 422, True),
    ),
    *_on("/admin/units", ("admin", "/admin/units"), ("far_admin", "/admin/units")),
    *_on("/admin/units/new", ("admin", "/admin/units/new"), ("admin", "/admin/units/new", 422, True)),
    *_on(
        _UNIT,
        ("admin", "/admin/units/{unit}"),
        ("admin", "/admin/units/{part}"),
        ("admin", "/admin/units/999999", 404),
    ),
    *_on(
        f"{_UNIT}/change",
        ("admin", "/admin/units/{unit}/change"),
        ("admin", "/admin/units/{part}/change", 422, True),
    ),
    *_on(
        f"{_UNIT}/dissolve",
        ("admin", "/admin/units/{part}/dissolve"),
        ("admin", "/admin/units/{part}/dissolve", 422, True),
    ),
    *_on(
        "/admin/certificates",
        ("admin", "/admin/certificates"),
        ("far_admin", "/admin/certificates"),
        ("admin", "/admin/certificates?done=confirm"),
    ),
    *_on(
        "/admin/calendar",
        ("admin", "/admin/calendar"),
        ("far_admin", "/admin/calendar?year=2027"),
        ("drafter", "/admin/calendar", 403),
    ),
    *_on(
        "/admin/calendar/day",
        ("admin", "/admin/calendar/day?day=2027-05-01"),
        ("admin", "/admin/calendar/day", 422, True),
    ),
    *_on("/admin/registers", ("admin", "/admin/registers"), ("far_admin", "/admin/registers")),
    *_on("/admin/jobs", ("admin", "/admin/jobs"), ("drafter", "/admin/jobs", 403)),
    *_on(
        "/admin/trust",
        ("admin", "/admin/trust"),
        ("far_admin", "/admin/trust", 403),
        ("drafter", "/admin/trust", 403),
    ),
    *_on("/admin/trust/crl", ("admin", "/admin/trust/crl"), ("admin", "/admin/trust/crl", 422, True)),
    *_on("/admin/trust/public", ("admin", "/admin/trust/public"), ("admin", "/admin/trust/public", 200, True)),
    *_on("/admin/trust/policy", ("admin", "/admin/trust/policy"), ("admin", "/admin/trust/policy", 422, True)),
    *_on(
        "/admin/trust/roots/new",
        ("admin", "/admin/trust/roots/new"),
        ("admin", "/admin/trust/roots/new", 422, True),
    ),
    *_on("/admin/trust/roots/<int:root_id>/amend", ("admin", "/admin/trust/roots/1/amend")),
    *_on(
        "/admin/trust/roots/<int:root_id>/retire",
        ("admin", "/admin/trust/roots/1/retire"),
        ("admin", "/admin/trust/roots/1/retire", 422, True),
    ),
    *_on(
        "/admin/trust/changes/<int:change_id>",
        ("admin", "/admin/trust/changes/{trust_flips}"),
        ("admin", "/admin/trust/changes/{trust_root}"),
        ("admin", "/admin/trust/changes/{trust_policy}"),
        ("admin", "/admin/trust/changes/999999", 404),
    ),
]
DOCUMENTS = [
    *_on(
        "/desk",
        *(
            (who, "/desk")
            for who in (
                "drafter",
                "head",
                "clerk",
                "leader",
                "chief",
                "specialist",
                "admin",
                "inspector",
                "far_leader",
                "far_drafter",
                "far_clerk",
            )
        ),
    ),
    *_on(
        "/outgoing",
        ("clerk", "/outgoing"),
        ("clerk", "/outgoing?filters=1&late=1&medium=ink"),
        ("far_clerk", "/outgoing"),
        ("clerk", "/outgoing?q=kh%C3%B4ng-c%C3%B3"),
        ("clerk", "/outgoing?state=nonsense", 200),
    ),
    *_on(
        "/outgoing/new",
        ("drafter", "/outgoing/new"),
        ("drafter", "/outgoing/new", 422, True),
        ("leader", "/outgoing/new", 403),
        ("drafter", "/outgoing/new?answers={asked}"),
        ("clerk", "/outgoing/new?replaces={declined}"),
    ),
    *_on(
        _PAPER,
        ("drafter", "/outgoing/{draft}"),
        ("drafter", "/outgoing/{bare}"),
        ("drafter", "/outgoing/{returned}"),
        ("head", "/outgoing/{in_review}"),
        ("clerk", "/outgoing/{format_check}"),
        ("leader", "/outgoing/{awaiting}"),
        ("clerk", "/outgoing/{signed}"),
        ("clerk", "/outgoing/{inked}"),
        ("clerk", "/outgoing/{numbered}"),
        ("clerk", "/outgoing/{issued}"),
        ("inspector", "/outgoing/{issued}?done=issue"),
        ("clerk", "/outgoing/{secret}"),
        ("leader", "/outgoing/{sent}?noted=recalled"),
        ("clerk", "/outgoing/{declined}"),
        ("drafter", "/outgoing/{reply}"),
        ("clerk", "/outgoing/999999", 404),
    ),
    *_on(
        f"{_PAPER}/edit",
        ("drafter", "/outgoing/{draft}/edit"),
        ("drafter", "/outgoing/{returned}/edit"),
        ("drafter", "/outgoing/{reply}/edit"),
        ("drafter", "/outgoing/{bare}/edit", 200, True),
    ),
    *_on(
        f"{_PAPER}/files/<int:ordinal>/view",
        ("clerk", "/outgoing/{issued}/files/1/view"),
        ("clerk", "/outgoing/{issued}/files/99/view", 404),
    ),
    *_on(f"{_PAPER}/ink", ("clerk", "/outgoing/{awaiting}/ink"), ("clerk", "/outgoing/{awaiting}/ink", 422, True)),
    *_on(f"{_PAPER}/plan", ("drafter", "/outgoing/{draft}/plan"), ("drafter", "/outgoing/{bare}/plan", 422)),
    *_on("/register", ("clerk", "/register"), ("far_clerk", "/register"), ("clerk", "/register?year=1999")),
    *_on(
        "/search",
        ("clerk", "/search"),
        ("clerk", "/search?q=c%C3%B4ng+v%C4%83n"),
        ("clerk", "/search?q=khongcokhoangtrang&kind=out"),
        ("far_clerk", "/search?q=c%C3%B4ng+v%C4%83n&since=2026-01-01"),
        ("admin", "/search", 403),
    ),
    *_on("/v", ("", "/v")),
    *_on("/verify", ("", "/verify"), ("leader", "/verify"), ("leader", "/verify", 422, True)),
    *_on("/v/<code>", ("", "/v/{code}"), ("", "/v/{ink_code}"), ("", "/v/unknown", 404)),
]
EXCHANGE = [
    *_on(
        "/incoming/<int:incoming_id>/agree-recall",
        ("far_leader", "/incoming/{held}/agree-recall"),
        ("far_clerk", "/incoming/999999/agree-recall", 404),
    ),
    *_on(
        "/incoming/<int:incoming_id>/refuse-recall",
        ("far_clerk", "/incoming/{held}/refuse-recall"),
        ("far_clerk", "/incoming/{held}/refuse-recall", 422, True),
        ("clerk", "/incoming/{recall_asked}/refuse-recall"),
        ("clerk", "/incoming/{held}/refuse-recall", 404),
    ),
]
_ARRIVAL = "/incoming/<int:incoming_id>"
ARRIVALS = [
    *_on(
        "/incoming/arrivals",
        ("clerk", "/incoming/arrivals"),
        ("clerk", "/incoming/arrivals?filters=1&verdict=failed&done={arrival_done}"),
        ("far_clerk", "/incoming/arrivals?done={arrival_done}"),
        ("clerk", "/incoming/arrivals", 422, True),
        ("leader", "/incoming/arrivals", 403),
    ),
    *_on("/incoming/new", ("clerk", "/incoming/new"), ("clerk", "/incoming/new", 422, True)),
    *_on(
        f"{_ARRIVAL}/register",
        ("clerk", "/incoming/{arrival_read}/register"),
        ("clerk", "/incoming/{arrival_foreign}/register?done={arrival_done}"),
        ("clerk", "/incoming/{arrival_foreign}/register", 422, True),
        ("clerk", "/incoming/{arrival_strange}/register"),
        ("clerk", "/incoming/{arrival_urgent}/register"),
        ("clerk", "/incoming/{arrival_reported}/register"),
        ("far_clerk", "/incoming/{arrival_read}/register", 404),
    ),
    *_on(
        f"{_ARRIVAL}/files",
        ("clerk", "/incoming/{arrival_read}/files?file=2"),
        ("clerk", "/incoming/{arrival_done}/files", 422, True),
        ("leader", "/incoming/{arrival_declined}/files"),
    ),
    *_on(f"{_ARRIVAL}/files/<int:ordinal>", ("clerk", "/incoming/{arrival_read}/files/2")),
    *_on("/incoming/stamps", ("clerk", "/incoming/stamps"), ("far_clerk", "/incoming/stamps?day=1/1/2026")),
    *_on("/incoming/senders", ("leader", "/incoming/senders"), ("far_clerk", "/incoming/senders?period=2026")),
]
SIGNING = [
    *_on(
        "/sign",
        ("leader", "/sign?documents={awaiting}&documents={draft}"),
        ("leader", "/sign"),
        ("far_leader", "/sign?documents={awaiting}"),
    ),
    *_on("/sign/number", ("clerk", "/sign/number?documents={numbered}"), ("clerk", "/sign/number")),
    *_on(
        "/sign/seal",
        ("clerk", "/sign/seal?documents={number_signed}"),
        ("clerk", "/sign/seal?documents={awaiting}"),
    ),
    *_on(
        "/sign/receipt",
        ("leader", "/sign/receipt?documents={issued}&documents={signed}"),
        ("leader", "/sign/receipt"),
    ),
    *_on(
        "/certificates",
        ("leader", "/certificates"),
        ("clerk", "/certificates?done=enrolled"),
        ("far_leader", "/certificates"),
    ),
    *_on("/certificates/server-seal", ("leader", "/certificates/server-seal")),
]
REPORTS = [
    *_on(
        "/reports",
        ("leader", "/reports"),
        ("head", "/reports?period=2026-Q4"),
        ("far_leader", "/reports"),
        ("leader", "/reports?period=nonsense", 422),
    ),
    *_on(
        "/reports/documents",
        ("leader", "/reports/documents?figure=denominator"),
        ("far_leader", "/reports/documents?figure=ink"),
        ("leader", "/reports/documents?figure=nonsense", 404),
    ),
    *_on("/reports/unsigned", ("leader", "/reports/unsigned"), ("far_leader", "/reports/unsigned")),
    *_on(
        "/reports/unsigned/<int:unit_id>",
        ("leader", "/reports/unsigned/{part}"),
        ("leader", "/reports/unsigned/{far_part}", 404),
    ),
    *_on(
        "/reports/unsigned/<int:unit_id>/<period>",
        ("leader", "/reports/unsigned/{part}/2026-11-23?again=1"),
        ("leader", "/reports/unsigned/{part}/1999-01-01", 404),
    ),
    *_on("/notices", ("head", "/notices"), ("far_drafter", "/notices")),
    *_on("/notices/units", ("leader", "/notices/units"), ("far_leader", "/notices/units")),
]
_ACT = (
    '/incoming/<int:incoming_id>/<any("set-due", "set-internal-due", pause, resume, "ask-extension", '
    '"grant-extension", "refuse-extension", explain, "accept-explanation", "return-explanation", urge):what>'
)
DEADLINES = [
    *_on(
        _ACT,
        ("leader", "/incoming/{late}/set-due"),
        ("leader", "/incoming/{late}/set-due", 422, True),
        ("head", "/incoming/{late}/set-internal-due"),
        ("head", "/incoming/{in_time}/pause"),
        ("head", "/incoming/{in_time}/pause", 422, True),
        ("head", "/incoming/{paused}/resume"),
        ("specialist", "/incoming/{in_time}/ask-extension"),
        ("leader", "/incoming/{asked}/grant-extension"),
        ("leader", "/incoming/{asked}/refuse-extension", 422, True),
        ("specialist", "/incoming/{late}/explain"),
        ("specialist", "/incoming/{late}/explain", 422, True),
        ("leader", "/incoming/{explained}/accept-explanation"),
        ("leader", "/incoming/{explained}/return-explanation"),
        ("leader", "/incoming/{late}/urge"),
        ("specialist", "/incoming/{late}/pause", 403),
        ("far_clerk", "/incoming/{late}/urge", 404),
    ),
    *_on(
        "/incoming/<int:incoming_id>/apology",
        ("specialist", "/incoming/{sorry}/apology"),
        ("specialist", "/incoming/{late}/apology", 422),
    ),
    *_on(
        "/incoming/overdue",
        ("leader", "/incoming/overdue"),
        ("leader", "/incoming/overdue", 422, True),
        ("specialist", "/incoming/overdue"),
        ("far_clerk", "/incoming/overdue"),
    ),
    *_on("/incoming/next-week", ("leader", "/incoming/next-week"), ("far_clerk", "/incoming/next-week")),
    *_on(
        "/incoming/explanations",
        ("specialist", "/incoming/explanations"),
        ("leader", "/incoming/explanations"),
        ("far_clerk", "/incoming/explanations"),
    ),
    *_on(
        "/admin/deadline-rules",
        ("admin", "/admin/deadline-rules"),
        ("far_admin", "/admin/deadline-rules"),
    ),
    *_on(
        "/admin/deadline-rules/new",
        ("admin", "/admin/deadline-rules/new"),
        ("admin", "/admin/deadline-rules/new", 422, True),
    ),
    *_on("/admin/deadline-rules/<int:rule_id>/change", ("admin", "/admin/deadline-rules/{rule}/change")),
    *_on("/admin/deadline-rules/<int:rule_id>/end", ("admin", "/admin/deadline-rules/{rule}/end")),
    *_on(
        f"{_UNIT}/saturday",
        ("admin", "/admin/units/{part}/saturday"),
        ("admin", "/admin/units/{part}/saturday", 422, True),
    ),
]
INCOMING = [
    *_on(
        "/incoming",
        ("clerk", "/incoming"),
        ("head", "/incoming?filters=1&due=late&sort=due"),
        ("far_clerk", "/incoming"),
        ("clerk", "/incoming?q=kh%C3%B4ng-c%C3%B3"),
        ("admin", "/incoming", 403),
    ),
    *_on(
        _ARRIVAL,
        ("clerk", "/incoming/{in_arrived}"),
        ("clerk", "/incoming/{in_registered}"),
        ("chief", "/incoming/{in_office}"),
        ("leader", "/incoming/{in_proposed}"),
        ("head", "/incoming/{in_directed}"),
        ("head", "/incoming/{in_known}"),
        ("specialist", "/incoming/{in_progress}"),
        ("inspector", "/incoming/{in_assigned}?done=assign"),
        ("far_clerk", "/incoming/{in_directed}", 404),
    ),
    *_on(
        f"{_ARRIVAL}/submit",
        ("clerk", "/incoming/{in_registered}/submit"),
        ("leader", "/incoming/{in_registered}/submit", 403),
    ),
    *_on(
        f"{_ARRIVAL}/propose",
        ("chief", "/incoming/{in_office}/propose"),
        ("chief", "/incoming/{in_office}/propose", 422, True),
    ),
    *_on(
        f"{_ARRIVAL}/direct",
        ("leader", "/incoming/{in_submitted}/direct"),
        ("leader", "/incoming/{in_submitted}/direct", 422, True),
        ("leader", "/incoming/{in_directed}/direct"),
    ),
    *_on(f"{_ARRIVAL}/pass", ("leader", "/incoming/{in_submitted}/pass")),
    *_on(
        f"{_ARRIVAL}/assign",
        ("head", "/incoming/{in_directed}/assign"),
        ("head", "/incoming/{in_directed}/assign", 422, True),
    ),
    *_on(f"{_ARRIVAL}/contribute", ("culture_head", "/incoming/{in_directed}/contribute")),
    *_on(
        f"{_ARRIVAL}/finish",
        ("specialist", "/incoming/{in_progress}/finish"),
        ("specialist", "/incoming/{in_progress}/finish", 422, True),
    ),
    *_on(f"{_ARRIVAL}/close", ("head", "/incoming/{in_directed}/close")),
    *_on("/incoming/register", ("clerk", "/incoming/register"), ("far_clerk", "/incoming/register")),
    *_on("/incoming/register/follow-up", ("leader", "/incoming/register/follow-up")),
]
PAGES = [*ACCOUNTS, *PEOPLE, *DOCUMENTS, *EXCHANGE, *ARRIVALS, *INCOMING, *SIGNING, *REPORTS, *DEADLINES]

NO_PAGES: dict[str, tuple[str, str, str]] = {
    "/account/factors/totp/qr.svg": ("begun", "/account/factors/totp/qr.svg", "image/svg+xml"),
    "/admin/people.csv": ("admin", "/admin/people.csv", "text/csv"),
    "/admin/units.csv": ("admin", "/admin/units.csv", "text/csv"),
    "/admin/trust/changes/<int:change_id>/flips.csv": (
        "admin",
        "/admin/trust/changes/{trust_flips}/flips.csv",
        "text/csv",
    ),
    "/api/v1/search": ("clerk", "/api/v1/search?q=x", "application/problem+json"),
    "/api/v1/documents": ("", "/api/v1/documents", "application/problem+json"),
    "/api/v1/documents/<int:document_id>": ("", "/api/v1/documents/{issued}", "application/problem+json"),
    "/api/v1/incoming": ("", "/api/v1/incoming", "application/problem+json"),
    "/api/v1/incoming/<int:incoming_id>": ("", "/api/v1/incoming/{in_directed}", "application/problem+json"),
    "/api/v1/me": ("", "/api/v1/me", "application/problem+json"),
    "/api/v1/openapi.json": ("", "/api/v1/openapi.json", "application/json"),
    "/api/v1/rates": ("", "/api/v1/rates", "application/problem+json"),
    "/api/v1/rates/documents": ("", "/api/v1/rates/documents", "application/problem+json"),
    "/certificates/demo-key/<owner>": ("leader", "/certificates/demo-key/mine", "text/html"),
    "/favicon.ico": ("", "/favicon.ico", "image/svg+xml"),
    "/healthz": ("", "/healthz", "application/json"),
    "/incoming/overdue.csv": ("leader", "/incoming/overdue.csv", "text/csv"),
    "/metrics": ("", "/metrics", "text/plain"),
    f"{_PAPER}/files/<int:ordinal>/content": ("clerk", "/outgoing/{issued}/files/1/content", "application/pdf"),
    f"{_PAPER}/files/<int:ordinal>/pages/<int:number>.webp": (
        "clerk", "/outgoing/{issued}/files/2/pages/1.webp", "image/webp",
    ),
    f"{_ARRIVAL}/files/<int:ordinal>/pages/<int:number>": (
        "clerk", "/incoming/{arrival_read}/files/1/pages/1", "image/webp",
    ),
    f"{_ARRIVAL}/stamp.pdf": ("clerk", "/incoming/{arrival_done}/stamp.pdf", "application/pdf"),
    "/incoming/arrivals/export.csv": ("clerk", "/incoming/arrivals/export.csv", "text/csv"),
    "/incoming/stamps.pdf": ("clerk", "/incoming/stamps.pdf?documents={arrival_done}", "application/pdf"),
    "/incoming/export.csv": ("clerk", "/incoming/export.csv", "text/csv"),
    "/incoming/register.csv": ("clerk", "/incoming/register.csv", "text/csv"),
    "/incoming/register/follow-up.csv": ("clerk", "/incoming/register/follow-up.csv", "text/csv"),
    f"{_ARRIVAL}/slip.pdf": ("clerk", "/incoming/{in_directed}/slip.pdf", "application/pdf"),
    "/outgoing/export.csv": ("clerk", "/outgoing/export.csv", "text/csv"),
    "/readyz": ("", "/readyz", "application/json"),
    "/register/export.csv": ("clerk", "/register/export.csv", "text/csv"),
    "/reports/documents.csv": ("leader", "/reports/documents.csv?figure=denominator", "text/csv"),
    "/reports/rates.csv": ("leader", "/reports/rates.csv", "text/csv"),
    "/sign/sessions/<session>/<int:document_id>.pdf": ("leader", "/sign/sessions/x/{awaiting}.pdf", "text/html"),
    "/static/<release>/<path:name>": ("", "/static/x/css/frame.css", "text/css"),
}  # fmt: skip
"""Addresses that answer something else than a page: who asks, where, and the type of what comes; a page only
where there is nothing to give."""
