"""The head of the small episodes that tests write, and the schedule beside them."""

FRONT_MATTER = """\
---
jupytext:
  notebook_metadata_filter: title,teaching,exercises,data
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


SCHEDULE = """\
start: "09:00"
minutes:
  Welcome: 15
  Look back at the last half day: 10
  Break: 15
  Questions and feedback: 15
plans:
{plans}
"""


def schedule(**plans: list[str]) -> str:
    """Return a schedule; a plan is named by its number of half days in words, ``one=[...]``."""
    days = {"one": 1, "two": 2}
    lines = [f"  {days[name]}: [{', '.join(parts)}]" for name, parts in plans.items()]
    return SCHEDULE.format(plans="\n".join(lines))
