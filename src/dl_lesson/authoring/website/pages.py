"""Pages collected from the episodes: schedule, exercises, key points, pop-ups of terms."""

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.transforms import Transform
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.directives.other import TocTree
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join
from sphinx.util.docutils import SphinxDirective

from dl_lesson.authoring.source import schedule
from dl_lesson.authoring.source.episode import (
    MARKDOWN,
    Episode,
    Role,
    Text,
    parse_episode,
    read_front_matter,
    replace_roles,
    walk,
)
from dl_lesson.authoring.source.parts import Part
from dl_lesson.authoring.website.directives import element, html
from dl_lesson.course.files import FURTHER, Project, named_files

EPISODES = "episodes/"
# In which order pages stand in the table of contents; those not named here come last.
PAGE_GROUPS = {
    "start": ["setup"],
    "course": ["exercises", "exercises-further", "key-points", "mistakes", "glossary", "reference"],
    "running": ["in-a-classroom", "how-long-does-it-take", "more-than-one-machine"],
}


class collected(nodes.General, nodes.Element):
    """Place to which boxes of an episode are copied once all episodes are read."""


class Schedule(SphinxDirective):
    """Table of the episodes of one part of the course with their minutes."""

    option_spec: ClassVar = {"further": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the table, or nothing if the part has no episode."""
        lines = ["| Episode | Teaching | Exercises |", "|---|---:|---:|"]
        total = {"teaching": 0, "exercises": 0}
        further = "further" in self.options
        shown = {d: v for d, v in read_episodes(self.env).items() if is_further(d) == further}
        for docname, values in shown.items():
            minutes = [values[key] for key in total]
            link = f"{{doc}}`{numbered_title(docname, values)} </{docname}>`"
            lines.append(f"| {link} | {minutes[0]} min | {minutes[1]} min |")
            for key in total:
                total[key] += values[key]
        lines.append("| **All** | " + " | ".join(f"**{hours(n)}**" for n in total.values()) + " |")
        return self.parse_text_to_nodes("\n".join(lines)) if shown else []


class Map(SphinxDirective):
    """Which lessons of the second part follow which episode of the first, as a nested list."""

    def run(self) -> list[nodes.Node]:
        """Return the list, or nothing if there is no second part."""
        project = Project(Path(self.env.srcdir))
        episodes = read_episodes(self.env)
        follow: dict[str, list[str]] = {}
        for docname in filter(is_further, episodes):
            needed = prerequisites(parse_episode(project.source(Path(docname).name)))
            first_part = [name for name in needed if not project.is_further(name)]
            follow.setdefault(EPISODES + max(first_part, default=""), []).append(docname)
        lines = []
        for before, lessons in sorted(follow.items()):
            lines.append(f"- {self.link(before, episodes)}")
            lines += [f"  - {self.link(docname, episodes)}" for docname in lessons]
        if not lines:
            return []
        return [nodes.container("", *self.parse_text_to_nodes("\n".join(lines)), classes=["map"])]

    def link(self, docname: str, episodes: dict[str, dict[str, Any]]) -> str:
        """Return a link to an episode in Markdown."""
        return f"{{doc}}`{numbered_title(docname, episodes[docname])} </{docname}>`"


def prerequisites(episode: Episode) -> list[str]:
    """Return the names of the episodes that an episode needs: those in the first item of its list.

    What stands in others helps, but is not needed.
    """
    names: list[str] = []

    def note(role: Role) -> str:
        if role.name == "doc":
            names.append(role.target)
        return ""

    for node, parents in walk(episode.nodes):
        if isinstance(node, Text) and "prerequisites" in parents:
            first = next(token for token in MARKDOWN.parse(node.source) if token.type == "inline")
            replace_roles(first.content, note)
    return names


class Parts(SphinxDirective):
    """Table of the parts of the episodes, with the minutes they have and need."""

    option_spec: ClassVar = {"further": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        if "further" in self.options:
            parts = schedule.read_parts(Project(Path(self.env.srcdir)), further=True)
        else:
            parts = read_parts(self.env)
        return self.parse_text_to_nodes(schedule.table_of_minutes(parts)) if parts else []


class EpisodeLink(XRefRole):
    """A link to a page; an episode of the other part of the course is found by its name."""

    def process_link(
        self,
        env: BuildEnvironment,
        refnode: nodes.Element,
        has_explicit_title: bool,
        title: str,
        target: str,
    ) -> tuple[str, str]:
        """Return title and target of the link."""
        title, target = super().process_link(env, refnode, has_explicit_title, title, target)
        if env.docname.startswith(EPISODES) and "/" not in target:
            path = Project(Path(env.srcdir)).source(target)
            target = "/" + path.relative_to(env.srcdir).with_suffix("").as_posix()
        return title, target


class HalfDay(SphinxDirective):
    """Agenda of a half day, named by its number and the number of half days."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        day, days = map(int, self.arguments)
        project = Project(Path(self.env.srcdir))
        half_day = schedule.read_half_day(project, day, days, read_parts(self.env))
        return self.parse_text_to_nodes(schedule.table_of_half_day(half_day))


def read_parts(env: BuildEnvironment) -> list[Part]:
    """Return the parts of the first part of the course; they are read once for a page."""
    document = env.current_document
    if "lesson_parts" not in document:
        document["lesson_parts"] = schedule.read_parts(Project(Path(env.srcdir)))
    return document["lesson_parts"]


class Collect(SphinxDirective):
    """Copies of all directives of some names, a section for each episode.

    Only those of one part of the course, if an option names it.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"first": directives.flag, "further": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the sections; they are filled once all episodes are read."""
        sections: list[nodes.Node] = []
        for docname, values in read_episodes(self.env).items():
            if self.options and ("further" in self.options) != is_further(docname):
                continue
            title = numbered_title(docname, values)
            place = collected(docname=docname, kinds=self.arguments[0].split())
            identifier = f"episode-{nodes.make_id(Path(docname).name)}"
            sections.append(nodes.section("", nodes.title("", title), place, ids=[identifier]))
        return sections


class CollectTransform(SphinxPostTransform):
    """Fill the places of `Collect`, before links are resolved."""

    default_priority = 5

    def run(self, **_: Any) -> None:
        """Copy the boxes, with ids that are unique on the page."""
        for place in list(self.document.findall(collected)):
            copies: list[nodes.Node] = []
            doctree = self.env.get_doctree(place["docname"])
            for box in doctree.findall(nodes.admonition):
                if set(place["kinds"]) & set(box["classes"]):
                    copies.append(self.copy(box, place["docname"]))
            place.replace_self(copies or [nodes.paragraph("", "None in this episode.")])

    def copy(self, box: nodes.admonition, docname: str) -> nodes.Node:
        """Return a copy of a box, with a link to the original in place of its own anchor."""
        copy = box.deepcopy()
        for anchor in copy.findall(nodes.reference):
            if "headerlink" in anchor["classes"]:
                anchor.parent.remove(anchor)
                break
        for part in copy.findall(nodes.Element):
            # The ids of a quiz begin with the name of its episode already.
            if not isinstance(part, html):
                part["ids"] = [f"{Path(docname).name}-{name}" for name in part["ids"]]
        for link in copy.findall(addnodes.pending_xref):
            if link["reftype"] == "doc":
                link["reftarget"] = "/" + docname_join(docname, link["reftarget"])
            link["refdoc"] = self.env.docname
        if box["ids"]:
            target = self.app.builder.get_relative_uri(self.env.docname, docname)
            link = nodes.reference(
                "", "In its episode", internal=True, refuri=f"{target}#{box['ids'][0]}"
            )
            copy.insert(1, nodes.paragraph("", "", link, classes=["box-origin"]))
        return copy


class Pages(TocTree):
    """A toctree of the pages of one group that exist, in the order of the group."""

    has_content = False
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the toctree, or nothing if the group is empty."""
        found = sorted(self.env.found_docs - {"index"})
        groups = {
            name: [page for page in pages if page in found] for name, pages in PAGE_GROUPS.items()
        }
        episodes = [page for page in found if page.startswith(EPISODES)]
        for name, further in (("episodes", False), ("further", True)):
            groups[name] = [page for page in episodes if is_further(page) == further]
        groups["instructor"] = [page for page in found if page.startswith("instructor/")]
        placed = {page for pages in groups.values() for page in pages}
        groups["about"] = [page for page in found if page not in placed]
        titles = {
            page: f"{numbered_title(page, values)} </{page}>"
            for page, values in read_episodes(self.env).items()
            if is_further(page)
        }
        for page in groups[self.arguments[0]]:
            self.content.append(titles.get(page, f"/{page}"), "toctree")
        return super().run() if self.content else []


class EpisodeHead(Transform):
    """Put minutes and downloads under the title of an episode."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        """Insert two lines."""
        env = self.document.settings.env
        if not env.docname.startswith(EPISODES):
            return
        name = env.docname.removeprefix(EPISODES)
        folder, _, file = name.rpartition("/")
        values = read_front_matter(Path(env.doc2path(env.docname)))
        minutes = f"Teaching: {values['teaching']} min · Exercises: {values['exercises']} min"
        root = "../" * (env.docname.count("/") + env.config.lesson_instructor_view)
        downloads = download_line(
            {
                "notebook to work in": f"{root}learner/{name}.ipynb",
                "its solutions": f"{root}learner/{folder}/solutions/{file}.ipynb",
                "executed notebook": f"{root}notebooks/{name}.ipynb",
                "starter for live coding": f"{root}starters/key/{name}.ipynb",
            }
        )
        title = next(self.document.findall(nodes.title))
        if "mistakes" in env.found_docs:
            link = addnodes.pending_xref(
                "",
                nodes.inline("", "mistakes and their messages"),
                refdomain="std",
                reftype="doc",
                reftarget="/mistakes",
                refdoc=env.docname,
                refexplicit=True,
                refwarn=True,
            )
            downloads += [nodes.Text(" · When a message puzzles you: "), link]
        head = [nodes.paragraph("", minutes, classes=["episode-minutes"]), downloads]
        title.parent[1:1] = head


class Downloads(SphinxDirective):
    """Links to archives of all notebooks, on a page at the top level."""

    def run(self) -> list[nodes.Node]:
        """Return a line with all of them."""
        root = "../" if self.config.lesson_instructor_view else ""
        links = {
            "all notebooks to work in": "learner.zip",
            "all executed notebooks": "notebooks.zip",
            "all starters": "starters.zip",
        }
        return [download_line({text: root + path for text, path in links.items()})]


def download_line(links: dict[str, str]) -> nodes.paragraph:
    """Return a line of links, given as text and address."""
    line = nodes.paragraph("", "Download: ", classes=["downloads"])
    for text, address in links.items():
        if len(line) > 1:
            line += nodes.Text(" · ")
        line += element("a", nodes.Text(text), href=address, download="")
    return line


def read_episodes(env: BuildEnvironment) -> dict[str, dict[str, Any]]:
    """Return the front matter of each episode by the name of its page, in order."""
    root = Path(env.srcdir)
    paths = named_files(root / EPISODES, "*.md").values()
    return {
        path.relative_to(root).with_suffix("").as_posix(): read_front_matter(path) for path in paths
    }


def is_further(docname: str) -> bool:
    """Tell whether a page is an episode of the second part of the course."""
    return docname.startswith(f"{EPISODES}{FURTHER}/")


def numbered_title(docname: str, front_matter: dict[str, Any]) -> str:
    """Return the title of an episode with its number."""
    return f"{int(Path(docname).name[:2])}. {front_matter['title']}"


def hours(minutes: int) -> str:
    """Write minutes as hours and minutes."""
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def add_definitions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Append the definition of each term that a page links to, hidden, for the pop-ups."""
    glossary = {
        node_id: name
        for (kind, _), (name, node_id) in app.env.domains.standard_domain.objects.items()
        if kind == "term" and name != docname
    }
    targets = [
        link.get("refuri", "").partition("#")[2] for link in doctree.findall(nodes.reference)
    ]
    used = dict.fromkeys(target for target in targets if target in glossary)
    items = {
        node_id: item
        for name in {glossary[target] for target in used}
        for item in app.env.get_doctree(name).findall(nodes.definition_list_item)
        for term in item.findall(nodes.term)
        for node_id in term["ids"]
    }
    for key in used:
        definition = next(items[key].findall(nodes.definition)).deepcopy()
        for link in [
            *definition.findall(addnodes.pending_xref),
            *definition.findall(nodes.reference),
        ]:
            link.replace_self(nodes.inline("", link.astext()))
        doctree += element(
            "div",
            *definition.children,
            ids=[f"definition-{key}"],
            classes=["definition", "no-search"],
            popover="manual",
            role="tooltip",
        )
