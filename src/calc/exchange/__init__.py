"""Outside file formats: what public files of plans and prices say, read into the words of params/."""
