"""What a learner's commands do; all of it works from the wheel, without a checkout."""
