import importlib.util
from pathlib import Path

import pytest
from front_matter import front_matter

from dl_lesson.course.files import Project

PATH = Path(__file__).parents[2] / "benchmarks" / "checkpoint_margins.py"
SPEC = importlib.util.spec_from_file_location("checkpoint_margins", PATH)
margins = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(margins)

BODY = """
# Chance

:::{part} 1a
:topic: Chance
:teaching: 1
:::

:::{questions}
- What is chance?
:::

:::{objectives}
- Draw numbers.
:::

:::{prerequisites}
- None.
:::

## Draw numbers

```{code-cell} python
:tags: [provided]

import os
import keras
import numpy as np
from dl_lesson import checkpoint, record_results

keras.utils.set_random_seed(1)
numbers = np.random.normal(size=2)
```

```{code-cell} python
checkpoint("The numbers are above 100", numbers, at_least=100)
checkpoint("There are 2", len(numbers), equals=2)
checkpoint("There are 3", len(numbers), equals=3)
checkpoint("Threads", int(os.environ["TF_NUM_INTRAOP_THREADS"]), at_most=9)
row = dict(test_set="t", n_test=2, model="m", description="d", metric="accuracy")
record_results("01-chance", "penguins", [row | {"value": abs(numbers[0])}])
```

:::{keypoints}
- Chance is chance.
:::
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    (root / "episodes").mkdir()
    (root / "notebooks" / "results").mkdir(parents=True)
    episode = front_matter("Chance", 1, 0, "penguins") + BODY
    (root / "episodes" / "01-chance.md").write_text(episode, encoding="utf-8")
    project = Project(root)
    found = [
        margins.run(project, "01-chance", shift, threads) for shift, threads in [(0, 1), (1, 4)]
    ]
    assert not list((project.notebooks / "results").iterdir())
    return found


def test_a_failed_checkpoint_is_noted_and_does_not_stop_the_run(runs):
    for noted, _ in runs:
        assert [row["holds"] for row in noted] == [False, True, False, True]
        assert noted[0]["lowest"] < noted[0]["highest"] < 100


def test_a_shift_changes_what_is_drawn_and_threads_are_set(runs):
    (first, first_results), (second, second_results) = runs
    assert first[0]["lowest"] != second[0]["lowest"]
    assert first_results["value"].item() != second_results["value"].item()
    assert [noted[3]["lowest"] for noted in (first, second)] == [1, 4]


def test_the_summary_gives_the_range_over_all_runs_and_the_exact_claims_that_fail(runs):
    noted = [noted for noted, _ in runs]
    above, exact, threads = margins.summarise(noted)
    lowest = min(row[0]["lowest"] for row in noted)
    assert above[:2] == ("The numbers are above 100", ">= 100") and above[3] == "2"
    assert above[2].startswith(f"{lowest:.4g} .. ")
    assert (exact[0], exact[3]) == ("There are 3", "2")
    assert threads[2:] == ("1 .. 4", "")


def test_the_command_names_what_failed_and_gives_the_results(runs, monkeypatch, capsys):
    monkeypatch.chdir(PATH.parents[1])
    monkeypatch.setattr(margins, "run", lambda project, name, shift, threads: runs[shift])
    monkeypatch.setattr(
        "sys.argv", ["margins", "01-introduction", "--shifts", "0", "1", "--threads", "4"]
    )
    margins.main()
    printed = capsys.readouterr().out
    line = "shift 1, 4 threads, failed: ['The numbers are above 100', 'There are 3']"
    assert line in " ".join(printed.split())
    mean = sum(recorded["value"].item() for _, recorded in runs) / 2
    assert f"{mean:.4f}" in printed
