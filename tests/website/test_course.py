"""The website of the course itself."""

import base64
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from dl_lesson.authoring.source.episode import (
    MARKDOWN,
    CodeCell,
    Directive,
    Text,
    parse_episode,
    replace_roles,
    walk,
)
from dl_lesson.authoring.website.outputs import joined_streams, printed
from dl_lesson.authoring.website.site import build_site
from dl_lesson.course.files import Project, named_files

from .page_checks import (
    dead_links,
    incomplete_tags,
    loads_from_outside,
    read_pages,
    repeated_ids,
)

ROOT = Path(__file__).parents[2]
EPISODES = list(named_files(ROOT / "episodes", "[0-9][0-9]-*.md").values())


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    for part in ("episodes", "notebooks", "site"):
        (folder / part).symlink_to(ROOT / part)
    return read_pages(folder / build_site(Project(folder)).parent)


def test_nothing_is_loaded_from_elsewhere_and_no_link_is_dead(pages):
    assert [address for page in pages.values() for address in loads_from_outside(page)] == []
    assert dead_links(pages) == []


def test_ids_are_unique_and_pictures_are_described(pages):
    assert {path.name for path, page in pages.items() if repeated_ids(page)} == set()
    assert [i["src"] for page in pages.values() for i in page("img") if not i.get("alt")] == []


def test_pictures_have_a_size_headers_a_scope_and_lists_entries(pages):
    assert {
        path.name: found for path, page in pages.items() if (found := incomplete_tags(page))
    } == {}


def test_no_file_lies_there_twice(pages):
    views = [path.parent for path in pages if path.name == "index.html"]
    instructor = max(views, key=lambda path: len(path.parts))
    assert not (instructor / "_images").exists() and not (instructor / "_static").exists()


def test_no_two_pages_of_a_view_have_one_title_and_none_says_it_twice(pages):
    titles = [page.title.get_text() for page in pages.values()]
    assert [
        title for title in titles if len(set(title.split(" — "))) < title.count(" — ") + 1
    ] == []
    assert all(titles.count(title) <= 2 for title in titles)


@pytest.fixture(scope="module", params=EPISODES, ids=lambda path: path.stem)
def shown(request, pages):
    """An episode, its committed notebook, and its page in both views."""
    path = request.param.relative_to(ROOT)
    notebook = nbformat.read(
        ROOT / "notebooks" / path.relative_to("episodes").with_suffix(".ipynb"), 4
    )
    (learner, _), (instructor, _) = found = sorted(
        ((file, page) for file, page in pages.items() if file.stem == path.stem),
        key=lambda item: len(item[0].parts),
    )
    assert instructor != learner
    return parse_episode(request.param), notebook, dict(found)


def test_each_cell_shows_its_own_code_and_outputs(shown):
    _, notebook, pages = shown
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    (learner, learners_page), (instructor, instructors_page) = pages.items()
    check(code, instructor, instructors_page)
    learners = [
        c
        for c in code
        if "check" not in c.metadata.get("tags", ()) or "solution" in c.metadata.tags
    ]
    check(learners, learner, learners_page)


def check(code, path, page):
    cells = page.article.select(".cell")
    assert len(cells) == len(code)
    for cell, box in zip(code, cells, strict=True):
        assert box.select_one(".cell_input pre").get_text().strip("\n") == cell.source.strip("\n")
        outputs = joined_streams(cell)
        places = box.select(".cell_output > .output")
        assert len(places) == len(outputs), cell.id
        for output, place in zip(outputs, places, strict=True):
            data = output.get("data", {})
            if "image/png" in data:
                assert is_same_picture(data["image/png"], path.parent / place.img["src"]), cell.id
            elif place.pre:
                text = output.get("text") or data.get("text/plain") or "\n".join(output.traceback)
                assert place.pre.get_text().strip() == printed(text).strip(), cell.id
            else:
                html = data.get("text/html") or MARKDOWN.render(data["text/markdown"])
                expected = BeautifulSoup(html, "html.parser")
                for style in expected("style"):
                    style.decompose()
                assert words(place.get_text(" ")) == words(expected.get_text(" ")), cell.id


def is_same_picture(png, path):
    before = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    after = Image.open(path).convert("RGB")
    return before.size == after.size and (
        np.abs(np.asarray(before, float) - np.asarray(after, float)).mean() < 5
    )


def test_each_solution_stands_on_the_page_with_all_its_words(shown):
    episode, _, pages = shown
    solutions = [
        n for n, _ in walk(episode.nodes) if isinstance(n, Directive) and n.name == "solution"
    ]
    quizzes = [n for n, _ in walk(episode.nodes) if isinstance(n, Directive) and n.name == "quiz"]
    for page in pages.values():
        folds = page.article.select("details.solution")
        assert len(folds) == len(solutions)
        assert len(page.article.select(".quiz")) == len(quizzes)
        for solution, fold in zip(solutions, folds, strict=True):
            text = words(fold.get_text(" "))
            for node, _ in walk(solution.children):
                if isinstance(node, Text):
                    assert set(words(plain(node.source))) <= set(text), solution.argument
                elif isinstance(node, CodeCell):
                    assert set(words(node.source)) <= set(text), solution.argument


def plain(source):
    """Return the text of Markdown, without formulas and without what other files decide."""
    source = replace_roles(source, lambda role: role.text or role.target * (role.name == "term"))
    source = re.sub(r"(\${1,2})[^$]+\1", "", source)
    return BeautifulSoup(MARKDOWN.render(source), "html.parser").get_text(" ")


def words(text):
    return re.findall(r"\w+", text)
