"""What a reader's browser does with the website."""

import re
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe

from .conftest import ROOT, SITE

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
# Another colour scheme changes nothing else.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
MAXIMAL_WEIGHT = 1.5e6


def weight(visit):
    """Return the bytes of all files of a page, pictures that load late included."""
    images = visit.page.eval_on_selector_all("img", "all => all.map(image => image.src)")
    urls = {url.partition("?")[0].partition("#")[0] for url in [*visit.requests, *images]}
    paths = {unquote(urlsplit(url).path) for url in urls if url.startswith("file:")}
    return sum((SITE / path.removeprefix(f"{SITE}/")).stat().st_size for path in paths)


def findings(page, options):
    """Return rule, HTML and advice of each finding of axe."""
    # Axe may not fetch style sheets from a folder.
    found = Axe().run(page, options={**options, "preload": False}).response["violations"]
    return [
        (finding["id"], node["html"][:200], node["failureSummary"][:300])
        for finding in found
        for node in finding["nodes"]
    ]


def test_page_asks_nobody_has_no_errors_and_is_accessible(visit, any_page):
    visited = visit(any_page, color_scheme="light", reduced_motion="reduce")
    page = visited.page
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    assert findings(page, WCAG) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert findings(page, CONTRAST) == []
    outside = [url for url in visited.requests if not url.startswith(("file:", "data:"))]
    assert outside == []
    assert visited.errors == []
    assert weight(visited) <= MAXIMAL_WEIGHT


def test_page_fits_on_a_phone(visit, any_page):
    page = visit(any_page, viewport={"width": 390, "height": 844}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_each_fold_opens_with_the_keyboard(visit, any_page):
    page = visit(any_page).page
    for summary in page.query_selector_all("article summary"):
        summary.evaluate(
            "s => { for (let d = s.parentElement; d; d = d.parentElement)"
            " if (d.tagName === 'DETAILS' && d !== s.parentElement) d.open = true }"
        )
        summary.focus()
        page.keyboard.press("Enter")
        assert summary.evaluate("s => s.parentElement.open"), summary.inner_text()


def test_each_quiz_answers(visit, any_page):
    page = visit(any_page).page
    for quiz in page.query_selector_all(".quiz"):
        letters = quiz.eval_on_selector_all(
            "[data-letter]", "all => all.map(item => [item.dataset.letter, item.dataset.right])"
        )
        check = quiz.query_selector(".quiz-check")

        def result(quiz=quiz):
            return quiz.query_selector("[role=status]").inner_text()

        check.click()
        assert result() == "Choose an answer first."
        wrong = next(letter for letter, right in letters if right == "no")
        chosen = quiz.query_selector(f"input[value={wrong}]")
        chosen.focus()
        page.keyboard.press("Space")
        check.click()
        assert result().startswith("Not right yet.") and f"{wrong} is wrong." in result()
        if chosen.get_attribute("type") == "checkbox":
            chosen.uncheck()
        for letter in (letter for letter, right in letters if right == "yes"):
            quiz.query_selector(f"input[value={letter}]").check()
        check.focus()
        page.keyboard.press("Enter")
        assert result().startswith("Right.") and "is wrong" not in result()


def test_search_finds_a_term_of_each_episode(visit, episode):
    source = (ROOT / "episodes" / f"{episode}.md").read_text(encoding="utf-8")
    term = re.search(r"\{term\}`([^`<]+)", source)[1].strip()
    page = visit(f"search.html?q={term}").page
    page.wait_for_selector(f"#search-results li a[href*='episodes/{episode}.html']")


def test_definition_pops_up_for_mouse_and_keyboard(visit, episode):
    page = visit(f"episodes/{episode}.html").page
    link = page.query_selector("a:has(> .std-term)")
    definition = page.query_selector(f"#{link.get_attribute('aria-describedby')}")
    link.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    for reach in (link.hover, link.focus):
        assert not definition.is_visible()
        reach()
        definition.wait_for_element_state("visible")
        assert definition.inner_text().strip()
        page.keyboard.press("Escape")
        definition.wait_for_element_state("hidden")


def test_code_can_be_copied_and_outputs_are_not(visit, episode):
    page = visit(f"episodes/{episode}.html").page
    buttons = page.query_selector_all("button.copybtn")
    assert len(buttons) >= len(page.query_selector_all(".cell_input"))
    assert page.query_selector(".cell_output button.copybtn") is None


def test_paper_shows_the_text_alone(visit, episode):
    page = visit(f"episodes/{episode}.html").page
    page.emulate_media(media="print")
    shown = {
        name: page.locator(name).first.is_visible()
        for name in (".bd-sidebar-primary", ".view-switch", "details.fold", "article p")
    }
    assert shown == {
        ".bd-sidebar-primary": False,
        ".view-switch": False,
        "details.fold": False,
        "article p": True,
    }


def test_switch_leads_to_the_same_page_of_the_other_view_and_back(visit, episode):
    page = visit(f"episodes/{episode}.html").page
    page.click(".view-switch")
    assert page.url.endswith(f"/instructor/episodes/{episode}.html")
    page.click(".view-switch")
    assert page.url == f"{SITE.as_uri()}/episodes/{episode}.html"
