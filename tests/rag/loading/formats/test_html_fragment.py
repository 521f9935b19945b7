"""Pieces of HTML in records and letters: a line for each paragraph, and no word lost or torn off."""

from __future__ import annotations

import time

import pytest

from rag.loading.formats.html_fragment import text_of_fragment

LONG = "The harbour closed on Monday after the storm, said the mayor, who had spoken with both crews. " * 9


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("The <b>harbour</b> is <a href='x'>closed</a> &amp; dry.", "The harbour is closed & dry."),
        ("<p>The <b>harbour</b>\nclosed.<br>It <em>may</em> open.</p>", "The harbour closed.\nIt may open."),
        (f"<p>{LONG}</p><div>In <i>May</i>.</div>", f"{LONG.strip()}\nIn May."),
        ("Bare.<p>One <b>two</b>.</p>tail<!-- x --> too", "Bare.\nOne two.\ntail too"),
        ("<ul><li>One</li><li>\n<p>Two</p></li></ul>", "- One\n- Two"),
        ("<table><tr><td>Alma</td><td>4<b>20</b></td></tr><tr><td><p>x</p></td></tr></table>", "Alma | 420\nx"),
        ("One\nline.\n\nAnother <b>one</b>.", "One\nline.\n\nAnother one."),
        ("<pre>a\nb</pre>", "a\nb"),
        ("<html><head><style>p{}</style></head><body><p>Dear all</p></body></html>", "Dear all"),
        ("<p>Seen</p><div style='display: none'>Unseen</div><script>x()</script> too", "Seen\ntoo"),
        ("One.<script>x()</script>\n\nTwo.<span style='display:none'>x</span>", "One.\n\nTwo."),
        ("har&#x200B;bour\x01", "harbour"),
        ("", ""),
    ],
)
def test_each_paragraph_is_a_line(markup: str, expected: str) -> None:
    assert text_of_fragment(markup) == expected


@pytest.mark.parametrize("pattern", ["<div>", "<b>", "<p>a</p>", "<li>", "- \n", " \n"])
def test_time_is_in_proportion_to_length(pattern: str) -> None:
    started = time.process_time()
    text_of_fragment("<p>" + pattern * (300_000 // len(pattern)))
    assert time.process_time() - started < 5.0
