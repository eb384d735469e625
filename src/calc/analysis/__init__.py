"""What it means: outcomes → tables, each row a finished statement."""
