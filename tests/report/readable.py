"""How many years of school a text asks for, after Flesch and Kincaid (1975), for the tests that read what users read."""

from __future__ import annotations

import re

__all__ = ["grade"]

_VOWELS = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """Return the grade: syllables are runs of vowels, a silent last e left out; numbers count as one short word."""
    text = re.sub(r"(?<=\d)[,.](?=\d)|[$*]", "", text)
    sentences = [part for part in re.split(r"[.!?](?:\s|$)", text) if re.search(r"\w", part)]
    words = re.findall(r"[A-Za-z]+|\d+", text)
    syllables = sum(max(1, len(_VOWELS.findall(re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
