"""The commands of ``dl-lesson data``."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(
    help="Look at the data, fetch the real ones, verify them, or copy them for a classroom.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

# Exit status of a fetch that found no network; the lesson goes on without.
UNREACHABLE = 3

MIRROR_README = """\
Data for the dl-lesson course
=============================

Set the environment variable DL_LESSON_DATA to this folder before JupyterLab is started:

    Linux and macOS       export DL_LESSON_DATA="/path/to/this/folder"
    Windows PowerShell    $env:DL_LESSON_DATA = "D:\\path\\to\\this\\folder"

`dl-lesson data status` then shows which data are used.

What is here
------------
{contents}

The weather data are real measurements at eleven stations (the weather prediction dataset, light
version, https://doi.org/10.5281/zenodo.5071376, CC-BY 4.0), or simulated with statistics taken
from them. The measurements come from the European Climate Assessment & Dataset: Klein Tank et al.
2002, International Journal of Climatology 22, 1441-1453, www.ecad.eu.

The pictures are photographs of the Dollar Street collection
(https://doi.org/10.5281/zenodo.10970014, CC-BY), or rendered by a program of the lesson (CC-BY
4.0), or of your own.

Of the second part of the course, only what does not come with every installation is here. The
housing data are the census of 1990 (Pace and Barry 1997), the digits are MNIST (Yann LeCun and
Corinna Cortes, CC BY-SA 3.0), the clothes are Fashion-MNIST (Zalando SE, MIT), the small
photographs are CIFAR-10 (Krizhevsky 2009).
"""


@app.command()
def status() -> None:
    """Show which data the lesson would use, and where they are."""
    from rich.console import Console
    from rich.table import Table

    from dl_lesson.data.errors import DataError
    from dl_lesson.data.sources import DATA_SETS, cache_fault, describe, find

    table = Table("Data set", "Used", "Found in", "Size", "State")
    notes = []
    for name, data_set in DATA_SETS.items():
        used, found_in, size, state = "", "", "", "OK"
        try:
            paths, found_in = find(name)
            size = f"{sum(path.stat().st_size for path in paths) / 1e6:.2f} MB"
            notes.append(f"{name}: {paths[0].parent}")
            used = describe(name)
            if fault := cache_fault(name):
                state = "FAIL (cache)"
                notes.append(f"{fault}.")
        except DataError as error:
            state = "FAIL"
            notes.append(str(error))
        table.add_row(data_set.title, used, found_in, size, state)
    Console().print(table)
    for note in notes:
        typer.echo(note)


@app.command()
def fetch(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Data sets to fetch."),
    ] = None,
    further: Annotated[
        bool, typer.Option("--further", help="Fetch what the second part of the course uses.")
    ] = False,
) -> None:
    """Download the real data into the cache. Without a network the lesson runs all the same.

    Without a name: weather and dollar_street, for the first part of the course. With --further:
    california_housing, digits, fashion and cifar, more than 200 MB in all.
    """
    from dl_lesson.data.fetch import REMOTES, FetchError, UnreachableError
    from dl_lesson.data.fetch import fetch as fetch_files
    from dl_lesson.data.sources import DATA_SETS

    names = names or [name for name in REMOTES if DATA_SETS[name].further == further]
    for name in names:
        if name not in REMOTES:
            _fail(f"{name} cannot be fetched; these can: {', '.join(REMOTES)}.")
    for name in names:
        remote = REMOTES[name]
        if remote.megabytes:
            typer.echo(f"{DATA_SETS[name].title}: {remote.megabytes} MB ...")
        try:
            fetch_files(remote)
        except FetchError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(UNREACHABLE if isinstance(error, UnreachableError) else 1) from error
        typer.echo(f"{DATA_SETS[name].title}: the real ones are in the cache.")


@app.command()
def verify() -> None:
    """Check the content of the data that the lesson would use; fail if any is damaged."""
    from dl_lesson.data.errors import DataError
    from dl_lesson.data.sources import DATA_SETS, cache_fault, describe, mobilenet_weights

    failed = False
    for name, data_set in DATA_SETS.items():
        if fault := cache_fault(name):
            failed = True
            typer.echo(f"FAIL  {data_set.title}: {fault}.")
            continue
        try:
            typer.echo(f"OK    {data_set.title}: {describe(name)}")
        except DataError as error:
            failed = True
            typer.echo(f"FAIL  {data_set.title}: {error}")
    try:
        mobilenet_weights()
        typer.echo("OK    ImageNet weights: MobileNetV2 (bundled with the lesson)")
    except DataError as error:
        failed = True
        typer.echo(f"FAIL  ImageNet weights: {error}")
    if failed:
        raise typer.Exit(1)


@app.command()
def mirror(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to.")],
) -> None:
    """Copy the data in use to a folder for DL_LESSON_DATA, such as a stick for a classroom."""
    from dl_lesson.data.errors import DataError
    from dl_lesson.data.fetch import REMOTES
    from dl_lesson.data.sources import DATA_SETS, cache_fault, describe, find

    files, contents = {}, []
    try:
        # What cannot be fetched comes with every installation.
        for name in REMOTES:
            data_set = DATA_SETS[name]
            # Nobody wants simulated data on a stick because the real ones are damaged.
            if fault := cache_fault(name):
                _fail(f"{fault}.")
            paths, place = find(name)
            if data_set.further and place == "bundled":
                continue
            contents.append(f"{data_set.title}: {describe(name)}")
            source = paths[0].parent
            for file in (*(path.name for path in paths), *data_set.optional):
                if (source / file).is_file():
                    files[folder / data_set.folder / file] = (source / file).read_bytes()
    except DataError as error:
        _fail(str(error))
    files[folder / "README.txt"] = MIRROR_README.format(contents="\n".join(contents)).encode()
    try:
        for path, content in files.items():
            if path.exists() and path.read_bytes() != content:
                _fail(f"{path}: there is another file already; delete it or name another folder.")
        for path, content in files.items():
            _write(path, content)
    except OSError as error:
        _fail(f"{error.filename or folder}: {error.strerror or error}; no half file is left there.")
    for line in contents:
        typer.echo(f"Copied. {line}")
    typer.echo(f"To use the copy, set DL_LESSON_DATA to {folder.resolve()}.")


def _write(path: Path, content: bytes) -> None:
    from dl_lesson.data.temporary import temporary_folder

    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_folder(".dl-lesson-copy-", path.parent) as temporary:
        copy = temporary / path.name
        copy.write_bytes(content)
        # A worn stick can keep other bytes than it was given.
        if copy.read_bytes() != content:
            raise OSError("the copy differs from what was written")
        copy.replace(path)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
