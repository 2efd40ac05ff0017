"""Processes that stand for machines: each wait for one has an end."""

import pytest


@pytest.fixture
def group(scaling_scripts, tmp_path):
    from processes import Processes

    script = tmp_path / "script.py"
    script.write_text(
        "import sys, time\n"
        "what = sys.argv[1]\n"
        "print('first', flush=True)\n"
        "if what == 'fail':\n"
        "    sys.exit(3)\n"
        "if what == 'sleep':\n"
        "    time.sleep(600)\n"
    )
    return Processes(str(script))


def test_what_a_process_prints_is_passed_on(group, capsys):
    with group:
        group.read_until(group.start("end", watched=True), "first", 60)
    assert capsys.readouterr().out == "first\n"


def test_a_process_that_says_nothing_is_one_sentence(group):
    with group:
        process = group.start("sleep", watched=True)
        with pytest.raises(SystemExit, match='No "second" after 1 seconds; all processes'):
            group.read_until(process, "second", 1)
    assert process.returncode


def test_a_process_that_ends_too_early_is_one_sentence(group):
    with group, pytest.raises(SystemExit, match='ended before it said "second"'):
        group.read_until(group.start("end", watched=True), "second", 60)


def test_a_process_that_fails_is_not_hidden_by_one_that_waits_for_it(group):
    with group:
        waiting = group.start("sleep")
        with pytest.raises(SystemExit, match="A process ended with status 3; all others"):
            group.wait([waiting, group.start("fail")], 600)
    assert waiting.returncode


def test_a_wait_has_an_end(group):
    with group, pytest.raises(SystemExit, match=r"Not finished after 0\.5 seconds"):
        group.wait([group.start("sleep")], 0.5)
