import os
from pathlib import Path

import pandas as pd
import pytest

from dl_lesson import read_results, record_results
from dl_lesson.data.errors import DataError

ROW = {
    "test_set": "one in five",
    "n_test": 69,
    "model": "network",
    "description": "4-10-3",
    "metric": "accuracy",
    "value": 0.957123,
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, cache):
    monkeypatch.chdir(tmp_path)
    return tmp_path / "results"


def test_what_was_recorded_is_read_back(capsys):
    record_results("02-penguins", "penguins", [ROW])
    record_results("03-weather", "weather", pd.DataFrame([ROW | {"model": "ridge"}] * 2))
    table = read_results()
    assert list(table["episode"]) == ["02-penguins", "03-weather", "03-weather"]
    assert list(table["data_source"]) == ["real", "simulated", "simulated"]
    assert table.loc[0, list(ROW)].to_dict() == ROW | {"value": 0.9571}
    assert "Recorded 2 results in results/03-weather.csv" in capsys.readouterr().out


def test_recording_again_replaces_the_episodes_rows():
    record_results("02-penguins", "penguins", [ROW, ROW])
    record_results("02-penguins", "penguins", [ROW])
    assert len(read_results()) == 1


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (3.14159e-5, 3.142e-05),
        (0.0, 0.0),
        (-0.957123, -0.9571),
        (3.26154, 3.2615),
        (0.0123456, 0.0123),
    ],
)
def test_a_small_value_is_not_rounded_away(value, kept):
    record_results("02-penguins", "penguins", [ROW | {"value": value}])
    assert read_results()["value"].tolist() == [kept]


def test_data_of_ones_own_can_be_recorded():
    record_results("02-penguins", "my beetles", [ROW])
    assert read_results().loc[0, ["data_set", "data_source"]].tolist() == ["my beetles", "own"]


def test_copies_and_files_of_other_systems_do_not_count(folder, capsys):
    record_results("02-penguins", "penguins", [ROW])
    for name in ("02-penguins-Copy1.csv", "02-penguins-Copy2.csv", "._02-penguins.csv"):
        (folder / name).write_bytes((folder / "02-penguins.csv").read_bytes())
    assert len(read_results()) == 1
    assert "copies: 02-penguins-Copy1.csv, 02-penguins-Copy2.csv\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], r"value, and nothing else; these have no row\.$"),
        ([{"model": 1, "seed": 2}], r"^Each result of 02.*; these have model, seed\.$"),
        ([{"model": "network"}], "test_set, n_test"),
        ([ROW | {"seed": 1}], "nothing else"),
        ([ROW, {key: ROW[key] for key in ROW if key != "n_test"}], "n_test"),
        ([ROW | {"value": float("inf")}], r"is not a finite number: inf\.$"),
        ([ROW, ROW | {"value": float("nan")}], r"is not a finite number: nan\.$"),
        ([ROW | {"value": "good"}], r"is not a finite number: good\.$"),
        ([ROW | {"model": None}], r"^A result of 02-penguins has nothing under model\.$"),
        ([ROW | {"model": None, "metric": None}], r"has nothing under model, metric\.$"),
    ],
)
def test_rows_that_say_too_little_are_refused_and_nothing_is_written(rows, words, folder):
    with pytest.raises(ValueError, match=words):
        record_results("02-penguins", "penguins", rows)
    assert not folder.exists()


def test_one_result_need_not_be_a_list():
    record_results("02-penguins", "penguins", ROW)
    assert len(read_results()) == 1


@pytest.mark.parametrize(
    "added", [" (1)", " - Copy", " - Copy (2)", " copy", " - Kopie", " (Kopie)", "-Copy1"]
)
def test_a_copy_counts_once_whatever_system_made_it(folder, added, capsys):
    record_results("02-penguins", "penguins", [ROW])
    record_results("02-penguins-of-mine", "penguins", [ROW | {"value": 0.5}])
    copy = folder / f"02-penguins{added}.csv"
    copy.write_bytes((folder / "02-penguins.csv").read_bytes())
    capsys.readouterr()
    assert sorted(read_results()["episode"]) == ["02-penguins", "02-penguins-of-mine"]
    assert capsys.readouterr().out == f"Left out as copies: {copy.name}\n"


def test_a_copy_under_another_name_counts_once(folder, capsys):
    record_results("02-penguins", "penguins", [ROW])
    (folder / "my backup.csv").write_bytes((folder / "02-penguins.csv").read_bytes())
    capsys.readouterr()
    assert read_results()["episode"].tolist() == ["02-penguins"]
    assert capsys.readouterr().out == "Left out as copies: my backup.csv\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe\x00", "this is not a text file"),
        (b"model,value\nB\xe4ume,1\n", "this cannot be read as a CSV file"),
        (b"a;b\n1;2\n", "semicolons stand between its values"),
        (b"a,b\n1,2\n", "column data_set is missing"),
    ],
)
def test_a_file_that_is_no_table_of_results_is_one_sentence(folder, content, words):
    record_results("02-penguins", "penguins", [ROW])
    (folder / "03-weather.csv").write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_results()
    message = str(caught.value)
    assert message.startswith(f"{Path('results', '03-weather.csv')}: {words}")
    assert message.endswith("; delete it, and run its notebook again.")


def test_a_failed_write_leaves_the_earlier_results(folder, monkeypatch):
    record_results("02-penguins", "penguins", [ROW])
    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        record_results("02-penguins", "penguins", [ROW, ROW])
    assert [path.name for path in folder.iterdir()] == ["02-penguins.csv"]
    assert len(read_results()) == 1


def test_the_file_is_a_plain_table(folder, monkeypatch):
    monkeypatch.setattr(os, "linesep", "\r\n")
    record_results("02-penguins", "penguins", [ROW])
    path = folder / "02-penguins.csv"
    assert path.read_bytes() == (
        b"data_set,data_source,test_set,n_test,model,description,metric,value\n"
        b"penguins,real,one in five,69,network,4-10-3,accuracy,0.9571\n"
    )
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o644


def test_it_is_written_aside_in_the_same_folder(folder, monkeypatch):
    # Only there is a renaming never half done; no half table may lie among the others.
    written = []
    to_csv = pd.DataFrame.to_csv

    def note(table, path, **options):
        written.append(Path(path).resolve())
        to_csv(table, path, **options)

    monkeypatch.setattr(pd.DataFrame, "to_csv", note)
    record_results("02-penguins", "penguins", [ROW])
    (aside,) = [path.parent for path in written]
    assert aside.parent == folder.resolve() and aside.name.startswith(".recording-")


def test_nothing_recorded_is_one_sentence():
    with pytest.raises(FileNotFoundError) as caught:
        read_results()
    assert str(caught.value) == (
        "There is no table in the folder results beside this notebook; run one of the notebooks of "
        "episodes 2 to 5 first."
    )
