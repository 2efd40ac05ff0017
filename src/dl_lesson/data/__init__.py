"""The data of the lesson: where they are, what they may hold, and fetching the real ones."""
