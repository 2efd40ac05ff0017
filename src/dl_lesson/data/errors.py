"""The error of the loaders."""


class DataError(ValueError):
    """A data set is missing, damaged, or not what the lesson expects."""
