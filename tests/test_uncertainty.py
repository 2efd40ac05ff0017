import numpy as np
import pytest

from dl_lesson import standard_error


def test_a_share_has_the_standard_error_of_the_binomial_distribution():
    right = np.array([True] * 67 + [False] * 33)
    assert standard_error(right) == pytest.approx(np.sqrt(0.67 * 0.33 / 100))


def test_it_is_the_spread_of_means_over_many_samples():
    generator = np.random.default_rng(1)
    means = generator.normal(3, 2, size=(4000, 50)).mean(axis=1)
    estimates = [standard_error(row) for row in generator.normal(3, 2, size=(200, 50))]
    assert np.mean(estimates) == pytest.approx(means.std(), rel=0.05)


@pytest.mark.parametrize(
    ("values", "words"),
    [([], r"shape \(0,\)"), ([[1, 2]], r"shape \(1, 2\)"), ([1, np.nan], "not numbers")],
)
def test_what_has_no_standard_error_is_refused(values, words):
    with pytest.raises(ValueError, match=words):
        standard_error(values)
