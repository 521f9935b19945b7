"""26 payloads that would run as script where words were not escaped, each in every place that shows words from outside."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rag.conversations.records import Turn
from rag.conversations.storage import History
from rag.schema import Answer, Article, Citation, Dropped, Hit, Passage, Section, Statement, Trace

pytestmark = [
    pytest.mark.browser,
    # A thread of Gradio's queue uses what a newer pandas has deprecated.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

RUN = "window.ran=(window.ran||0)+1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"'><img src=x onerror='{RUN}'>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f'<iframe srcdoc="<script>parent.{RUN.replace("window.", "parent.window.", 1)}</script>"></iframe>',
    f'<iframe src="javascript:parent.{RUN}"></iframe>',
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}></select>",
    f"<textarea autofocus onfocus={RUN}></textarea>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<object data=x onerror={RUN}></object>",
    f"<style>@keyframes a{{}}</style><b style='animation:a 1s' onanimationstart={RUN}>x</b>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"</p></div></section><img src=x onerror={RUN}>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"${{{RUN}}}",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"` + ({RUN}) + `",
    f"javascript:{RUN}",
)
# Attributes that would act, links that would run, and elements that no words of ours make.
ALIVE = """() => [...document.querySelectorAll('#cd-desk *')].filter((one) =>
    [...one.attributes].some(({ name, value }) => name.startsWith('on') || /^\\s*javascript:/i.test(value) && ['href', 'src', 'data'].includes(name))
    || one.matches('.cd-turns :is(img, svg, script, iframe, object, style, video, audio, math, form), #cd-panel :is(img, svg, script, iframe, object, style, video, audio, math, form)')
).map((one) => one.outerHTML.slice(0, 200))"""


def article(number: int, payload: str) -> Article:
    return Article(
        id=f"hostile{number:02}",
        title=payload,
        text=payload,
        source=f"x/{payload}",
        outlet=payload,
        author=payload,
        published=date(2024, 1, 1),
        address=payload,
        sections=(Section(0, len(payload), "body"),),
        notes=(payload,),
    )


def answered(one: Article) -> Turn:
    """A turn in which every field is the payload."""
    words = one.text
    citation = Citation(
        1, one.id, words, words, one.published, words, "body", 0, len(words), words, author=words, address=words
    )
    passage = Passage(one.id, 0, len(words), words, "body", ((0, len(words)),))
    hit = Hit(passage, 1, 0.5, words, words, one.published, words, dense=0.4, keyword=1.0)
    answer = Answer(
        question=words,
        asked=f"{words} asked",
        status="partly",
        short=words,
        statements=(Statement(words, (citation,), 1.0, label=words),),
        reason=words,
        suggestion=words,
        confidence=0.9,
        nearest=(hit,),
        trace=Trace(dropped=(Dropped(words, words),), notes=(words,)),
        made_by={words: words},
    )
    return Turn(words, answer=answer, only=words)


@pytest.fixture
def hostile(fake_corpus: Any, history: History) -> list[Article]:
    articles = [article(number, payload) for number, payload in enumerate(PAYLOADS)]
    fake_corpus.kept = {one.id: one for one in articles}
    turns = tuple(answered(one) for one in articles)
    for number, turn in enumerate(turns):
        history.keep(f"named{number:02}", (Turn(turn.question, error=turn.question),))
        history.rename(f"named{number:02}", turn.question)
        history.pin(f"note{number:02}", turn)
    history.keep("all-of-them", turns)
    history.rename("all-of-them", "All of them")
    return articles


def test_no_payload_runs_wherever_it_stands(page: Page, kept: Any, hostile: list[Article]) -> None:
    assert len(set(PAYLOADS)) == 26

    def ran() -> list[Any]:
        return [page.evaluate("window.ran ?? 0"), page.evaluate(ALIVE)]

    found = {}
    kept.visit(page)
    expect(page.locator(".cd-library li")).to_have_count(26)  # title, outlet, file, what is lost
    expect(page.locator("#cd-shelf .cd-title")).to_have_count(27)  # names of conversations
    found["lists"] = ran()
    page.get_by_role("button", name="All of them", exact=True).click()
    expect(page.locator(".cd-turn")).to_have_count(26)  # questions, answers, footnotes, passages, how it was made
    for details in page.locator(".cd-making summary").all():
        details.click()
    found["conversation"] = ran()
    for number in range(26):
        page.locator(".cd-marker").nth(number).click()
        expect(page.locator("#cd-panel mark")).to_have_text(PAYLOADS[number])
        found[f"article {number}"] = ran()
    page.locator(".cd-notes").click()
    expect(page.locator(".cd-noted h3").nth(25)).to_be_visible()
    found["notes"] = ran()
    files = [
        {"name": f"{payload.replace('/', '')}.txt", "mimeType": "text/plain", "buffer": b" "} for payload in PAYLOADS
    ]
    page.locator("#cd-add input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    expect(page.locator("#cd-report [role=status] > p")).to_have_text("26 failed")
    found["file names"] = ran()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".cd-welcome")).to_be_visible()
    for payload in (PAYLOADS[1], PAYLOADS[22]):
        kept.ask(page, payload)
    found["asked"] = ran()
    page.wait_for_timeout(500)
    found["later"] = ran()
    assert {place: what for place, what in found.items() if what != [0, []]} == {}
    assert page.title() == "Citedesk"


def test_the_payloads_run_where_words_are_not_escaped(page: Page, kept: Any) -> None:
    kept.visit(page)
    plain = page.context.new_page()
    plain.goto("about:blank")
    for payload in PAYLOADS:
        plain.evaluate("(words) => document.body.insertAdjacentHTML('beforeend', `<div>${words}</div>`)", payload)
    plain.wait_for_function("() => window.ran >= 10")
    plain.close()
