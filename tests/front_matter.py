"""The head of the small episodes that tests write."""

FRONT_MATTER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
title: {title}
teaching: {teaching}
exercises: {exercises}
data: [{data}]
---
"""


def front_matter(title: str, teaching: int, exercises: int, data: str = "") -> str:
    """Return the front matter of an episode that loads at most one data set."""
    return FRONT_MATTER.format(title=title, teaching=teaching, exercises=exercises, data=data)
