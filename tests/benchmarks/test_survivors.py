"""Changes of plain Python that no test notices are few, and each is explained."""

import ast
import importlib.util
import io
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def survivors():
    path = ROOT / "benchmarks" / "mutants" / "survivors.py"
    specification = importlib.util.spec_from_file_location("survivors", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def verdicts(killed, **others):
    """Return what mutmut says of one function, and of a method."""
    lines = [f"    dl_lesson.plotting.x__line__mutmut_{n}: killed" for n in range(killed)]
    lines += [
        f"    dl_lesson.training.xǁ_Progressǁend__mutmut_{n}: {verdict.replace('_', ' ')}"
        for verdict, number in others.items()
        for n in range(number)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        (verdicts(38, survived=2), 0, "38 of 40 changes were noticed; at least 90% must be.\n"),
        (verdicts(38, survived=1, timeout=1), 0, "training._Progress.end: 1 survivors, 2 in"),
        (verdicts(38, survived=3), 1, "training._Progress.end: 3 survivors, 2 in survivors.md\n"),
        (verdicts(38, survived=2, no_tests=1), 1, "ǁend__mutmut_0 (no tests)\n"),
        (verdicts(38, survived=2, not_checked=1), 1, "ǁend__mutmut_0 (not checked)\n"),
        (verdicts(17, survived=2), 1, "17 of 19 changes"),
        ("No mutants.", 1, "0 of 0 changes"),
    ],
)
def test_what_mutmut_found_is_compared_with_the_list(
    survivors, monkeypatch, tmp_path, capsys, said, status, words
):
    path = tmp_path / "survivors.md"
    path.write_text(
        "| function | survivors | reason |\n| --- | --- | --- |\n"
        "| `training._Progress.end` | 1 | one |\n| `training._Progress.end` | 1 | another |\n"
        "| `training._Progress.end` | 9 | |\n"
    )
    monkeypatch.setattr(survivors, "LIST", path)
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    assert survivors.main() == status
    assert words in capsys.readouterr().out


def test_each_function_in_the_list_exists_and_is_changed_by_mutmut(survivors):
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    functions = {
        f"{Path(file).stem}.{function}"
        for file in pyproject["tool"]["mutmut"]["only_mutate"]
        for function in functions_in(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    }
    listed = survivors.EXPLAINED.findall(survivors.LIST.read_text(encoding="utf-8"))
    assert listed
    assert {function for function, _ in listed} <= functions


def functions_in(tree, prefix=""):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name
        elif isinstance(node, ast.ClassDef):
            yield from functions_in(node, f"{node.name}.")
