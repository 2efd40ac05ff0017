"""Fixtures that open the built website in Chromium, from its folder as a reader would."""

import shutil
from pathlib import Path

import pytest

from dl_lesson.authoring.website.site import build_site
from dl_lesson.course.files import Project, named_files

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "site"
INSTALL = (
    "The browser tests need Chromium and two Python packages: apt-get install chromium, "
    'pip install --editable ".[browser]".'
)


def pytest_sessionstart(session):
    """Build the website once, before its pages are listed."""
    if not shutil.which("chromium"):
        pytest.exit(INSTALL, returncode=1)
    try:
        import axe_playwright_python
        import playwright
    except ImportError:
        pytest.exit(INSTALL, returncode=1)
    assert axe_playwright_python and playwright
    build_site(Project(ROOT))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


class Visit:
    """A page, with what it asked for and what it complained about."""

    def __init__(self, browser, path, **context):
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.requests, self.errors = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{SITE.as_uri()}/{path}", wait_until="load")


@pytest.fixture
def visit(browser):
    """Open a page of the website: `visit("index.html", color_scheme="dark")`."""
    visits = []

    def open_page(path, **context):
        visits.append(Visit(browser, path, **context))
        return visits[-1]

    yield open_page
    for opened in visits:
        opened.context.close()


def pytest_generate_tests(metafunc):
    """Run a test for each page, or for each episode, of both views."""
    pages = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
    if "any_page" in metafunc.fixturenames:
        metafunc.parametrize("any_page", pages)
    if "episode" in metafunc.fixturenames:
        paths = named_files(ROOT / "episodes", "[0-9][0-9]-*.md").values()
        names = [p.relative_to(ROOT / "episodes").with_suffix("").as_posix() for p in paths]
        metafunc.parametrize("episode", names)
