"""Pages of outgoing documents: desk, list, one paper with all that belongs to it, search, checking, signing."""

from __future__ import annotations

from tests.sweep.shown import shown_on

PAPER = "/outgoing/<int:document_id>"

DOCUMENTS = [
    *shown_on(
        "/desk",
        ("leader", "/desk?done=direct&of={in_directed}"),
        *(
            (who, "/desk")
            for who in (
                "drafter",
                "head",
                "clerk",
                "culture_head",
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
    *shown_on("/desk/read", ("leader", "/desk/read"), ("drafter", "/desk/read")),
    *shown_on(
        "/desk/read/<int:document_id>",
        ("leader", "/desk/read/{awaiting}"),
        ("leader", "/desk/read/{pinned}?ticked={pinned}.{awaiting}&done=pin"),
        ("head", "/desk/read/{in_review}"),
        ("leader", "/desk/read/{signed}"),
        ("leader", "/desk/read/999999", 404),
    ),
    *shown_on(
        "/desk/read/end",
        ("leader", "/desk/read/end?ticked={awaiting}&done=agree&of={awaiting}"),
        ("culture_head", "/desk/read/end"),
    ),
    *shown_on(
        "/outgoing",
        ("clerk", "/outgoing"),
        ("clerk", "/outgoing?filters=1&late=1&medium=ink"),
        ("clerk", "/outgoing?dated=created&from=01/01/2026&to=31/02/2026&urgency=flash&drafter=1"),
        ("far_clerk", "/outgoing"),
        ("clerk", "/outgoing?q=kh%C3%B4ng-c%C3%B3"),
        ("clerk", "/outgoing?state=nonsense", 200),
    ),
    *shown_on(
        "/outgoing/new",
        ("drafter", "/outgoing/new"),
        ("drafter", "/outgoing/new", 422, True),
        ("leader", "/outgoing/new", 403),
        ("drafter", "/outgoing/new?answers={asked}"),
        ("clerk", "/outgoing/new?replaces={declined}"),
    ),
    *shown_on(
        PAPER,
        ("clerk", "/outgoing/{unit_gone}"),
        ("drafter", "/outgoing/{draft}"),
        ("drafter", "/outgoing/{bare}"),
        ("drafter", "/outgoing/{pinned}"),
        ("drafter", "/outgoing/{returned}"),
        ("head", "/outgoing/{in_review}"),
        ("head", "/outgoing/{asked_review}"),
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
    *shown_on(f"{PAPER}/bundle", ("clerk", "/outgoing/{draft}/bundle")),
    *shown_on(
        f"{PAPER}/edit",
        ("drafter", "/outgoing/{draft}/edit"),
        ("drafter", "/outgoing/{returned}/edit"),
        ("drafter", "/outgoing/{reply}/edit"),
        ("drafter", "/outgoing/{bare}/edit", 200, True),
    ),
    *shown_on(
        f"{PAPER}/files/<int:ordinal>/view",
        ("clerk", "/outgoing/{issued}/files/1/view"),
        ("clerk", "/outgoing/{issued}/files/99/view", 404),
    ),
    *shown_on(
        f"{PAPER}/ink", ("clerk", "/outgoing/{awaiting}/ink"), ("clerk", "/outgoing/{awaiting}/ink", 422, True)
    ),
    *shown_on(
        f"{PAPER}/cosigners",
        ("leader", "/outgoing/{issued}/cosigners"),
        ("drafter", "/outgoing/{draft}/cosigners"),
        ("clerk", "/outgoing/999999/cosigners", 404),
    ),
    *shown_on(
        f"{PAPER}/signers",
        ("leader", "/outgoing/{issued}/signers"),
        ("drafter", "/outgoing/{draft}/signers"),
        ("clerk", "/outgoing/999999/signers", 404),
    ),
    *shown_on(
        f"{PAPER}/opinions",
        ("drafter", "/outgoing/{asked_draft}/opinions"),
        ("head", "/outgoing/{asked_review}/opinions?done=asked"),
        ("drafter", "/outgoing/{asked_draft}/opinions", 422, True),
        ("far_clerk", "/outgoing/{asked_draft}/opinions", 404),
    ),
    *shown_on(
        "/opinions/<int:request_id>",
        ("culture_head", "/opinions/{asked_initials}"),
        ("culture_head", "/opinions/{asked_initials}", 422, True),
        ("clerk", "/opinions/{asked_clerk}?done=answered"),
        ("far_leader", "/opinions/{asked_initials}", 404),
    ),
    *shown_on(
        f"{PAPER}/slip",
        ("drafter", "/outgoing/{asked_draft}/slip"),
        ("drafter", "/outgoing/{reply}/slip"),
        ("leader", "/outgoing/{asked_review}/slip"),
        ("leader", "/outgoing/{awaiting}/slip"),
        ("far_leader", "/outgoing/{awaiting}/slip", 404),
    ),
    *shown_on(
        f"{PAPER}/text",
        ("drafter", "/outgoing/{written}/text"),
        ("drafter", "/outgoing/{bare}/text"),
        ("drafter", "/outgoing/{bare}/text?template=built:reply"),
        ("drafter", "/outgoing/{bare}/text?template=own:999999", 404),
        ("drafter", "/outgoing/{written}/text?choose=1"),
        ("drafter", "/outgoing/{written}/text?template=built:reply"),
        ("drafter", "/outgoing/{written}/text?template=built:reply&drop=1"),
    ),
    *shown_on(
        f"{PAPER}/versions",
        ("head", "/outgoing/{written}/versions"),
        ("drafter", "/outgoing/{written}/versions?from=2&to=4&page=2"),
        ("drafter", "/outgoing/{bare}/versions"),
        ("inspector", "/outgoing/{issued}/versions"),
        ("head", "/outgoing/{written}/versions?to=99", 404),
    ),
    *shown_on(f"{PAPER}/plan", ("drafter", "/outgoing/{draft}/plan"), ("drafter", "/outgoing/{bare}/plan", 422)),
    *shown_on(
        "/search",
        ("clerk", "/search"),
        ("clerk", "/search?q=c%C3%B4ng+v%C4%83n"),
        ("clerk", "/search?q=khongcokhoangtrang&kind=out"),
        ("far_clerk", "/search?q=c%C3%B4ng+v%C4%83n&since=2026-01-01"),
        ("admin", "/search", 403),
    ),
    *shown_on("/v", ("", "/v")),
    *shown_on("/verify", ("", "/verify"), ("leader", "/verify"), ("leader", "/verify", 422, True)),
    *shown_on("/v/<code>", ("", "/v/{code}"), ("", "/v/{ink_code}"), ("", "/v/unknown", 404)),
]
SIGNING = [
    *shown_on(
        "/sign",
        ("leader", "/sign?documents={awaiting}&documents={draft}"),
        ("leader", "/sign"),
        ("far_leader", "/sign?documents={awaiting}"),
    ),
    *shown_on("/sign/cosign", ("head", "/sign/cosign?documents={awaiting}"), ("leader", "/sign/cosign")),
    *shown_on(
        "/sign/leader/elsewhere",
        ("leader", "/sign/leader/elsewhere?documents={awaiting}&documents={draft}"),
        ("leader", "/sign/leader/elsewhere"),
    ),
    *shown_on(
        "/sign/sessions/<session>/<int:document_id>/box", ("leader", "/sign/sessions/x/{awaiting}/box", 404)
    ),
    *shown_on("/sign/leader/agent", ("leader", "/sign/leader/agent?documents={awaiting}")),
    *shown_on("/sign/cosign/elsewhere", ("head", "/sign/cosign/elsewhere?documents={awaiting}")),
    *shown_on("/sign/cosign/agent", ("head", "/sign/cosign/agent?documents={awaiting}")),
    *shown_on("/sign/number/elsewhere", ("clerk", "/sign/number/elsewhere?documents={numbered}")),
    *shown_on("/sign/number/agent", ("clerk", "/sign/number/agent?documents={numbered}")),
    *shown_on("/sign/seal/elsewhere", ("clerk", "/sign/seal/elsewhere?documents={number_signed}")),
    *shown_on("/sign/seal/agent", ("clerk", "/sign/seal/agent?documents={number_signed}")),
    *shown_on("/sign/number", ("clerk", "/sign/number?documents={numbered}"), ("clerk", "/sign/number")),
    *shown_on(
        "/sign/seal",
        ("clerk", "/sign/seal?documents={number_signed}"),
        ("clerk", "/sign/seal?documents={awaiting}"),
    ),
    *shown_on(
        "/sign/receipt",
        ("leader", "/sign/receipt?documents={issued}&documents={signed}"),
        ("leader", "/sign/receipt"),
    ),
    *shown_on(
        "/certificates",
        ("leader", "/certificates"),
        ("clerk", "/certificates?done=enrolled"),
        ("far_leader", "/certificates"),
    ),
    *shown_on("/certificates/server-seal", ("leader", "/certificates/server-seal")),
]
