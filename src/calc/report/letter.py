"""What differs on somebody's statements as a letter to send, and as words for a phone call; it accuses nobody."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from textwrap import fill

from ..analysis.statements import BillCheck, Difference
from ..errors import Problem, SettingError
from .difference_words import asked_of, dollars, looks_like, plan_says, service, which
from .whole import write_whole

__all__ = ["check_letters", "letter_page", "letter_text", "save_letter"]

_PLEASE = "This line differs from what the plan's terms give; please explain."
_FORMS = (".html", ".txt")
_QUESTIONS = (
    "Which rule of the plan was this line split by, and where does it stand in the plan's document?",
    "What is counted towards the deductible and the out-of-pocket maximum after this line?",
    "If the line is split again: when will the corrected statement come, and what happens to the bill until then?",
)


def check_letters(files: Sequence[Path]) -> None:
    """Raise for letters that have no form that there is.

    Raises
    ------
    SettingError
    """
    fix = "Name it .html to send or print it, .txt to read it out."
    problems = [
        Problem(f"--letter {file}", "", f"there is no letter of the form {file.suffix or 'without an ending'!r}", fix)
        for file in files
        if file.suffix not in _FORMS
    ]
    if problems:
        raise SettingError(problems)


def save_letter(done: BillCheck, file: Path, *, name: str = "") -> None:
    """Write a letter, as a page or as text by the file's ending.

    Raises
    ------
    SettingError, RunError
        if its ending is none of these, or it cannot be written.
    """
    check_letters([file])
    text = letter_page(done, name=name) if file.suffix == ".html" else letter_text(done, name=name)
    write_whole(file, text.encode("utf-8"))


def _parts(fault: Difference, done: BillCheck) -> Iterator[tuple[str, list[str]]]:
    """Yield the headings of one difference, each with its sentences."""
    visit, right = fault.visit, fault.right
    printed = [
        f"{name.replace('_', ' ')} {dollars(visit.printed[name])}"
        for name in ("billed", "allowed", "deductible", "copay", "coinsurance", "not_covered", "plan_paid", "you_owe")
        if visit.printed[name] is not None
    ]
    yield "What the statement says", [f"For {service(visit.category)}: {', '.join(printed)}."]
    yield "What the plan's document says", plan_says(done.plan, fault)
    yield "Why it differs, as far as the figures show", looks_like(fault)[:1]
    if right is None:
        yield "What would be right", ["The allowed amount is not printed, so the split cannot be worked out here."]
    else:
        split = {**right.columns}
        parts = [f"{name.replace('_', ' ')} {dollars(split[name])}" for name in
                 ("deductible", "copay", "coinsurance", "not_covered", "plan_paid") if split[name]]  # fmt: skip
        words = [f"By these terms: {', '.join(parts)}. You would owe {dollars(right.owed)}."]
        if fault.excess:
            more = "more" if fault.excess > 0 else "less"
            words.append(f"The statement asks for {dollars(abs(fault.excess))} {more}.")
        yield "What would be right", words
    if later := done.owed_to(fault):
        yield "Later lines that follow from it", [_later(each) for each in later]


def _later(each: Difference) -> str:
    right = "not known" if each.right is None else dollars(each.right.owed)
    return f"{which(each)}: owed by the statement {dollars(each.visit.asked)}, by the terms {right}."


def _opening(done: BillCheck) -> str:
    if not done.faults:
        return f"All lines are split as the terms of “{done.plan.label}” give. There is nothing to ask."
    return (
        f"I set my statements beside the terms of “{done.plan.label}”. "
        f"{'These lines differ' if len(done.faults) > 1 else 'This line differs'} from what the terms give. There may "
        "be a good reason that I do not see. I took the lines in the order of their dates; the claims may have come in "
        "another order."
    )


def letter_text(done: BillCheck, *, name: str = "") -> str:
    """Return what to say on the phone, difference by difference, with room for the answers."""
    lines = ["For a phone call about my statements", "", fill(_opening(done), 96)]
    for number, fault in enumerate(done.faults, start=1):
        lines += ["", f"{number}. {which(fault)}", f"   Call {asked_of(fault)}.", f"   Say: {_PLEASE}"]
        for heading, sentences in _parts(fault, done):
            lines.append(f"   {heading}:")
            lines += [fill(each, 96, initial_indent="     ", subsequent_indent="     ") for each in sentences]
        lines.append("   Ask:")
        lines += [fill(each, 96, initial_indent="     - ", subsequent_indent="       ") for each in _QUESTIONS]
    if done.faults:
        lines += ["", "Write down: the day, whom you spoke with, the reference number of the call, what was said."]
    return "\n".join([*lines, *(["", name] if name else []), ""])


def letter_page(done: BillCheck, *, name: str = "") -> str:
    """Return the letter as one page of HTML that loads nothing from anywhere."""
    style = (resources.files("calc.report") / "report.css").read_text("utf-8")
    body = [f"<h1>A question about my statements</h1>\n<p>{_safe(_opening(done))}</p>"]
    for number, fault in enumerate(done.faults, start=1):
        body.append(f"<h2>{number}. {_safe(which(fault))}</h2>")
        body.append(f"<p><strong>{_safe(_PLEASE)}</strong> To: {_safe(asked_of(fault))}.</p>")
        for heading, sentences in _parts(fault, done):
            body += [f"<h3>{_safe(heading)}</h3>", *(f"<p>{_safe(each)}</p>" for each in sentences)]
        body += ["<h3>Please tell me</h3>", "<ul>", *(f"<li>{_safe(each)}</li>" for each in _QUESTIONS), "</ul>"]
    if name:
        body.append(f"<p>{_safe(name)}</p>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>A question about my statements</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{chr(10).join(body)}\n</main>\n</body>\n</html>\n"
    )


def _safe(text: str) -> str:
    return html.escape(text)
