"""``calc new plan NAME --ask``: the questions of a Summary of Benefits, one by one."""

from __future__ import annotations

from pathlib import Path

import click

from ..exchange.summary import QUESTIONS, Question, plan_of_answers
from ..report.imported import write_plan

__all__ = ["asked_plan"]


def asked_plan(name: str, root: Path, year: int) -> None:
    """Ask, and write ``root/plans/NAME.yaml``.

    Raises
    ------
    ParameterFileError, SettingError
    """
    click.echo("Answer as the page does: $40, 20 %, no charge, not covered; add 'after deductible' or")
    click.echo("'deductible does not apply' where it says so. Press Enter where it says nothing.")
    label = click.prompt("Name of the plan, as on the page", type=str)
    year = click.prompt("Coverage period, year", type=click.IntRange(2020, 2040), default=year)
    answers = {each.name: _answer(number, each) for number, each in enumerate(QUESTIONS, start=1)}
    file, told = write_plan(plan_of_answers(answers, label=label, year=year), name, root)
    for line in told:
        click.echo(line)
    click.echo(f"{file} is written. Now run: calc check")


def _answer(number: int, question: Question) -> str:
    """Return an answer that can be read, asked for until there is one; nothing where it is passed over."""
    click.echo(f"\n{number} of {len(QUESTIONS)}  ({question.where})")

    def read(text: str) -> str:
        if text.strip():
            try:
                question.reads(text)
            except ValueError as error:
                raise click.BadParameter(str(error)) from error
        return text

    found: str = click.prompt(question.words, default="", show_default=False, value_proc=read)
    return found
