"""What is derived from an episode for each kind of reader."""
