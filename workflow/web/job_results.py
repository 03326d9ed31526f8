"""What a run of a job counted and how far it is, in words."""

from __future__ import annotations

from workflow.domain.notices import Kind
from workflow.web.i18n import N_

STEPS: dict[str, str] = {
    "documents": N_("documents: %(count)s"),
    "signatures": N_("signatures: %(count)s"),
    "files": N_("files: %(count)s"),
    "pages": N_("pages: %(count)s"),
    "channels": N_("folders and mailboxes: %(count)s"),
    "chains": N_("chains: %(count)s"),
    "addresses": N_("addresses: %(count)s"),
    "agencies": N_("agencies: %(count)s"),
    "months": N_("months: %(count)s"),
}
"""What a slow job counts its steps in."""

RESULTS: dict[str, dict[str, str]] = {
    "unsigned": {
        "reports": N_("reports made: %(count)s"),
        "open": N_("documents in them: %(count)s"),
        "messages": N_("messages written: %(count)s"),
    },
    "digest": {
        "messages": N_("messages written: %(count)s"),
        "items": N_("items in them: %(count)s"),
        "missed": N_("noon has passed, nothing is sent any more"),
    },
    "outbox": {
        "sent": N_("sent: %(count)s"),
        "put_off": N_("put off to try again: %(count)s"),
        "waiting": N_("put off to try again: %(count)s"),
        "failed": N_("given up: %(count)s"),
        "here": N_("left to be read here: %(count)s"),
    },
    "bounces": {
        "bounced": N_("messages that came back: %(count)s"),
        "left": N_("mails left to be read by people: %(count)s"),
        "later": N_("left for the next round: %(count)s"),
    },
    "settle": {
        "passed": N_("now valid: %(count)s"),
        "failed": N_("now invalid: %(count)s"),
        "indeterminate": N_("still undecided: %(count)s"),
        "overtaken": N_("settled otherwise: %(count)s"),
        "files_checked": N_("received files looked at again: %(count)s"),
        "files_settled": N_("of them settled: %(count)s"),
        "files_lost": N_("files missing or damaged: %(count)s"),
    },
    "remote_signatures": {
        "looked_at": N_("requests looked at: %(count)s"),
        "ended": N_("of them ended: %(count)s"),
        "troubled": N_("stopped by an error: %(count)s"),
    },
    "recheck": {
        "checked": N_("documents checked: %(count)s"),
        "thorough": N_("of them by the careful reading too: %(count)s"),
        "changed": N_("verdicts added: %(count)s"),
        "unanswered": N_("not answered within the limits: %(count)s"),
        "strict_only": N_("could not be read carefully within the limits: %(count)s"),
        "strict_only_which": N_("namely (document or document.attachment): %(count)s"),
        "files_lost": N_("files missing or damaged: %(count)s"),
        "overtaken": N_("signed meanwhile: %(count)s"),
        "attachments_changed": N_("verdicts added about attachments: %(count)s"),
        "attachments_lost": N_("attachments missing or damaged: %(count)s"),
        "attachments_unanswered": N_("attachments not answered within the limits: %(count)s"),
        "lists_differ": N_("documents whose attachments are not the signed ones: %(count)s"),
        "attachments": N_("which (document.attachment): %(count)s"),
    },
    "held_numbers": {"waiting": N_("numbers to use or cancel: %(count)s")},
    "trust_report": {
        "judged": N_("signatures judged under both lists: %(count)s"),
        "overtaken": N_("settled otherwise: %(count)s"),
    },
    "collect": {
        "stored": N_("files received: %(count)s"),
        "known": N_("files received before: %(count)s"),
        "refused": N_("files that cannot be taken: %(count)s"),
        "later": N_("left for the next round: %(count)s"),
        "left_unread": N_("mails left to be read by people: %(count)s"),
        "without_files": N_("mails without files: %(count)s"),
        "parts_left_out": N_("parts of mails left out: %(count)s"),
        "gone": N_("mails moved away meanwhile: %(count)s"),
        "interrupted": N_("mailboxes that broke off: %(count)s"),
        "channels_failed": N_("folders and mailboxes that cannot be used: %(count)s"),
    },
    "explanations": {
        "demanded": N_("explanations demanded: %(count)s"),
        "leaders": N_("recorded as the leader's own: %(count)s"),
        "nobody": N_("nobody to ask: %(count)s"),
        "overtaken": N_("settled otherwise: %(count)s"),
    },
    "read_scans": {
        "pages": N_("pages read by OCR: %(count)s"),
        "files": N_("scans read to their end: %(count)s"),
        "told": N_("documents told what their scan says: %(count)s"),
    },
    "index_texts": {
        "documents": N_("documents made ready for search: %(count)s"),
        "read": N_("files read: %(count)s"),
        "empty": N_("files without text: %(count)s"),
        "unreadable": N_("files that could not be read: %(count)s"),
        "lost": N_("files missing or damaged: %(count)s"),
    },
    "timestamps": {
        "stamped": N_("files with a timestamp now: %(count)s"),
        "lasting": N_("files with lasting proof now: %(count)s"),
        "renewed": N_("files stamped again before their last timestamp ends: %(count)s"),
        "too_early": N_("evidence not there yet: %(count)s"),
        "no_stamp": N_("timestamps not given: %(count)s"),
        "unusable": N_("files missing, damaged or not better for it: %(count)s"),
        "overtaken": N_("settled otherwise: %(count)s"),
        "waiting": N_("files waiting for a timestamp: %(count)s"),
        "without_authority": N_("no timestamp authority is configured; files waiting: %(count)s"),
    },
    "backup": {
        "rows": N_("rows saved: %(count)s"),
        "files": N_("files in it: %(count)s"),
        "copied": N_("files that were new: %(count)s"),
        "lacking": N_("files missing or damaged: %(count)s"),
        "removed": N_("superseded backups removed: %(count)s"),
    },
    "restore_drill": {
        "rows": N_("rows put back: %(count)s"),
        "files": N_("files in it: %(count)s"),
        "chains": N_("chains of the journal followed: %(count)s"),
        "findings": N_("things found wrong: %(count)s"),
    },
    "anchor": {
        "anchors": N_("anchors made: %(count)s"),
        "chains": N_("chains that grew: %(count)s"),
        "stamped": N_("timestamps that came: %(count)s"),
        "unstamped": N_("timestamps still missing: %(count)s"),
    },
    "audit_pass": {
        "chains": N_("chains: %(count)s"),
        "entries": N_("entries: %(count)s"),
        "anchors": N_("anchors worked out anew: %(count)s"),
        "open": N_("entries not anchored yet: %(count)s"),
        "findings": N_("things found wrong: %(count)s"),
    },
    "escalation": {
        "told": N_("overdue things told of: %(count)s"),
        "nobody": N_("nobody to tell at this level: %(count)s"),
        "messages": N_("messages written: %(count)s"),
    },
    "certificates": {
        "ending": N_("certificates told of as ending: %(count)s"),
        "revoked": N_("certificates found revoked: %(count)s"),
        "without": N_("leaders told that they have none: %(count)s"),
        "messages": N_("messages to heads and administrators: %(count)s"),
        "algorithms": N_("messages about ends of algorithms: %(count)s"),
    },
    "revocation": {
        "new": N_("newer lists and answers: %(count)s"),
        "unchanged": N_("nothing newer published: %(count)s"),
        "failed": N_("addresses that gave nothing usable: %(count)s"),
        "unlisted": N_("no host may be asked (TRINHKY_FETCH_HOSTS): nothing was fetched"),
        "revoked": N_("certificates found revoked: %(count)s"),
        "told": N_("messages written: %(count)s"),
    },
    "monthly_reports": {
        "drafted": N_("reports drafted: %(count)s"),
        "refused": N_("could not be drafted: %(count)s"),
    },
    "freeze": {
        "closed": N_("months closed: %(count)s"),
        "things": N_("things in their lists: %(count)s"),
        "overtaken": N_("settled otherwise: %(count)s"),
    },
    "recount": {
        "months": N_("closed months counted again: %(count)s"),
        "adjustments": N_("adjustments: %(count)s"),
        "drifts": N_("differences that nothing explains: %(count)s"),
        "new_drifts": N_("of them new: %(count)s"),
        "later": N_("left for the next round: %(count)s"),
    },
    "housekeeping": {
        "files": N_("files that nothing names: %(count)s"),
        "acts": N_("acts of signing that ended unfinished: %(count)s"),
        "prepared": N_("prepared signatures that nobody made: %(count)s"),
        "remote_requests": N_("remote requests whose account and login are forgotten: %(count)s"),
        "tickets": N_("used-up addresses of signing programs: %(count)s"),
        "sessions": N_("ended logins: %(count)s"),
        "invitations": N_("used-up links: %(count)s"),
        "devices": N_("devices where nobody logged in any more: %(count)s"),
        "login_delays": N_("waits after wrong passwords: %(count)s"),
        "askings": N_("used-up asking limits: %(count)s"),
        "marks": N_("marks of deleted files: %(count)s"),
        "runs": N_("old lines of this list: %(count)s"),
        "dry_lists": N_("old lists of dry runs: %(count)s"),
        "obstacles": N_("obstacles of signing whose key and device are forgotten: %(count)s"),
        "bulk_runs": N_("old acts on many: %(count)s"),
        "device_days": N_("old days of logins on devices: %(count)s"),
        "messages": N_("old messages: %(count)s"),
        "looks": N_("old looks at documents: %(count)s"),
        "number_looks": N_("old looks at personal numbers: %(count)s"),
    },
}

NOTHING = N_("nothing to do")

TOLD_OF: dict[str, str] = {
    Kind.UNSIGNED_REPORT: N_("the unit's morning report"),
    Kind.DIGEST: N_("the morning summary of what waits"),
    Kind.EXPLANATION_DEMANDED: N_("an explanation that is demanded"),
    Kind.NUMBER_HELD: N_("a held number whose time is up"),
    Kind.ESCALATED: N_("overdue documents that stay where they are"),
    Kind.EXPLANATION_CHASED: N_("explanations that are still owed"),
    Kind.CERTIFICATE_ENDS: N_("a certificate that ends"),
    Kind.CERTIFICATE_NONE: N_("a certificate that is lacking"),
    Kind.CERTIFICATE_REVOKED: N_("a certificate that is revoked"),
    Kind.CERTIFICATES_TODAY: N_("the agency's certificates"),
    Kind.ALGORITHM_ENDS: N_("an algorithm that ends"),
}
"""What messages of jobs that can be tried tell of."""
