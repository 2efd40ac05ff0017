"""What no test can judge is listed for a reader, and nothing of it is left out."""

import importlib.util
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "words_for_a_reader.py"
spec = importlib.util.spec_from_file_location("benchmark_words", PATH)
words_for_a_reader = importlib.util.module_from_spec(spec)
spec.loader.exec_module(words_for_a_reader)

EPISODE = "02-penguins-classification"


@pytest.fixture
def listed(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["words_for_a_reader.py", EPISODE])
    words_for_a_reader.main()
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("A tree is better. We go on.", ["A tree is better."]),
        (
            "The loss\nfalls, and `x` is 3. It is red.\n\nLater it rises",
            ["The loss falls, and `x` is 3.", "Later it rises"],
        ),
        ("Call `better()` now. A morning is over.", []),
    ],
)
def test_sentences_that_rank_something_are_found(text, sentences):
    assert words_for_a_reader.sentences_of_order(text) == sentences


def test_all_three_lists_are_printed_with_their_places(listed):
    for title in ("places with a number", "sentences that rank something", "key points"):
        assert title in listed
    assert f"episodes/{EPISODE}.md:" in listed
