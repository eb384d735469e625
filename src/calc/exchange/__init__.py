"""Outside file formats, read into records of ours: plans, prices, statements."""
