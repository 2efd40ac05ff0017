"""``dl-lesson site``: the website, from the episodes and the committed notebooks."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import dl_lesson
from dl_lesson.authoring.editions.bundle import write_notebooks
from dl_lesson.authoring.editions.executed import learner_modules
from dl_lesson.authoring.execution.build import drift, outdated
from dl_lesson.authoring.execution.figures import figure_names
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.files import AuthoringError, Project, select
from dl_lesson.data.temporary import temporary_folder

VIEWS = ("learner", "instructor")


class SiteError(AuthoringError):
    """The website cannot be built."""


def build_site(project: Project) -> Path:
    """Build both views of the website.

    Parameters
    ----------
    project : Project
        Project whose episodes, notebooks and pages to show. No notebook is executed.

    Returns
    -------
    pathlib.Path
        First page, relative to the project.

    Raises
    ------
    SiteError
        If an episode breaks a rule, a notebook is out of date, a page links to what is not there,
        or Sphinx finds anything else to warn about; with a line ``FILE:LINE: sentence`` for each.
        An earlier website is left as it was.
    """
    _check(project)
    site = project.build / "site"
    project.build.mkdir(exist_ok=True)
    with temporary_folder(".site-", project.build) as folder:
        source, built = Path(folder, "source"), Path(folder, "built")
        _lay_out(project, source, built)
        _run_sphinx(project, source, built)
        _lighten(built)
        _share(built)
        old = Path(folder, "old")
        if site.exists():
            site.rename(old)
        try:
            built.rename(site)
        except BaseException:
            if old.exists():
                old.rename(site)
            raise
    return (site / "index.html").relative_to(project.root)


def _check(project: Project) -> None:
    errors: list[AuthoringError] = []
    for name in select((), project.episode_names(), "episode"):
        try:
            episode = read_episode(project, name)
            errors += outdated(project, episode)
            for figure in figure_names(episode):
                if not (path := episode.path.parent / figure).exists():
                    errors.append(drift(project.shown(path), name))
        except AuthoringError as error:
            errors.append(error)
    if errors:
        raise SiteError("\n".join(map(str, errors)))


def _lay_out(project: Project, source: Path, built: Path) -> None:
    """Bring together what Sphinx reads, and what a reader downloads as it is."""
    for pages in ("collected", "pages"):
        if (project.root / "site" / pages).is_dir():
            shutil.copytree(project.root / "site" / pages, source, dirs_exist_ok=True)
    no_code = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(project.episodes, source / "episodes", ignore=no_code)
    (source / "reference.rst").write_text(reference_page(), encoding="utf-8")
    shutil.copytree(project.notebooks, source / "notebooks")
    shutil.copytree(project.notebooks, built / "notebooks")
    write_notebooks(project, built / "editions")
    for folder in ("learner", "starters"):
        (built / "editions" / folder).rename(built / folder)
    shutil.rmtree(built / "editions")
    for folder in ("learner", "notebooks", "starters"):
        shutil.make_archive(str(built / folder), "zip", built, folder)


def _run_sphinx(project: Project, source: Path, built: Path) -> None:
    """Run Sphinx for both views at the same time."""
    configuration = project.root / "site"
    runs = []
    try:
        for view in VIEWS:
            output = built if view == "learner" else built / view
            command: list[str | Path] = [sys.executable, "-m", "sphinx", "--builder", "html"]
            command += ["--quiet", "--no-color"]
            command += ["--fail-on-warning", "--conf-dir", configuration, "--tag", view]
            command += ["--doctree-dir", source.parent / f"doctrees-{view}", source, output]
            runs.append(
                subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8")
            )
        messages = [run.communicate()[1] for run in runs]
    finally:
        # Ctrl-C here must not leave one that still writes.
        for run in runs:
            run.kill()
            run.wait()
    if any(run.returncode for run in runs):
        raise SiteError(_in_files_of_the_author("\n".join(messages), source, configuration))


def _lighten(built: Path) -> None:
    """Delete what no page uses, above all the icon fonts of the theme."""
    for pattern in ("*.map", "*-macros.html", ".buildinfo", "objects.inv", "*.woff2"):
        for path in built.rglob(pattern):
            path.unlink()
    for path in built.rglob("pydata-sphinx-theme.css"):
        css = re.sub(r"@font-face\{[^}]*\}", "", path.read_text(encoding="utf-8"))
        css = re.sub(r'[^{}]*\{--fa:"[^"]*"\}', "", css)
        path.write_text(css, encoding="utf-8")


def _share(built: Path) -> None:
    """Let the instructors' view use the pictures, styles and scripts of the learners' view."""
    view = built / "instructor"
    for folder in ("_images", "_static"):
        copies = {
            path: built / path.relative_to(view)
            for path in (view / folder).rglob("*")
            if path.is_file()
        }
        # Styles and scripts lead to each other, so that a folder moves whole or stays.
        if any(o.exists() and o.read_bytes() != c.read_bytes() for c, o in copies.items()):
            continue
        for path, original in copies.items():
            original.parent.mkdir(parents=True, exist_ok=True)
            path.replace(original)
        shutil.rmtree(view / folder, ignore_errors=True)
        for page in view.rglob("*.html"):
            html = page.read_text(encoding="utf-8")
            html = re.sub(rf'( (?:src|href)=")((?:\.\./)*{folder}/)', r"\1../\2", html)
            page.write_text(html, encoding="utf-8")


def _in_files_of_the_author(messages: str, source: Path, site: Path) -> str:
    """Name the files from which the source folder was laid out, and drop what is said twice."""
    messages = messages.replace(f"{source}/episodes/", "episodes/")
    for path in (site / "collected").rglob("*.md"):
        name = path.relative_to(site / "collected").as_posix()
        messages = messages.replace(f"{source}/{name}", f"site/collected/{name}")
    messages = messages.replace(f"{source}/", "site/pages/")
    lines = dict.fromkeys(
        re.sub(r": (WARNING|ERROR): ", ": ", line) for line in messages.splitlines()
    )
    located = [line for line in lines if re.match(r"\S.*:\d+: ", line)]
    return "\n".join(located or filter(None, lines))


def reference_page() -> str:
    """Write the page of the functions that a learner imports, a section for each module.

    Returns
    -------
    str
        reStructuredText with a directive for each function, which Sphinx fills from its docstring.
    """
    parts = [
        _heading("Functions of the package", "="),
        "Import them with ``from dl_lesson import NAME``.",
    ]
    for path in learner_modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        defined = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        public = [node for node in defined if node.name in dl_lesson.__all__]
        if public:
            summary = (ast.get_docstring(tree) or path.stem).splitlines()[0]
            parts.append(_heading(re.split(r"[:.]", summary)[0], "-"))
        for node in public:
            kind = "autofunction" if isinstance(node, ast.FunctionDef) else "autoexception"
            parts.append(f".. {kind}:: dl_lesson.{node.name}")
    return "\n\n".join(parts) + "\n"


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}"
