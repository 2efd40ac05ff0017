"""The pages of the website that are no episodes say what is true."""

import re
import traceback
import warnings
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from dl_lesson.authoring.source.episode import Directive, parse_episode, walk
from dl_lesson.authoring.source.language import TASKS
from dl_lesson.course import check
from dl_lesson.course.files import named_files

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "site" / "pages"
EPISODES = list(named_files(ROOT / "episodes", "[0-9][0-9]-*.md").values())
GLOSSARY = re.findall(
    r"^(\w.*)\n((?:\w.*\n)*)((?:  .*\n)+)",
    (PAGES / "glossary.md").read_text(encoding="utf-8").partition("{glossary}\n")[2],
    re.M,
)
SETUP = (PAGES / "setup.md").read_text(encoding="utf-8")
MISTAKES = re.findall(
    r"```python\n(.*?)```\n\n```text\n(.*?)```",
    (PAGES / "mistakes.md").read_text(encoding="utf-8"),
    re.S,
)


@pytest.fixture(scope="module")
def names():
    """The names that the code on the page of mistakes uses."""
    import keras
    import keras_tuner
    import numpy as np
    import pandas as pd
    from sklearn.model_selection import train_test_split

    import dl_lesson

    penguins = dl_lesson.load_penguins()
    complete = penguins.dropna(subset=["bill_length_mm"])
    X = complete[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]]
    y = pd.get_dummies(complete["species"], dtype=int)
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.2, random_state=0, stratify=y
    )
    images = np.random.default_rng(0).integers(0, 256, (8, 64, 64, 3), dtype="uint8")
    images[0, 0, 0] = 0, 0, 255
    return {
        **{name: getattr(dl_lesson, name) for name in dl_lesson.__all__},
        **{"keras": keras, "keras_tuner": keras_tuner, "np": np, "pd": pd},
        **{"train_test_split": train_test_split, "penguins": penguins, "X": X, "y": y},
        **{"X_train": X_train, "X_test": X_test, "y_train": y_train, "y_test": y_test},
        **{"labels_train": y_train.to_numpy().argmax(axis=1), "images": images},
    }


def test_there_are_mistakes():
    assert len(MISTAKES) > 30


@pytest.mark.parametrize(("code", "shown"), MISTAKES)
def test_mistake_gives_what_the_page_shows(code, shown, names, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lines = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            # A GPU gives nan where a processor raises an error.
            with names["keras"].device("cpu"):
                exec(code, dict(names))  # noqa: S102
        except Exception as error:
            lines = traceback.format_exception_only(type(error), error)
            lines[0] = lines[0].removeprefix(f"{type(error).__module__}.")
    lines += [f"{warning.category.__name__}: {warning.message}" for warning in caught]
    seen = " ".join("\n".join([capsys.readouterr().out, *lines]).split())
    pieces = [" ".join(piece.split()) for piece in shown.split("…")]
    assert re.search(".*".join(map(re.escape, pieces)), seen), seen


@pytest.fixture(scope="module")
def terms():
    return [term for first, more, _ in GLOSSARY for term in (first, *more.split("\n")[:-1])]


def test_glossary_is_in_order_and_holds_each_term_once(terms):
    firsts = [first.lower() for first, _, _ in GLOSSARY]
    assert len(firsts) >= 60
    assert firsts == sorted(firsts)
    assert len({term.lower() for term in terms}) == len(terms)


@pytest.mark.parametrize("path", EPISODES, ids=lambda path: path.stem)
def test_glossary_holds_each_term_of_an_episode(path, terms):
    known = {term.lower() for term in terms}
    used = [(role.target, line) for role, line in parse_episode(path).roles if role.name == "term"]
    assert used
    assert [(term, line) for term, line in used if term.lower() not in known] == []


def test_definitions_are_short_sentences():
    for first, _, definition in GLOSSARY:
        text = " ".join(definition.split())
        assert text.endswith("."), first
        assert len(text) < 260, first


def shown(result):
    remedy = "" if result.ok else f"; {result.remedy}"
    return f"{'OK' if result.ok else 'FAIL':4}  {result.name}: {result.found}{remedy}"


def test_setup_shows_a_line_for_each_requirement():
    lines = re.findall(r"^OK    ([\w-]+): \S+ (\(required .*\))$", SETUP, re.M)
    found = list(check.check_packages())
    expected = [(r.name, re.search(r"\(required .*\)", r.found)[0]) for r in found]
    assert sorted(lines)[1:] == sorted(expected)
    assert sorted(lines)[0][0] == "Python"


@pytest.mark.parametrize(
    "result",
    [
        check.check_python("3.10.12"),
        check.check_memory(1.2e9),
        check.check_disk(0.4e9),
        check.check_package(Requirement("a-package-that-nobody-has>=0.13.2")),
    ],
    ids=lambda result: result.name,
)
def test_setup_shows_what_a_failed_check_prints(result):
    line = shown(result).replace("a-package-that-nobody-has", "seaborn")
    assert f"\n{line}\n" in SETUP


def test_setup_shows_what_a_missing_data_folder_gives(monkeypatch):
    monkeypatch.setenv("DL_LESSON_DATA", "/media/stick/course")
    lines = [shown(result) for result in check.check_data()]
    assert any(line.partition(";")[0] in SETUP for line in lines if line.startswith("FAIL"))


def test_setup_shows_what_a_near_miss_gives(tmp_path, monkeypatch):
    (tmp_path / "weather_prediction_dataset_light (1).csv").touch()
    monkeypatch.setenv("DL_LESSON_DATA", str(tmp_path))
    (line,) = [shown(result) for result in check.check_data() if result.name == "Data: weather"]
    assert line.replace(str(tmp_path), "/media/stick").partition("; run")[0] in SETUP


def test_guide_and_schedules_name_exercises_with_their_minutes():
    minutes = {
        node.argument: node.options["minutes"]
        for path in EPISODES
        for node, _ in walk(parse_episode(path).nodes)
        if isinstance(node, Directive) and node.name in TASKS
    }
    pages = [
        (PAGES / "instructor" / f"{name}.md").read_text("utf-8") for name in ("guide", "schedules")
    ]
    named = re.findall(r'"([^"]+)" \((\d+) minutes', "".join(pages))
    assert len(named) >= 4
    assert [(title, int(n)) for title, n in named if minutes.get(title) != int(n)] == []
