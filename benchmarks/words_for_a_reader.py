"""List what no test can judge, for a reader.

- Numbers in prose that nothing computes. One counts as borne out if it stands in the code or in the
  outputs of the notebook, or comes from the `eval` role. What is left are facts of other people's
  work, years, and mistakes.
- Sentences that say what is more, better or first. Where a checkpoint follows, its claim should say
  the same.
- Key points.

::

    python benchmarks/words_for_a_reader.py 02-penguins-classification
"""

import argparse
import re

import nbformat
from rich.console import Console

from dl_lesson.authoring.source.episode import Text, replace_roles, walk
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.files import Project, select

NUMBER = re.compile(r"(?<![\w.,-])\d(?:[\d,]*\d)?(?:\.\d+)?(?![\w-])")
# Code and formulas, which other tests compute.
APART = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)", re.S)
ORDER = re.compile(
    r"\b(better|best|worse|worst|more|most|less|least"
    r"|(high|low|larg|small|fast|slow|long|short|earli|lat|few)(er|est)"
    r"|rises?|falls?|grows?|shrinks?|beats?|wins?|loses?)\b"
)


def sentences_of_order(text: str) -> list[str]:
    """Return the sentences of a text that rank something, each in one line."""
    sentences = re.split(r"(?<=[.!?:;])\s+(?=[^a-z])|\n\s*\n", text)
    return [
        " ".join(sentence.split())
        for sentence in sentences
        if ORDER.search(APART.sub(" ", sentence))
    ]


def shown(notebook: nbformat.NotebookNode) -> set[str]:
    """Return each number in the code cells of a notebook and in their outputs."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            texts.append(cell.source.replace("_", ""))
            for output in cell.outputs:
                texts += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
    found = re.findall(r"\d(?:[\d,]*\d)?(?:\.\d+)?", "\n".join(texts))
    return {plain(number) for number in found}


def plain(number: str) -> str:
    """Return a number without the commas of thousands."""
    return number.replace(",", "")


def main() -> None:
    """Print the lists of the episodes that the command line names, of all if it names none."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("episodes", nargs="*", help="names of episodes; all when none is given")
    options = parser.parse_args()
    project, console = Project.current(), Console(width=120, highlight=False)
    for name in select(options.episodes, project.episode_names(), "episode"):
        episode = read_episode(project, name)
        known = shown(nbformat.read(project.notebook(name), as_version=4))
        points, unknown, orders = [], [], []
        for node, parents in walk(episode.nodes):
            if not isinstance(node, Text):
                continue
            text = replace_roles(node.source, lambda role: role.text or "")
            if "keypoints" in parents:
                points += [line for line in text.splitlines() if line.strip()]
            else:
                place = f"{episode.shown}:{node.line}"
                orders += [f"{place}: {sentence}" for sentence in sentences_of_order(text)]
            # What one counts on the fingers needs no computer.
            numbers = {
                number
                for number in NUMBER.findall(APART.sub(" ", text))
                if len(plain(number)) > 1 and plain(number) not in known
            }
            if numbers:
                unknown.append(f"{episode.shown}:{node.line}: {', '.join(sorted(numbers))}")
        console.print(f"\n{name}: {len(unknown)} places with a number that nothing here computes")
        console.print("\n".join(unknown), markup=False)
        console.print(f"\n{name}: {len(orders)} sentences that rank something")
        console.print("\n".join(orders), markup=False)
        console.print(f"\n{name}: key points", *points, sep="\n", markup=False)


if __name__ == "__main__":
    main()
