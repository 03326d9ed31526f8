"""An auditor's day: the worst unit, its leader, a paper, its verdict and history, a sign, a proof bundle; then at
home, without us and without a network, both programs say the same about it, and about copies that were changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.support import audited, bundles, outside
from tests.support.audited import BAD, GOOD
from tests.support.bundles import Answer, Apart
from tests.support.live import Town
from tests.support.outside import Machine
from tests.support.seats import Seat, Seats, vi
from workflow.store.models import Journal
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

OURS = ("workflow", "signing", "schedulers", "tests", "flask", "sqlalchemy", "pyhanko", "asn1crypto", "pip")


def test_from_the_worst_unit_to_a_proof_at_home(people: Seats, town: Town, tmp_path: Path) -> None:
    """By links alone, from the front page to the bundle; then nothing of ours is within reach."""
    papers = town.papers
    what, root = audited.a_month(papers, tmp_path)
    roots = bundles.pem(tmp_path / "roots.pem", papers.keys.root.der)
    auditor = come_in(people)
    to_the_leader(auditor, what.key)
    figure = auditor.page.url
    read_the_papers(auditor)
    a_sign(auditor)
    auditor.page.goto(figure)
    taken = take(auditor, tmp_path)
    assert takers(town) == [papers.office.posts["inspector"].person_id]

    home = outside.machine(tmp_path / "home")
    assert home.reaches("cryptography", *OURS) == (["cryptography"], "no network here")
    with bundles.opened(people.browser, taken["verify_bundle.html"], roots, root) as page:

        def both(bundle: Path) -> Answer:
            answer = home.check(taken["verify_bundle.py"], bundle, roots, root)
            there = page.check(bundle)
            assert (there.status, there.tally, there.about) == (answer.status, answer.tally, answer.about)
            return answer

        found = both(taken["bundle"])
        assert (found.status, found.wrong) == (0, set())
        assert ["sign_rate_leader", "1/2 = 50.00"] in found.about
        assert (found.tally["standing"][:2], found.tally["root"]) == ([2, 0], [1, 0, 0])
        for name, change in tampered().items():
            spoilt = both(bundles.changed(taken["bundle"], tmp_path / f"{name}.zip", change))
            assert (spoilt.status, bool(spoilt.wrong)) == (1, True), name
        expect(page.tab.locator("body")).to_contain_text("SAI")
    said_in_words(home, taken, roots, root)


def come_in(people: Seats) -> Seat:
    """Through the door of the demo, to the reports by the bar at the top."""
    seat = people.stranger().go("/login")
    seat.page.get_by_role("button", name=people.town.office.names["inspector"]).click()
    seat.page.wait_for_url("**/desk")
    seat.page.get_by_role("navigation").get_by_role("link", name=vi("Reports")).first.click()
    return seat


def to_the_leader(auditor: Seat, month: str) -> None:
    """The board of last month: the worst office stands first, in it the worst unit, in that the leader; then what
    the leader's rate counts."""
    page = auditor.page
    auditor.follow("Board")
    page.select_option("#f-period", month)
    auditor.press("Show")
    worst = page.locator("table.figures tbody tr").first
    expect(worst).to_contain_text("66,67 %")
    worst.get_by_role("link", name="Ủy ban nhân dân xã Đồng Tâm").click()
    economy = page.get_by_role("row").filter(has_text="Phòng Kinh tế").first
    expect(economy).to_contain_text("50,00 %")
    economy.get_by_role("link", name="Phòng Kinh tế").click()
    auditor.wide(390)
    page.get_by_role("link", name=auditor.town.office.names["leader"]).first.click()
    auditor.reads("Board")
    rate = page.get_by_role("row").filter(has_text=vi("Leader's signature rate")).first
    expect(rate).to_contain_text("50,00 %")
    rate.get_by_role("link", name="2", exact=True).click()


def read_the_papers(auditor: Seat) -> None:
    """One signed digitally, with verdicts and who had it when; the other in ink."""
    page = auditor.page
    page.get_by_role("link", name=GOOD).click()
    expect(page.locator(".signature .status").first).to_have_text(vi("Valid"))
    names = auditor.town.office.names
    lines = page.locator("ol.history > li")
    expect(lines.first).to_contain_text(names["clerk"])
    expect(lines.filter(has_text=names["leader"])).to_contain_text(vi("Sign digitally"))
    expect(page.get_by_role("link", name=vi("Proof bundle"))).to_be_visible()
    page.go_back()
    auditor.wide(1280).page.get_by_role("link", name=BAD).click()
    auditor.reads("Signed in ink")


def a_sign(auditor: Seat) -> None:
    """The same office stands out; what its sign names is the paper in ink, with a reason and no verdict."""
    page = auditor.page
    page.get_by_role("navigation").get_by_role("link", name=vi("Reports")).first.click()
    auditor.follow("Signs of irregularity")
    office = page.get_by_role("row").filter(has_text="Ủy ban nhân dân xã Đồng Tâm")
    office.get_by_role("link", name=re.compile("^1")).click()
    auditor.wide(390).reads("This is a hint to look again, not a conclusion.")
    expect(page.locator("main")).to_contain_text(auditor.town.office.names["leader"])
    page.get_by_role("link", name=BAD).click()
    auditor.reads("Signed in ink")


def take(auditor: Seat, folder: Path) -> dict[str, Path]:
    """The bundle of the leader's rate, and both programs, as a browser keeps them."""
    auditor.wide(1280).follow("Proof bundle")
    kept = {}
    for name in ("bundle", "verify_bundle.py", "verify_bundle.html"):
        with auditor.page.expect_download() as coming:
            if name == "bundle":
                auditor.press("Take the bundle")
            else:
                auditor.page.get_by_role("link", name=name).click()
        kept[name] = folder / coming.value.suggested_filename
        coming.value.save_as(kept[name])
    return kept


def takers(town: Town) -> list[int | None]:
    """Whom the journal names for bundles."""
    with unit_of_work(town.engine) as uow:
        wanted = select(Journal.person_id).where(Journal.subject == f"bundle:{town.office.units['commune']}")
        return list(uow.session.scalars(wanted))


def tampered() -> dict[str, Callable[[Apart], object]]:
    """What somebody would like to be true: a better rate, a paper less, another file under the same signatures."""

    def better(held: Apart) -> None:
        held.manifest["figure"]["counts"]["leader_signed"] = 2

    def less(held: Apart) -> None:
        held.manifest["items"] = [one for one in held.manifest["items"] if one.get("about") != BAD]

    def other(held: Apart) -> None:
        file = next(one for item in held.manifest["items"] for one in item.get("files") or ())
        held.replace(file, held.objects[file].replace(b"%PDF-1.7", b"%PDF-1.6", 1))

    return {"better": better, "less": less, "other": other}


def said_in_words(home: Machine, taken: dict[str, Path], roots: Path, root: Path) -> None:
    """As the auditor reads it: what it is about, what was not shown, what nobody checked."""
    ran = home.run(taken["verify_bundle.py"], taken["bundle"], "--roots", roots, "--root", root)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "month: 2026-10\ncount: sign_counted" in ran.stdout
    assert "nothing wrong in what was checked" in ran.stdout
    assert "difference analysis" in ran.stdout
