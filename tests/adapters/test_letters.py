"""The HTML part of a mail: links of ours only, everything else as text."""

from __future__ import annotations

from workflow.adapters.channels.letter import page

HOME = "https://vb.example.gov.vn"
TEXT = f"""Mở đầu
- A & B
  {HOME}/outgoing/5?x=1&y=2
- Không dẫn đi đâu
- Của người khác
  https://evil.example/outgoing/5
  {HOME}.evil.example/outgoing/5"""


def test_each_line_opens_its_item_and_a_foreign_address_is_only_text() -> None:
    """Issue 6.3: links that open the item; words that people wrote become no link."""
    shown = page(subject="Việc chờ <b>", text=TEXT, link=f"{HOME}/desk", language="en")
    assert f'<li><a style="color:#0a4fa3" href="{HOME}/outgoing/5?x=1&amp;y=2">A &amp; B</a></li>' in shown
    assert "<li>Không dẫn đi đâu</li>" in shown
    assert shown.count("<a ") == 2
    assert 'href="https://evil' not in shown
    assert f'href="{HOME}.evil' not in shown
    assert ("https://evil.example/outgoing/5" in shown, "Việc chờ &lt;b&gt;" in shown) == (True, True)
    assert ('lang="en"' in shown, "Open in Trình Ký" in shown) == (True, True)


def test_without_a_link_nothing_is_one() -> None:
    """Nothing says then which address is ours."""
    assert "<a " not in page(subject="x", text=TEXT, link="", language="vi")
