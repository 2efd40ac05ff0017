"""The website of the course itself."""

from pathlib import Path

import pytest

from dl_lesson.authoring.website.site import build_site
from dl_lesson.course.files import Project

from .page_checks import dead_links, loads_from_outside, read_pages, repeated_ids

ROOT = Path(__file__).parents[2]


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
