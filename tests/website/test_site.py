import json
import zipfile
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from dl_lesson.authoring.website.site import SiteError, build_site
from dl_lesson.cli import app

from .page_checks import (
    dead_links,
    incomplete_tags,
    loads_from_outside,
    read_pages,
    repeated_ids,
)

LINES = "episodes/01-lines.html"
VIEWS = ["", "instructor/"]


@pytest.fixture(scope="session")
def pages(site):
    return read_pages(site)


def test_both_views_hold_the_same_pages_and_the_instructors_more(site, pages):
    names = {path.relative_to(site).as_posix() for path in pages}
    learner = {name for name in names if not name.startswith("instructor/")}
    instructor = {name.removeprefix("instructor/") for name in names - learner}
    assert {"index.html", "exercises.html", "key-points.html", "reference.html", LINES} <= learner
    assert instructor - learner == {"instructor/guide.html", "instructor/notes.html"}
    assert learner <= instructor


def test_nothing_is_loaded_from_elsewhere_and_no_link_is_dead(pages):
    assert [address for page in pages.values() for address in loads_from_outside(page)] == []
    assert dead_links(pages) == []


def test_ids_are_unique(pages):
    assert {
        path.name: repeated_ids(page) for path, page in pages.items() if repeated_ids(page)
    } == {}


def test_each_picture_shows_its_authors_text(page):
    texts = [image["alt"] for image in page(LINES).article.find_all("img")]
    assert texts == [
        "A straight line from the lower left to the upper right.",
        "A line that rises.",
    ]


def test_outputs_come_from_the_notebook(page):
    outputs = page(LINES).article.select(".cell_output")
    assert outputs[0].img["src"].endswith(".webp")
    assert str(outputs[1].table) == '<table><tr><th scope="col">a</th></tr></table>'
    assert [o.get_text().strip() for o in outputs[2:]] == ["✓ The slope is 2.", "three"]


def test_formatted_output_is_formatted(page):
    (text,) = page("episodes/02-curves.html").article.select(".cell_output")
    assert text.get_text().strip() == "The slope is two."
    assert text.strong.get_text() == "two"


def test_code_of_a_checkpoint_is_folded_and_its_claim_is_not(page):
    cell = page(LINES).select_one(".cell:has(.checkpoint-code)")
    assert cell.summary.get_text() == "How this is checked"
    assert "checkpoint" in cell.details.pre.get_text()
    assert cell.select_one(".cell_output").find_parent("details") is None


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("questions", "Questions"),
        ("prerequisites", "Prerequisites"),
        ("keypoints", "Key points"),
        ("challenge", "Challenge: Add one (5 minutes)#"),
        ("discussion", "Discussion: Where do you see lines? (2 minutes)#"),
        ("hint", "Hint"),
        ("solution", "Solution"),
    ],
)
def test_a_box_says_what_it_is(page, kind, heading):
    box = page(LINES).select_one(f".admonition.{kind}")
    assert box.select_one(".admonition-title").get_text() == heading


def test_optional_exercises_say_so(page):
    assert "Choose (2 minutes, optional)" in page(LINES).article.get_text()


def test_hints_and_solutions_are_folded_with_their_code(page):
    challenge = page(LINES).select_one("#challenge-add-one")
    hint, solution = challenge.find_all("details", recursive=False)
    assert not hint.has_attr("open") and not solution.has_attr("open")
    assert "slope" in solution.select_one(".cell_input").get_text()
    assert "That was slope + 1." in solution.get_text()


def test_instructor_notes_are_open_in_their_view_only(page):
    assert "plus sign." in page(f"instructor/{LINES}").select_one("div.instructor").get_text()
    assert page(LINES).select_one(".instructor") is None
    notes = page("instructor/instructor/notes.html").article.get_text()
    assert "Rooms get stuck" in notes and "None in this episode." in notes


@pytest.mark.parametrize("view", VIEWS)
def test_views_lead_to_each_other(page, view):
    def target(path):
        return page(view + path).select_one(".view-switch")["href"]

    other = "../" if view else "instructor/"
    assert target(LINES) == f"../{other}{LINES}"
    assert target("index.html") == f"{other}index.html"
    if view:
        assert target("instructor/guide.html") == "../../index.html"


@pytest.mark.parametrize("view", VIEWS)
def test_home_sums_the_minutes(page, view):
    tables = page(f"{view}index.html").find_all("table")
    texts = [
        [[cell.get_text() for cell in row.find_all("td")] for row in table.find_all("tr")[1:]]
        for table in tables
    ]
    first = [["1. Lines", "10 min", "7 min"], ["2. Curves", "55 min", "70 min"]]
    assert texts == [
        [*first, ["All", "1 h 5 min", "1 h 17 min"]],
        [["11. Planes", "10 min", "0 min"], ["All", "10 min", "0 min"]],
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_the_second_part_links_to_the_first_and_shows_its_own_figures(site, page, view):
    path = f"{view}episodes/further/11-planes.html"
    soup = page(path)
    links = {link["href"] for link in soup.article.find_all("a")}
    assert "../02-curves.html" in links
    for download in soup.select(".downloads a[download]"):
        assert ((site / path).parent / download["href"]).is_file()
    (figure,) = soup.article.select("figure img")
    assert ((site / path).parent / figure["src"]).is_file()
    steps = page(f"{view}index.html").select_one(".map > ul > li")
    assert [link.get_text() for link in steps.find_all("a")] == ["2. Curves", "11. Planes"]
    entries = [entry.get_text(strip=True) for entry in soup.select(".toctree-l1")]
    assert "11. Planes" in entries


@pytest.mark.parametrize("view", VIEWS)
def test_each_page_describes_itself_and_names_the_view_to_find(site, pages, view):
    made_by_sphinx = ("search.html", "genindex.html")
    for path, soup in pages.items():
        if path.name in made_by_sphinx:
            continue
        (description,) = soup.select("meta[name=description]")
        assert 10 < len(description["content"]) <= 157, path
        assert path.parent.joinpath(soup.select_one("link[rel=icon]")["href"]).is_file()
    canonical = pages[site / (view + LINES)].select("link[rel=canonical]")
    assert [link["href"] for link in canonical] == (
        ["../../episodes/01-lines.html"] if view else []
    )


def test_pictures_have_a_size_headers_a_scope_and_lists_entries(page, pages):
    assert {
        path.name: found for path, page in pages.items() if (found := incomplete_tags(page))
    } == {}
    drawing, plot = page(LINES).article("img")
    assert (drawing["width"], drawing["height"]) == ("20", "20")
    assert (plot["width"], plot["height"]) == ("100", "100")
    assert drawing.find_parent("a") is None


def test_no_script_but_the_options_holds_up_the_drawing_of_a_page(pages):
    for path, soup in pages.items():
        waited_for = {
            Path(script["src"].partition("?")[0]).name
            for script in soup.head.find_all("script", src=True)
            if not script.has_attr("defer")
        }
        if path.name == "search.html":
            assert "searchtools.js" in waited_for, path
        else:
            assert waited_for == {"documentation_options.js"}, path


def test_both_views_share_pictures_and_scripts(site, page):
    assert not (site / "instructor" / "_images").exists()
    assert not (site / "instructor" / "_static").exists()
    learner, instructor = (page(view + LINES).article.img["src"] for view in VIEWS)
    assert instructor == f"../{learner}"


@pytest.mark.parametrize("view", VIEWS)
def test_home_has_its_title_once_and_other_pages_the_one_of_the_website(page, view):
    name = "Introduction to deep learning"
    assert page(f"{view}index.html").title.get_text() == name
    assert page(f"{view}setup.html").title.get_text() == f"Setup — {name}"
    for path in ("index.html", "setup.html"):
        assert page(view + path).select_one(".logo__title").get_text() == name


@pytest.mark.parametrize("view", VIEWS)
def test_an_episode_offers_its_notebooks(site, project, page, view):
    article = page(view + LINES).article
    assert "Teaching: 10 min · Exercises: 7 min" in article.get_text()
    links = [link["href"] for link in article.select(".downloads a[download]")]
    learner, solutions, executed, starter = (
        (site / view / "episodes" / link).resolve() for link in links
    )
    assert executed.read_bytes() == (project.notebooks / "01-lines.ipynb").read_bytes()
    for path in (learner, starter):
        cells = [c.source.strip() for c in nbformat.read(path, 4).cells]
        assert "# Draw the line." in cells and "print(slope + 1)" not in cells
    assert "print(slope + 1)" in [c.source for c in nbformat.read(solutions, 4).cells]
    for name, folder in (
        ("learner", "learner"),
        ("notebooks", "notebooks"),
        ("starters", "starters/key"),
    ):
        members = zipfile.ZipFile(site / f"{name}.zip").namelist()
        assert {f"{folder}/01-lines.ipynb", f"{folder}/figures/line.svg"} <= set(members)


@pytest.mark.parametrize("view", VIEWS)
def test_a_value_of_the_run_stands_in_its_sentence(page, view):
    assert "Here the line has the slope 2.0, elsewhere too." in page(view + LINES).get_text()


def test_authors_checks_and_parts_are_for_instructors(page):
    learner, instructor = (page(view + LINES).article.get_text() for view in VIEWS)
    for text in ("An author's check", "Part 1a: About Lines (10 minutes of teaching)"):
        assert text in instructor and text not in learner
    assert "The slope is 2." in learner


def test_minutes_and_agendas_are_made_from_the_episodes(page):
    guide = page("instructor/instructor/guide.html").article
    minutes, agenda = guide.find_all("table")
    assert minutes.find_all("tr")[1].get_text(" ", strip=True).startswith("1a About Lines 10 ")
    assert "About Curves" in agenda.get_text() and "09:15" in agenda.get_text()


def test_each_episode_leads_to_the_page_of_mistakes(page):
    links = page(LINES).article.select(".downloads a:not([download])")
    assert [link["href"] for link in links] == ["../mistakes.html"]


def test_key_points_stand_together(page):
    boxes = page("key-points.html").select(".keypoints li")
    assert [box.get_text() for box in boxes] == [
        "A line is straight.",
        "A curve bends.",
        "A plane is flat.",
    ]


def test_exercises_stand_together_and_lead_back(site, page):
    boxes = page("exercises.html").select(".challenge, .discussion")
    assert [box.p.get_text() for box in boxes] == [
        "Challenge: Add one (5 minutes)",
        "Challenge: Choose (2 minutes, optional)",
        "Discussion: Where do you see lines? (2 minutes)",
        "Challenge: Add one (70 minutes)",
    ]
    links = [box.select_one(".box-origin a")["href"] for box in boxes]
    assert links[0] == "episodes/01-lines.html#challenge-add-one"
    assert all(box.details for box in boxes if "challenge" in box["class"])


def test_terms_lead_to_the_glossary_and_bring_their_definition(page):
    article = page(LINES)
    links = article.select("a:has(> .std-term)")
    assert {link["href"] for link in links} == {"../glossary.html#term-line"}
    definition = article.select_one("#definition-term-line")
    assert definition["popover"] == "manual" and definition["role"] == "tooltip"
    assert definition.get_text().startswith("A straight thing: ")
    assert definition.math and not definition.a


def test_reference_shows_docstrings(page):
    text = page("reference.html").article.get_text()
    assert "create_nn(" in text and "Build a fully connected neural network" in text
    assert "Parameters:" in text and "hidden" in text


def test_mathematics_is_mathml(pages):
    article = next(page for path, page in pages.items() if path.name == "01-lines.html").article
    assert len(article.find_all("math", display="block")) == 1
    assert article.find("annotation").get_text() == "y = a_1 x"


def test_search_finds_text_but_nothing_twice(site):
    text = (site / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text[text.index("(") + 1 : text.rindex(")")])
    # One page is written as a number, several as a list.
    assert index["terms"]["rise"] == index["docnames"].index("episodes/01-lines")


def test_quiz_can_be_read_without_a_script(page):
    one, several = page(LINES).select("#challenge-choose .quiz")
    assert [i["type"] for i in one.find_all("input")] == ["radio", "radio"]
    assert [i["type"] for i in several.find_all("input")] == ["checkbox"] * 3
    assert len({i["name"] for i in one.find_all("input")}) == 1
    labels = [label.get_text().strip() for label in one.find_all("label")]
    assert labels == ["A. 2", "B. 3"]
    assert all(label.input for label in one.find_all("label"))
    question = page(LINES).find(id=one["aria-labelledby"])
    assert question.get_text().startswith("What is")
    answers = [item.get_text(" ", strip=True) for item in one.details.find_all("li")]
    assert answers[0] == "A is wrong. You forgot a one."
    assert [item["data-right"] for item in several.details.find_all("li")] == ["yes", "no", "yes"]


def test_a_notebook_that_is_out_of_date_stops_the_command(copy, edit, monkeypatch):
    edit("episodes/02-curves.md", "Bend it,", "Bend it twice,")
    monkeypatch.chdir(copy.root)
    result = CliRunner().invoke(app, ["site"])
    assert result.exit_code == 1
    assert result.stderr == (
        "notebooks/02-curves.ipynb differs from its episode; run: dl-lesson build 02-curves\n"
    )


def test_missing_objectives_and_key_points_stop_the_build(copy, edit):
    edit("episodes/01-lines.md", "{objectives}\n- Draw a line.\n", "{callout} Aim\nDraw.\n")
    edit("episodes/02-curves.md", ":::{keypoints}\n- A curve bends.\n:::\n", "")
    with pytest.raises(SiteError) as error:
        build_site(copy)
    assert str(error.value).splitlines() == [
        "episodes/01-lines.md:1: The directive objectives stands 0 times; it must stand once.",
        "episodes/02-curves.md:1: The directive keypoints stands 0 times; it must stand once.",
    ]


def test_what_sphinx_finds_is_said_with_file_and_line_and_the_old_site_stays(copy, edit, capfd):
    from .conftest import write_notebook

    edit(
        "episodes/02-curves.md",
        "## Draw a curve",
        "## Draw a curve\n\n{term}`Angles <angle>`, $\\nosuch$.",
    )
    edit("site/pages/setup.md", "Type `make`.", "Go [there](nowhere.md) or [here](#nothing).")
    write_notebook(copy, "02-curves")
    before = {path: path.read_bytes() for path in copy.build.rglob("*") if path.is_file()}
    with pytest.raises(SiteError) as error:
        build_site(copy)
    lines = sorted(str(error.value).splitlines())
    starts = [line.partition(": ")[0] for line in lines]
    line = (copy.episodes / "02-curves.md").read_text("utf-8").splitlines().index("## Draw a curve")
    assert starts == [f"episodes/02-curves.md:{line + 3}"] * 2 + ["site/pages/setup.md:3"] * 2
    assert "\\nosuch" in lines[0] and "angle" in lines[1]
    after = {path: path.read_bytes() for path in copy.build.rglob("*") if path.is_file()}
    assert after == before
