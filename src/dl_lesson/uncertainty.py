"""How far a score may be from the score on all samples there are."""

import numpy as np
from numpy.typing import ArrayLike


def standard_error(values: ArrayLike) -> float:
    """Estimate the standard error of a mean, which is how much chance moves it.

    Parameters
    ----------
    values : array_like of bool or float, shape (n_samples,)
        One value for each sample: whether a prediction is right, its squared error, or by how
        much one model's error exceeds another's.

    Returns
    -------
    float
        Standard deviation of the values, divided by the square root of their number [1]_. For a
        share `p` of right predictions it is ``sqrt(p * (1 - p) / n_samples)``.

    Raises
    ------
    ValueError
        If there is no value, more than one column, or one is not a finite number.

    References
    ----------
    .. [1] D. G. Altman and J. M. Bland (2005), Standard deviations and standard errors, BMJ.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or not values.size or not np.isfinite(values).all():
        raise ValueError(
            "standard_error needs one finite number for each sample; "
            f"it got an array of shape {values.shape}"
            + ("." if np.isfinite(values).all() else " with values that are not numbers.")
        )
    return float(values.std() / np.sqrt(values.size))
