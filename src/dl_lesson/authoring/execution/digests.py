"""Digests of what a run has stored, so that a careless edit of it is noticed."""

import hashlib
import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

# Enough against carelessness; nobody is kept from writing a new one on purpose.
LENGTH = 16


def results_beside(path: Path) -> str | None:
    """Return the text of the results that a notebook has recorded, nothing where it has none.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    """
    results = path.parent / "results" / f"{path.stem}.csv"
    # A byte that no run has written makes another digest, and so a sentence.
    return results.read_text(encoding="utf-8", errors="replace") if results.exists() else None


def store_digests(notebook: NotebookNode, results: str | None) -> None:
    """Write the digests of what a run has stored into the metadata of its notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Executed notebook; it is changed in place. Each code cell gets a digest of its code and its
        outputs, so that branches which change different cells merge; so do the values that stand
        in sentences.
    results : str or None
        Text of the results that the run has recorded.
    """
    notebook.metadata.dl_lesson.digests = nbformat.from_dict(_digests(notebook, results))


def has_digests(notebook: NotebookNode) -> bool:
    """Tell whether a notebook holds digests, right or wrong ones."""
    return bool(notebook.metadata.get("dl_lesson", {}).get("digests"))


def altered(notebook: NotebookNode, results: str | None) -> str:
    """Say what is no longer as the run has stored it.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        A committed notebook.
    results : str or None
        Text of the results that lie beside it, if there are any.

    Returns
    -------
    str
        The first thing that differs from its digest; empty where all is well.
    """
    if not has_digests(notebook):
        return "it holds no digests of its outputs"
    stored, found = notebook.metadata.dl_lesson.digests, _digests(notebook, results)
    for cell in notebook.cells:
        if (
            cell.id in found["cells"]
            and stored.get("cells", {}).get(cell.id) != (found["cells"][cell.id])
        ):
            first_line = next(iter(cell.source.strip().splitlines()), "")
            return f"cell {cell.id} ({first_line}) shows what no run has stored"
    if stored.get("values") != found["values"]:
        return "a sentence shows a value that no run has stored"
    if results is not None and stored.get("results") != found["results"]:
        return "the results beside it are not those that its run has recorded"
    return ""


def _digests(notebook: NotebookNode, results: str | None) -> dict:
    values = notebook.metadata.dl_lesson.get("values", {})
    digests = {
        "cells": {
            cell.id: _digest([cell.source, cell.execution_count, cell.outputs])
            for cell in notebook.cells
            if cell.cell_type == "code"
        },
        "values": _digest({name: entry["value"] for name, entry in values.items()}),
    }
    return digests | ({} if results is None else {"results": _digest(results)})


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
