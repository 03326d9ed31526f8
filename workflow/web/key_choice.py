"""With which keys the chosen documents can be signed, here and now: one card for each way of signing.

Each says, before anything is clicked, whether this device can do it, how often it asks, how long its certificates
last, and which documents it leaves out and why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import request

from workflow.domain.errors import Refused
from workflow.domain.key_holders import CAPABILITIES, WAYS, Control, KeyHolder, believed
from workflow.domain.key_minimums import BELOW
from workflow.store.models import Certificate
from workflow.web import format
from workflow.web.context import current
from workflow.web.devices import Device, device_of
from workflow.web.errors import explain
from workflow.web.i18n import N_, _
from workflow.web.navigation import page_exists
from workflow.web.preflight import Checked
from workflow.web.remote_keys import configured, holder_of
from workflow.web.verdict_words import control_word
from workflow.web.views.desk import days_left

COOKIE = "trinhky_key_"
"""And the person's number: by which way they signed last on this device. It opens nothing."""

TITLES = {
    KeyHolder.SERVER_SEAL: N_("Key on the server"),
    KeyHolder.BROWSER_FILE: N_("Key file"),
    KeyHolder.TOKEN_AGENT: N_("USB key, through the program on this computer"),
    KeyHolder.TOKEN_PAGE: N_("USB key, in this browser"),
    KeyHolder.MOBILE_PKI: N_("SIM PKI"),
    KeyHolder.REMOTE_CSC: N_("Remote signing"),
    KeyHolder.REMOTE_REST: N_("Remote signing"),
    KeyHolder.UPLOADED: N_("Another program"),
}
"""What people choose by; the likeliest first."""

USB_ON_PHONE = N_("A USB key cannot sign on a phone: sign with SIM PKI or remotely, or leave it for the computer.")
FILES_ON_PHONE = N_("Signing with another program is not possible on a phone: leave it for the computer.")

CANNOT = {
    KeyHolder.TOKEN_AGENT: USB_ON_PHONE,
    KeyHolder.TOKEN_PAGE: USB_ON_PHONE,
    KeyHolder.UPLOADED: FILES_ON_PHONE,
}
"""Why a way is of no use where nothing can be plugged in."""

HERE = (KeyHolder.BROWSER_FILE, KeyHolder.TOKEN_PAGE, KeyHolder.SERVER_SEAL)
"""Ways that sign on the signing page itself."""

PAGES = {
    KeyHolder.TOKEN_AGENT: "agent",
    KeyHolder.UPLOADED: "elsewhere",
    KeyHolder.MOBILE_PKI: "remote",
    KeyHolder.REMOTE_CSC: "remote",
    KeyHolder.REMOTE_REST: "remote",
}
"""The last part of the address of the pages of all other ways."""

OWN_CARD = (KeyHolder.MOBILE_PKI, KeyHolder.REMOTE_CSC, KeyHolder.REMOTE_REST)
"""Ways whose certificate is named before they begin: each has a card. Elsewhere the key that is used decides."""


def ways_offered(purpose: str, *, server_seal: bool) -> frozenset[KeyHolder]:
    """What this installation has for a purpose: a way whose page does not exist, or whose program is not set up, is
    not shown. `server_seal`: whether the agency's head allowed the key on the server and there is one."""
    with_page = {way for way, name in PAGES.items() if page_exists(f"/sign/{purpose}/{name}")}
    if not current().settings.agent_url:
        with_page.discard(KeyHolder.TOKEN_AGENT)
    own = {KeyHolder.BROWSER_FILE, KeyHolder.TOKEN_PAGE} | ({KeyHolder.SERVER_SEAL} if server_seal else set())
    return frozenset(own | with_page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One way to choose, and what it does with the chosen documents. `ready`: those that it signs; `left`: those
    that it leaves out, each with why. `why_not`: why this device cannot do it; empty where it can."""

    way: KeyHolder
    certificates: tuple[Certificate, ...]
    control: Control
    ready: tuple[Checked, ...]
    left: tuple[tuple[Checked, str], ...]
    why_not: str
    address: str

    @property
    def name(self) -> str:
        """What its parts in the page are called."""
        own = f"-{self.certificates[0].id}" if self.way in OWN_CARD else ""
        return f"{self.way}{own}"

    @property
    def title(self) -> str:
        """What people choose by."""
        return _(TITLES[self.way])

    @property
    def files(self) -> int:
        """Files that are signed."""
        return sum(len(one.entries) for one in self.ready)

    @property
    def asks(self) -> str:
        """How often the owner is asked, and for what."""
        return asks_words(self.way, self.files)

    @property
    def left_by_reason(self) -> list[tuple[str, list[Checked]]]:
        """What is left out, together where the reason is the same."""
        reasons = dict.fromkeys(why for _one, why in self.left)
        return [(why, [one for one, other in self.left if other == why]) for why in reasons]

    @property
    def elsewhere(self) -> str:
        """Why this way is of no use on a phone, for whatever device the page turns out to be on."""
        return _(CANNOT[self.way]) if self.needs_computer else ""

    @property
    def needs_computer(self) -> bool:
        """Whether it works only where something can be plugged in."""
        return not CAPABILITIES[self.way].phone


ASKS = {
    KeyHolder.BROWSER_FILE: (N_("One password for the document"), N_("One password for all %(n)s files")),
    KeyHolder.TOKEN_AGENT: (N_("One PIN"), N_("%(n)s PINs, one for each file")),
    KeyHolder.TOKEN_PAGE: (N_("One PIN"), N_("%(n)s PINs, one for each file")),
    KeyHolder.UPLOADED: (
        N_("One file to download, sign there and bring back"),
        N_("%(n)s files to download, sign there and bring back"),
    ),
    KeyHolder.SERVER_SEAL: (N_("Neither key file nor password"), N_("Neither key file nor password")),
}
"""What is asked for one file, and for several."""

BY_TELEPHONE = (
    N_("One confirmation on the telephone"),
    N_("One confirmation on the telephone for all %(n)s files"),
)


def asks_words(way: KeyHolder, files: int) -> str:
    """`12 PINs, one for each file`: told before the first one is asked for."""
    one, many = ASKS.get(way, BY_TELEPHONE)
    return _(one) if files == 1 else _(many, n=format.number(files))


def cards(
    ready: Sequence[Checked], certificates: Sequence[Certificate], *, purpose: str, offered: Collection[KeyHolder],
    device: Device, remembered: str = "",
) -> list[Card]:  # fmt: skip
    """Every way that these certificates (the longest-lasting first) and this installation allow: the one to choose
    first comes first, what this device cannot do last."""
    made = [
        _card(way, own, ready, purpose=purpose, device=device)
        for way, own in _by_way(certificates, offered)
    ]  # fmt: skip
    order = list(TITLES)

    def likely(card: Card) -> tuple[bool, bool, int, int]:
        return (bool(card.why_not), str(card.way) != remembered, len(card.left), order.index(card.way))

    return sorted(made, key=likely)


def _by_way(
    certificates: Sequence[Certificate], offered: Collection[KeyHolder]
) -> Iterable[tuple[KeyHolder, tuple[Certificate, ...]]]:
    for way in TITLES:
        if way not in offered:
            continue
        own = tuple(one for one in certificates if way in WAYS[KeyHolder(one.holder)])
        if way is KeyHolder.SERVER_SEAL:
            yield way, ()
        elif way in OWN_CARD:
            yield from ((way, (one,)) for one in own)
        elif own:
            yield way, own


def _card(
    way: KeyHolder, own: tuple[Certificate, ...], ready: Sequence[Checked], *, purpose: str, device: Device
) -> Card:
    can = CAPABILITIES[way]
    control = _control(way, own)
    taken: list[Checked] = []
    left: list[tuple[Checked, str]] = []
    files = 0
    for one in ready:
        if control < one.minimum:
            left.append((one, too_weak(one.minimum)))
        elif files + len(one.entries) > can.batch:
            left.append((one, _("This key signs at most %(n)s files at once: it waits for the next time.",
                               n=format.number(can.batch))))  # fmt: skip
        else:
            taken.append(one)
            files += len(one.entries)
    works = can.phone if device is Device.PHONE else can.computer
    return Card(
        way=way, certificates=own, control=control, ready=tuple(taken), left=tuple(left),
        why_not="" if works else _(CANNOT.get(way, USB_ON_PHONE)),
        address=_address(way, own, taken, purpose),
    )  # fmt: skip


def _control(way: KeyHolder, own: tuple[Certificate, ...]) -> Control:
    """As the table has it, or better where the enrolment of the only key of a card says so."""
    said = own[0].held.get("control") if way in OWN_CARD else None
    told = Control(said) if isinstance(said, int) and said in set(Control) else None
    least = (believed(way, lies=one.holder, proof=one.proof, told=told) for one in own)
    return min(least, default=CAPABILITIES[way].control)


def too_weak(minimum: int) -> str:
    """Why a document is left out that asks for a better controlled key, and which would do."""
    trouble = explain(Refused(BELOW[Control(minimum)]))
    return f"{trouble.title} {trouble.next}"


def _address(way: KeyHolder, own: tuple[Certificate, ...], taken: Sequence[Checked], purpose: str) -> str:
    if way in HERE or not taken:
        return ""
    asked: dict[str, Any] = {"documents": [one.id for one in taken], "certificate": own[0].id}
    if purpose == "number" and request.args.get("then") == "seal":
        asked["then"] = "seal"
    return f"/sign/{purpose}/{PAGES[way]}?{urlencode(asked, doseq=True)}"


def out_of_reach(ready: Sequence[Checked], made: Sequence[Card]) -> dict[int, str]:
    """Documents that no way of this person signs because their keys are controlled too little: each with why."""
    best = max((card.control for card in made), default=None)
    if best is None:
        return {}
    return {one.id: too_weak(one.minimum) for one in ready if best < one.minimum}


def page_values(
    ready: Sequence[Checked], certificates: Sequence[Certificate], *, purpose: str, server_seal: bool,
    after: Callable[[list[Checked]], str], only: KeyHolder | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the template of the chooser needs. `after`: where one goes once these documents are signed; `beyond`:
    documents that none of these keys may sign, with why. `only`: the way of an act that is gone on with."""
    here = current()
    told = request.args.get("device", "")
    device = device_of(request.headers, told=told)
    remember = f"{COOKIE}{here.person.person_id}"
    known = configured()
    reached = [one for one in certificates if one.holder not in OWN_CARD or holder_of(one, known) is not None]
    offered = ways_offered(purpose, server_seal=server_seal) if only is None else frozenset({only})
    chosen_before = request.cookies.get(remember, "")

    def made_of(some: Sequence[Checked]) -> list[Card]:
        return cards(some, reached, purpose=purpose, offered=offered, device=device, remembered=chosen_before)

    made = made_of(ready)
    beyond = out_of_reach(ready, made)
    if beyond:
        made = made_of([one for one in ready if one.id not in beyond])
    as_computer = {"documents": [one.id for one in ready], "device": str(Device.COMPUTER)}
    return {
        "cards": made,
        "beyond": beyond,
        "chosen": next((card.name for card in made if card.ready and not card.why_not), ""),
        "documents": {card.name: _entries(card) for card in made},
        "receipts": {card.name: after(list(card.ready)) for card in made},
        "days": {one.id: days_left(one.not_after, here.now) for one in certificates},
        "remember": remember,
        "device": str(device),
        "as_told": bool(told),
        "as_computer": f"{PLACES[purpose]}?{urlencode(as_computer, doseq=True)}",
        "control_word": control_word,
    }


PLACES = {
    "leader": "/sign", "cosign": "/sign/cosign", "number": "/sign/number", "seal": "/sign/seal",
    "copy": "/sign/copy",
}  # fmt: skip
"""The signing pages."""


def _entries(card: Card) -> str:
    """What the signer in the browser needs to know of each file, as JSON."""
    return orjson.dumps([entry for one in card.ready for entry in one.entries]).decode()
