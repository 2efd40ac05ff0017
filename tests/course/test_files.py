"""What a command writes where people work, and what it finds changed there."""

import json

import pytest

from dl_lesson.course.files import bring


@pytest.mark.parametrize("content", ["", '{"a.tx', "[]", "null", None])
def test_a_damaged_record_is_written_anew_and_changes_are_kept(tmp_path, capsys, content):
    folder, aside = tmp_path / "folder", tmp_path / "aside"
    for path in (folder, aside):
        path.mkdir()
        (path / "same.txt").write_text("same")
        (path / "other.txt").write_text(f"from {path.name}")
    if content is not None:
        (folder / "record.json").write_text(content)
    assert bring(aside, folder, "record.json") == [
        f"You changed {folder / 'other.txt'}: your version is now other-changed.txt."
    ]
    assert (folder / "other.txt").read_text() == "from aside"
    assert (folder / "other-changed.txt").read_text() == "from folder"
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == (content is not None)
    assert all("record.json: this record of what was copied is damaged; it" in w for w in lines)
    assert sorted(json.loads((folder / "record.json").read_text())) == ["other.txt", "same.txt"]
