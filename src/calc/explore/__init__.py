"""The comparison as something to turn in one's hands: :func:`explore` in a notebook, and the same as a web page."""
