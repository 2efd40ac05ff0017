"""What the lesson knows about each data set: its files, their checksums, and how to read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from dl_lesson.data import tables, weather
from dl_lesson.data.errors import DataError

if TYPE_CHECKING:
    from dl_lesson.data.pictures import DollarStreet
    from dl_lesson.data.small_pictures import SmallPictures

Source = Literal["real", "part", "simulated", "rendered", "stand-in", "own"]

# Lies beside fetched files: their publisher's checksums, a line "file algorithm:digest" for each.
PUBLISHED = "published_checksums.txt"
RENDERED = {
    "train_images.npy": "7493313cc256b8ec28456b46902d9ba6ddb8e26b7c10c3304de7e78be55d9ca3",
    "train_labels.npy": "c2338283b275649b1e64ec631f29735de4d67b89cf184e2a70f98cf618760b6a",
    "test_images.npy": "2ba0bbade86e3a263d602ce27c3332917b38c789c1e471446fc975cd37af3a19",
    "test_labels.npy": "d53d073f5bcbd95e24c5f1014be5f617645fab6c6b464d00ad5f1450e68aa8f3",
}
BUNDLED = "bundled with the lesson"


@dataclass(frozen=True)
class DataSet:
    """What the lesson knows about a data set.

    Attributes
    ----------
    title : str
        Name for people.
    folder : str
        Folder below a data folder.
    read : callable
        Reads and checks files, given in the order of a version; returns the data and, in words,
        how many.
    origin : str
        What the real data are and who took them.
    versions : mapping of str to mapping of str to str
        Version -> file name -> SHA-256, see `dl_lesson.data.sources.checksum`. Only the real data,
        when they come with the lesson. Of two versions in one folder, the first one counts.
    bundled : str
        In words, what comes with the lesson where it is not the real data.
    optional : tuple of str
        Names of files that a folder may hold besides.
    is_altered : callable
        Tells of a folder whether one of these makes other data of the known files.
    further : bool
        Whether the second part of the course uses it: then it is fetched only when asked for.
    made_from : str
        Folder of the bundled files, where they belong to another data set.
    """

    title: str
    folder: str
    read: Callable[..., tuple[Any, str]]
    origin: str
    versions: Mapping[Source, Mapping[str, str]]
    bundled: str = ""
    optional: tuple[str, ...] = ()
    is_altered: Callable[[Path], bool] = lambda _: False
    further: bool = False
    made_from: str = ""

    @property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """Names of the files that make up the data set, for each form that it may have."""
        return tuple(dict.fromkeys(tuple(files) for files in self.versions.values()))

    @property
    def published_forms(self) -> tuple[tuple[str, ...], ...]:
        """The forms that a folder of somebody's own or the cache may hold."""
        return self.forms[: -1 if self.made_from else None]

    @property
    def may_be_replaced(self) -> bool:
        """Whether other files than those that come with the lesson are read."""
        return list(self.versions) != ["real"]

    def describe(self, source: Source, n_files: int) -> str:
        """Say in a few words which version this is."""
        if source == "own":
            return "a file of your own" if n_files == 1 else "files of your own"
        return self.origin if source == "real" else f"{self.bundled} ({BUNDLED})"


def _read_penguins(path: Path) -> tuple[pd.DataFrame, str]:
    table = tables.read_csv(path)
    return table, f"{len(table)} penguins"


def _read_weather(path: Path) -> tuple[pd.DataFrame, str]:
    table = tables.read_csv(path)
    if fault := weather.find_fault(table):
        raise DataError(f"{path}: {fault}")
    return table, f"{len(table)} days"


def _read_table(path: Path) -> tuple[pd.DataFrame, str]:
    table = tables.read_table(path)
    return table, f"{len(table)} rows"


def _read_dollar_street(path: Path, *_: Path) -> "tuple[DollarStreet, str]":
    from dl_lesson.data import pictures

    content = pictures.read(path.parent)
    n_train, n_validation, n_test = (len(split.labels) for split in content[:3])
    return content, f"{n_train} training, {n_validation} validation and {n_test} test pictures"


def _has_other_names(folder: Path) -> bool:
    from dl_lesson.data import pictures

    return pictures.read_class_names(folder) not in ((), pictures.PUBLISHED_NAMES)


def _read_small_pictures(*paths: Path) -> "tuple[SmallPictures, str]":
    from dl_lesson.data import small_pictures

    content = small_pictures.read(*paths)
    n_train, n_test = len(content.train_labels), len(content.test_labels)
    return content, f"{n_train} training and {n_test} test pictures"


DATA_SETS = {
    "penguins": DataSet(
        title="Penguin data",
        folder="penguins",
        read=_read_penguins,
        origin="real measurements (Palmer Station LTER)",
        versions={
            "real": {
                "penguins.csv": "e8b4963bd800a44c107d88d4795059f77c9ba222ca00771f45274d5b0e4cb73c"
            }
        },
    ),
    "weather": DataSet(
        title="Weather data",
        folder="weather",
        read=_read_weather,
        origin="real measurements (ECA&D)",
        versions={
            "real": {
                "weather_prediction_dataset_light.csv": (
                    "d10b70448e6848a66958a18667f4dbf8a4ef13b166f6803a7ab2057c6ec9d438"
                )
            },
            "simulated": {
                "weather_prediction_dataset_light.csv": (
                    "7e7682a8cdddd61278d8ae32a74c05876a5dad96a8828e07ca010214420ea8ad"
                )
            },
        },
        bundled="simulated",
    ),
    "dollar_street": DataSet(
        title="Picture data",
        folder="dataset_dollarstreet",
        read=_read_dollar_street,
        origin="real photographs (Dollar Street)",
        versions={"rendered": RENDERED},
        bundled="rendered",
        optional=("class_names.txt", "test_conditions.csv", PUBLISHED),
        is_altered=_has_other_names,
    ),
    "diamonds": DataSet(
        title="Diamond data",
        folder="diamonds",
        read=_read_table,
        origin="real prices (ggplot2)",
        versions={
            "real": {
                "diamonds.csv.gz": (
                    "243996d7650e84e190a88d505b44c3a0be1bcfc7b4f32606d60d103a51494b9e"
                )
            }
        },
        further=True,
    ),
    "pima_diabetes": DataSet(
        title="Diabetes data",
        folder="pima_diabetes",
        read=_read_table,
        origin="real measurements (National Institute of Diabetes)",
        versions={
            "real": {
                "pima_diabetes.csv.gz": (
                    "c980e5e01dc1c554a358102b773f34b29599d0051ec5cf5b56ad1c6fcb3a23b0"
                )
            }
        },
        further=True,
    ),
    "california_housing": DataSet(
        title="Housing data",
        folder="california_housing",
        read=_read_table,
        origin="real, the census of 1990",
        versions={
            "real": {
                "cal_housing.tgz": (
                    "aaa5c9a6afe2225cc2aed2723682ae403280c4a3695a2ddda4ffb5d8215ea681"
                )
            },
            "simulated": {
                "california_housing.csv.gz": (
                    "ba0af76630167470fe6e45252245cdf1e1f9c67146b1b2711c5250d912f76bc8"
                )
            },
        },
        bundled="a simulated stand-in, not the census",
        further=True,
    ),
    "digits": DataSet(
        title="Digits",
        folder="digits",
        read=_read_small_pictures,
        origin="real, the whole of MNIST",
        versions={
            "real": {
                "mnist.npz": "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
            },
            "part": {
                "digits.npz": "fb125514a486ec59150657c1d7a3d78354e580787b5c92da00430fadd1df5563"
            },
        },
        bundled="a part of the real ones",
        further=True,
    ),
    "fashion": DataSet(
        title="Pictures of clothes",
        folder="fashion-mnist",
        read=_read_small_pictures,
        origin="real, the whole of Fashion-MNIST",
        versions={
            "real": {
                "train-images-idx3-ubyte.gz": (
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
                ),
                "train-labels-idx1-ubyte.gz": (
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
                ),
                "t10k-images-idx3-ubyte.gz": (
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
                ),
                "t10k-labels-idx1-ubyte.gz": (
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
                ),
            },
            "part": {
                "fashion.npz": "a6a5f2caefb1325295a9f6f46c75401a011fd920a40f2f7334050aa38f99cf83"
            },
        },
        bundled="a part of the real ones",
        further=True,
    ),
    "cifar": DataSet(
        title="Small photographs",
        folder="cifar-10",
        read=_read_small_pictures,
        origin="real photographs (CIFAR-10)",
        versions={
            "real": {
                "cifar-10-binary.tar.gz": (
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
                )
            },
            "stand-in": RENDERED,
        },
        bundled="a stand-in made of the rendered household pictures, not CIFAR-10",
        further=True,
        made_from="dataset_dollarstreet",
    ),
}
