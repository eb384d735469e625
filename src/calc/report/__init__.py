"""What is shown: tables → words, figures, pages and files."""
