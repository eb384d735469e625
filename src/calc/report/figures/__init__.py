"""The figures: each module takes a finished table and one Axes, and describes itself in words."""
