"""Command line of the picture generator."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from household.dataset import SPLITS, draw_many, draw_split, write_split
from household.measure import measure
from household.objects import CLASS_NAMES
from household.sheet import save_sheet

app = typer.Typer(no_args_is_help=True, add_completion=False)

Split = StrEnum("Split", list(SPLITS))
ClassName = StrEnum("ClassName", [(name.replace(" ", "_"), name) for name in CLASS_NAMES])
Processes = Annotated[int, typer.Option(min=1, help="Processes that render at a time.")]
Out = Annotated[Path, typer.Option(help="Folder that takes the files.")]
# Pictures of a sheet are counted from here, so that none is one of the tuning split.
FIRST_OF_SHEET = 10_000


@app.command()
def draw(split: Split, out: Out, processes: Processes = 2) -> None:
    """Draw a split: images, labels, class names, and for the test split the conditions."""
    with typer.progressbar(draw_split(split, processes), length=SPLITS[split][1]) as progress:
        pictures = list(progress)
    write_split(split, pictures, out)
    typer.echo(f"{len(pictures)} pictures of the {split} split in {out}")


@app.command()
def sheets(
    out: Out,
    n: Annotated[int, typer.Option("--n", min=1, help="Pictures a class.")] = 20,
    only: Annotated[list[ClassName] | None, typer.Option(help="Class; may be repeated.")] = None,
    first: Annotated[int, typer.Option(min=0, help="Number of the first picture.")] = 0,
    processes: Processes = 2,
) -> None:
    """Draw one contact sheet a class, of pictures that are in no split."""
    for name in only or ClassName:
        label = CLASS_NAMES.index(name)
        start = FIRST_OF_SHEET + 1000 * label + first
        jobs = [(SPLITS["tuning"][0], start + number, label) for number in range(n)]
        path = out / f"{label}_{name.replace(' ', '_')}.png"
        save_sheet([picture.pixels for picture in draw_many(jobs, processes)], path)
        typer.echo(path)


@app.command("sheets-of")
def sheets_of(folder: Path, split: Split, out: Out) -> None:
    """Save contact sheets of a split already drawn into a folder, one a class."""
    images, labels = (np.load(folder / f"{split}_{part}.npy") for part in ("images", "labels"))
    for label, name in enumerate(CLASS_NAMES):
        path = out / f"{split}_{label}_{name.replace(' ', '_')}.png"
        save_sheet(images[labels == label], path)
        typer.echo(path)


@app.command("measure")
def measure_command(folder: Path, held_out: Split = Split.test) -> None:
    """Measure what gives classes away, exposure and near-duplicates."""
    needed = ("train", held_out)
    missing = [split for split in needed if not (folder / f"{split}_images.npy").exists()]
    if missing:
        raise typer.BadParameter(
            f"{folder} holds no {missing[0]}_images.npy. "
            f"Draw it with: python -m household draw {missing[0]} --out {folder}"
        )
    for line in measure(folder, held_out):
        typer.echo(line)


app()
