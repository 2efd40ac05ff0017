"""Rendered pictures of ten household objects, drawn by a seeded generator.

Needs mitsuba (3.9 drew the bundled pictures), numpy, pillow and typer; ``measure`` needs
scikit-learn as well. In ``tools/``:

    python -m household draw train --out DIR
    python -m household draw test --out DIR
    python -m household measure DIR
    python -m household sheets --out DIR

A picture depends only on the seed, its split and its number. Changes are tried on the tuning split
and on sheets; the test split is drawn once, at the end.
"""
