"""What the committed notebooks hold of their last run."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode


def read_committed(path: Path) -> NotebookNode | None:
    """Return a committed notebook, or nothing where there is none that was executed."""
    if not path.exists():
        return None
    try:
        committed = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError):
        return None
    executed = all(c.execution_count for c in committed.cells if c.cell_type == "code")
    return committed if executed else None


def recorded_values(notebook: NotebookNode | None) -> dict[str, str]:
    """Return what the sentences got when a notebook was executed."""
    values = notebook.metadata.get("dl_lesson", {}).get("values", {}) if notebook else {}
    return {
        expression: entry["value"] for expression, entry in values.items() if entry.get("value")
    }
