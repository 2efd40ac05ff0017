"""Short tracebacks in a learner's notebook, with the entry of the page of mistakes that fits."""

import json
import os
import re
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

# Lies beside the learner's notebooks, or above those of the second part: a section for each
# mistake, with the message it gives.
PAGES = (Path("mistakes.ipynb"), Path("../mistakes.ipynb"))
# Fewer are left of a message that says nothing but a name, as that of a KeyError.
FEWEST_LETTERS = 8


def install() -> None:
    """Show errors shortly in this notebook, unless the lesson itself is being tested."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None and os.environ.get("DL_LESSON_CHECKPOINTS") != "strict":
        shell.set_custom_exc((Exception,), show)


def show(
    shell: "InteractiveShell",
    kind: type[BaseException],
    error: BaseException,
    traceback: TracebackType,
    tb_offset: int | None = None,
) -> None:
    """Show an error with the lines of the notebook only, and name the entry that explains it."""
    shell.showtraceback((kind, error, of_the_notebook(traceback) or traceback), tb_offset=0)
    for page in PAGES:
        if entry := find_entry(f"{kind.__name__}: {error}", page):
            print(f"What this means: see “{entry}” in {page.as_posix()}.")
            break


def of_the_notebook(traceback: TracebackType | None) -> TracebackType | None:
    """Return the steps of a traceback that stand in cells, without those inside of libraries.

    Parameters
    ----------
    traceback : types.TracebackType
        Traceback of an error.

    Returns
    -------
    types.TracebackType or None
        The steps, first to last; none if the error came from no cell.
    """
    steps = []
    while traceback is not None:
        if "ipykernel" in Path(traceback.tb_frame.f_code.co_filename).parent.name:
            steps.append(traceback)
        traceback = traceback.tb_next
    kept = None
    for step in reversed(steps):
        kept = TracebackType(kept, step.tb_frame, step.tb_lasti, step.tb_lineno)
    return kept


def find_entry(message: str, page: Path) -> str:
    """Find the section of the page of mistakes whose message fits.

    Parameters
    ----------
    message : str
        Type and text of an error, as its last line shows them.
    page : pathlib.Path
        Notebook with a Markdown cell for each mistake.

    Returns
    -------
    str
        Title of the section; empty if none fits, or if there is no such page.
    """
    if not page.is_file():
        return ""
    notebook = json.loads(page.read_text(encoding="utf-8"))
    known = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        heading = re.match(r"#+ (.*)", source)
        for block in re.findall(r"```text\n(.*?)```", source, re.S):
            lines = re.findall(r"^\w*(?:Error|Exception):.*", block, re.M)
            if heading and lines:
                known.append((lines[-1], heading[1]))
    # A gap that was left open, `...`, can be the reason for any message.
    if "ellipsis" in message.casefold():
        return next((title for line, title in known if "ellipsis" in line.casefold()), "")
    # The very message first, then messages of the same kind, with other names and numbers. But
    # what an object cannot do means something else for each kind of object.
    for gaps in ("…", r"…|(?<!\w)'[^']*'(?! object)|\d[\d,.]*"):
        for line, title in known:
            parts = re.split(gaps, line)
            letters = len(re.sub(r"\W", "", "".join(parts).partition(":")[2]))
            pattern = ".+?".join(re.escape(part) for part in parts).replace(r"\ ", r"\s+")
            if re.match(pattern, message, re.S) and (gaps == "…" or letters >= FEWEST_LETTERS):
                return title
    return ""
