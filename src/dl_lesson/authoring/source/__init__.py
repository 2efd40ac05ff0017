"""Reading an episode: its grammar, its rules, its parts."""
