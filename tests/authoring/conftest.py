import shutil
from pathlib import Path

import pytest
from front_matter import front_matter, schedule

from dl_lesson.authoring.execution.build import build
from dl_lesson.course.files import Project

BODY = """
# A line

:::{part} 1a
:topic: Before
:teaching: 2
:::

:::{questions}
- What is a line, where $a_1 < b_2$?
:::

:::{objectives}
- Draw a line.
:::

:::{prerequisites}
- Read {doc}`01-line` first.
:::

:::{part} 1b
:topic: Draw
:teaching: 3
:::

## Draw a line

A {term}`line` is straight, and lines are {term}`straight <line>`.

% This comment is for authors.

$$
y = a_1 x
$$

+++

This is a new cell.

:::{figure} figures/line.svg
:alt: A straight line from the lower left to the upper right.
The line [a] with $a_1$.
:::

```{package-source} dl_lesson.checkpoint
```

```{code-cell} python
:tags: [provided]
import io

from IPython.display import display

from dl_lesson import checkpoint


class plt:
    show = lambda: display({"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}, raw=True)
```

```{code-cell} python
:prompt: Set the slope and draw the line.
:alt: A line that rises.

slope = 2
plt.show()
```

:::::{challenge} Add one
:minutes: 5

Add one to the slope.

```{code-cell} python
:prompt: Look at the slope.
slope
```

Now add.

::::{hint}
Use a plus sign.
::::

::::{solution}
The sum is three.

```{code-cell} python
:tags: [nbval-ignore-output]
print(slope + 1)
```

```{code-cell} python
checkpoint("The sum is 3.", slope + 1, equals=3)
```

That was `slope + 1`.
::::

::::{instructor}
Rooms get stuck at the plus sign.
::::
:::::

:::{discussion} Where do you see lines?
:minutes: 2
Talk about lines.
:::

:::{discussion} At home
:minutes: 20
:optional:
Talk about curves.
:::

:::{keypoints}
- A line is straight.
:::
"""

DRAWING = """\
from _style import COLOR
from matplotlib.figure import Figure


def draw():
    figure = Figure(figsize=(2, 2))
    axes = figure.add_axes([0, 0, 1, 1])
    axes.plot([0, 1], [0, 1], color=COLOR)
    axes.set_title("A line")
    return figure
"""

STYLE = 'STYLE = {"font.size": 12}\nCOLOR = "#0072B2"\n'


def write_project(root: Path) -> Project:
    figures = root / "episodes" / "figures"
    figures.mkdir(parents=True)
    (root / "episodes" / "schedule.yml").write_text(
        schedule(two=["1a", "1b break 1b"], one=["1a break 1b"]), encoding="utf-8"
    )
    (root / "episodes" / "01-line.md").write_text(
        front_matter("A line", 5, 7) + BODY, encoding="utf-8"
    )
    (figures / "line.py").write_text(DRAWING, encoding="utf-8")
    (figures / "_style.py").write_text(STYLE, encoding="utf-8")
    return Project(root)


@pytest.fixture
def project(tmp_path: Path, monkeypatch) -> Project:
    """A project with one small episode and one figure, as the current folder."""
    monkeypatch.chdir(tmp_path)
    return write_project(tmp_path)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory) -> Project:
    """The same project, built; not to be changed."""
    built = write_project(tmp_path_factory.mktemp("built"))
    assert build(built, [], print) == []
    return built


@pytest.fixture
def built(project: Project, built_once: Project) -> Project:
    """The project with its notebook and figures, free to be changed."""
    shutil.copytree(built_once.root, project.root, dirs_exist_ok=True)
    return project


@pytest.fixture
def edit(project):
    """Replace a piece of the episode, which must stand there exactly once."""

    def replace(old: str, new: str, path: str = "episodes/01-line.md") -> None:
        file = project.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        file.write_text(text.replace(old, new), encoding="utf-8")

    return replace
