"""A project with small episodes of both parts and their notebooks, and its website, built once."""

import base64
import io
import shutil
from pathlib import Path

import matplotlib
import nbformat
import pytest
from bs4 import BeautifulSoup
from front_matter import front_matter, schedule

from dl_lesson.authoring.editions.derive import derive
from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.execution.digests import store_digests
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.authoring.website.site import build_site
from dl_lesson.course.files import Project

matplotlib.use("Agg")
ROOT = Path(__file__).parents[2]
HEAD = """
# {title}

:::{{part}} {part}
:topic: About {title}
:teaching: {teaching}
:::

:::{{questions}}
- What is a line?
:::

:::{{objectives}}
- Draw a line.
:::

:::{{prerequisites}}
- {{doc}}`01-lines` and {{doc}}`02-curves`, in this order.
- {{doc}}`11-planes` helps.
:::
"""
LINES = """
## Draw a line

A {term}`Line` is straight, and so are {term}`lines <line>`. Then $y = a_1 x$, or

$$
y = \\frac{a_1}{2} x
$$

:::{figure} figures/line.svg
:alt: A straight line from the lower left to the upper right.
The line with $a_1$.
:::

```{code-cell} python
:prompt: Draw the line.
:alt: A line that rises.

plt.show()
```

```{code-cell} python
:prompt: Show the table.
:tags: [data-output]

table
```

```{code-cell} python
checkpoint("The slope is 2.", slope, equals=2)
```

```{code-cell} python
:tags: [check]
checkpoint("An author's check", slope, equals=2)
```

Here the line has the slope {eval}`slope:.1f`, elsewhere too.

```{package-source} dl_lesson.checkpoint
```

:::{instructor} Timing
Rooms get stuck at the plus sign.
:::

:::::{challenge} Add *one*
:minutes: 5

Add one to the slope.

::::{hint}
Use a plus sign.
::::

::::{solution}
The sum is three.

```{code-cell} python
print(slope + 1)
```

That was `slope + 1`.
::::
:::::

:::::{challenge} Choose
:minutes: 2
:optional:

::::{quiz}
:answer: 1 + 2
What is $1 + 2$?

- [ ] 2

  Wrong. You forgot a one.
- [x] 3

  Right. As in {term}`line` counting.
::::

::::{quiz}
Which are straight?

- [x] A line

  Right. By definition.
- [ ] A circle

  Wrong. It is round.
- [x] An edge of a square

  Right. The square has four of them.
::::
:::::

:::{discussion} Where do you see lines?
:minutes: 2
Talk about lines that rise.
:::

:::{keypoints}
- A line is straight.
:::
"""
CURVES = """
## Draw a curve


:::::{challenge} Add *one*
:minutes: 70

Bend it, after {doc}`lines <01-lines>`.

::::{solution}
```{code-cell} python
print(slope)
```
::::
:::::

:::{keypoints}
- A curve bends.
:::
"""
PLANES = """
## Bend a line

:::{figure} figures/line.svg
:alt: A line in space.
:::

```{code-cell} python
:tags: [provided]
print(slope)
```

:::{keypoints}
- A plane is flat.
:::
"""
GLOSSARY = """\
# Glossary

:::{glossary}
line
  A straight thing: $y = a x$. See also {term}`curve`.

curve
  A bent thing.
:::
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><path d="M0 20 20 0"/></svg>'


def picture() -> str:
    from matplotlib.figure import Figure

    file = io.BytesIO()
    Figure(figsize=(1, 1)).savefig(file, format="png")
    return base64.b64encode(file.getvalue()).decode()


def outputs(cell):
    """Return what the cell would print or show."""
    if "plt.show()" in cell.source:
        data = {"image/png": picture(), "text/plain": "<Figure>"}
        metadata = {"image/png": cell.metadata.mystnb["image"]}
        return [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
    if cell.source == "table":
        html = '<style scoped>td {}</style><table border="1"><tr><th>a</th></tr></table>'
        return [nbformat.v4.new_output("display_data", data={"text/html": html})]
    if cell.source == "print(slope)":
        data = {"text/markdown": "The slope is **two**.", "text/plain": "<Markdown object>"}
        return [nbformat.v4.new_output("display_data", data=data)]
    # A kernel may send one printed line in two parts.
    parts = ["three\n"]
    if "checkpoint" in cell.source:
        parts = ["✓ The slope ", "is 2.\n"] if "slope is 2" in cell.source else ["✓ hidden\n"]
    return [nbformat.v4.new_output("stream", name="stdout", text=part) for part in parts]


def write_notebook(project, name):
    notebook = to_notebook(derive(read_episode(project, name), "executed"), {"slope:.1f": "2.0"})
    for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        cell.execution_count = number + 1
        cell.outputs = outputs(cell)
    store_digests(notebook, None)
    nbformat.write(notebook, project.notebook(name))


def write_project(root: Path) -> Project:
    project = Project(root)
    for folder in ("episodes", "episodes/further", "notebooks", "notebooks/further"):
        (root / folder / "figures").mkdir(parents=True)
        (root / folder / "figures" / "line.svg").write_text(SVG, encoding="utf-8")
    for name, title, minutes, body in (
        ("01-lines", "Lines", (10, 7), LINES),
        ("02-curves", "Curves", (55, 70), CURVES),
        ("further/11-planes", "Planes", (10, 0), PLANES),
    ):
        head = front_matter(title, *minutes) + HEAD.format(
            title=title, part=f"{int(Path(name).name[:2])}a", teaching=minutes[0]
        )
        (project.episodes / f"{name}.md").write_text(head + body, encoding="utf-8")
    (project.episodes / "schedule.yml").write_text(schedule(one=["1a break 2a"]), encoding="utf-8")
    for name in project.episode_names():
        write_notebook(project, name)
    for part in ("_static", "_templates", "collected"):
        shutil.copytree(ROOT / "site" / part, root / "site" / part)
    shutil.copy(ROOT / "site" / "conf.py", root / "site")
    pages = root / "site" / "pages"
    (pages / "instructor").mkdir(parents=True)
    (pages / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    (pages / "setup.md").write_text("# Setup\n\nType `make`.\n", encoding="utf-8")
    guide = "# Guide\n\nSmile.\n\n:::{parts}\n:::\n\n:::{half-day} 1 1\n:::\n"
    (pages / "instructor" / "guide.md").write_text(guide, encoding="utf-8")
    (pages / "mistakes.md").write_text("# Mistakes\n\nNone.\n", encoding="utf-8")
    return project


@pytest.fixture(scope="session")
def project(tmp_path_factory) -> Project:
    """The project with its website; not to be changed."""
    project = write_project(tmp_path_factory.mktemp("project"))
    build_site(project)
    return project


@pytest.fixture(scope="session")
def site(project) -> Path:
    return project.build / "site"


@pytest.fixture(scope="session")
def page(site):
    """Read a page of the website."""
    return lambda path: BeautifulSoup((site / path).read_text(encoding="utf-8"), "html.parser")


@pytest.fixture
def copy(project, tmp_path) -> Project:
    """The project with its website, free to be changed."""
    shutil.copytree(project.root, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)


@pytest.fixture
def edit(copy):
    """Replace a piece of a file, which must stand there exactly once."""

    def replace(path: str, old: str, new: str) -> None:
        text = (copy.root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        (copy.root / path).write_text(text.replace(old, new), encoding="utf-8")

    return replace
