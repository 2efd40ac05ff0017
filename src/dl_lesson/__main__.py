"""Run the command line with ``python -m dl_lesson``."""

from dl_lesson.cli import app

if __name__ == "__main__":
    app()
