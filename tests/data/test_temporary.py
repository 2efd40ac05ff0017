import os
import platform

import pytest
from fault_tools import folder_of_a_killed_process

from dl_lesson.data.temporary import temporary_folder


def test_a_folder_goes_with_its_work_whatever_happens(tmp_path):
    with pytest.raises(KeyboardInterrupt), temporary_folder(".x-", tmp_path) as folder:
        (folder / "half").write_text("")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_the_next_deletes_what_a_killed_process_left_and_nothing_else(tmp_path):
    left = folder_of_a_killed_process(".x-", tmp_path)
    dead = left.name.split("-")[-2]
    kept = {
        folder_of_a_killed_process(".y-", tmp_path),
        # Of another computer that shares the folder, of a user, and of a process that still works.
        tmp_path / f".x-elsewhere-{dead}-a",
        tmp_path / ".x-mine",
        tmp_path / left.name.replace(f"-{dead}-", f"-{os.getppid()}-"),
    }
    for folder in kept:
        folder.mkdir(exist_ok=True)
    assert left.is_dir() and left.parent == tmp_path and platform.node()
    with temporary_folder(".x-", tmp_path) as first, temporary_folder(".x-", tmp_path) as second:
        assert set(tmp_path.iterdir()) == kept | {first, second}
    assert set(tmp_path.iterdir()) == kept
