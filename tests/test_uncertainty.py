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
    [([], "(0,)."), ([[1, 2]], "(1, 2)."), ([1, np.nan], "(2,) with values that are not numbers.")],
)
def test_what_has_no_standard_error_is_refused(values, words):
    with pytest.raises(ValueError) as caught:
        standard_error(values)
    assert str(caught.value) == (
        f"standard_error needs one finite number for each sample; it got an array of shape {words}"
    )


def test_it_counts_in_full_precision():
    # In half precision their spread is too large a number.
    assert standard_error(np.float16([60000, -60000])) == pytest.approx(60000 / np.sqrt(2))
