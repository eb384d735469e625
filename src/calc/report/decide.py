"""``calc decide``: tables of draws in CSV → a folder of tables, figures and what they say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import pandas as pd

from ..analysis.decide import Decision, decide
from ..analysis.evsi import MeasuredMean, ObservedShare, evsi
from ..errors import RunError
from ..inputs.distribution import Vector
from ..inputs.draws_table import read_draws
from ..inputs.values import StudyDesign
from ..model.sample import uniforms
from .decision_words import headline
from .figures.gallery import decision_slides
from .figures.lines import Wording
from .manifest import sha256
from .progress import Progress
from .save import save_slide
from .whole import whole_folder

__all__ = ["run_decide"]

_MARK = "calc decide"


def run_decide(
    cost: Path,
    effect: Path,
    parameters: Path | None,
    *,
    wtp: Vector,
    out: Path,
    reference: str | None = None,
    at: float | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    designs: Sequence[StudyDesign] = (),
    words: Wording,
    progress: Progress,
) -> str:
    """Analyse tables of draws, write the results to the folder ``out``, and return what they say in words.

    Nothing is written before all inputs are found right; the folder appears whole or not at all, in place
    of an earlier one of this kind.

    Raises
    ------
    DrawsError, UnknownNameError
        before anything is computed.
    SelfCheckError
        if a result breaks a law; nothing is written.
    RunError
        if ``out`` holds something else, or cannot be written.
    """
    _free(out)
    costs, effects, known = read_draws(cost, effect, parameters)
    with progress.step("Analysis"):
        decision = decide(costs, effects, wtp=wtp, parameters=known, reference=reference, at=at, groups=groups)
        studies = [_worth(decision, each) for each in designs]
    tables = {**decision.tables(), **({"evsi": pd.concat(studies, ignore_index=True)} if studies else {})}
    said = headline(decision, words)
    with whole_folder(out) as work:
        for name, table in tables.items():
            (work / f"{name}.csv").write_bytes(_csv(table).encode("utf-8"))
        slides = decision_slides(decision, words)
        with progress.step("Figures", len(slides)):
            for slide in slides:
                progress.advance(slide.name)
                save_slide(slide, work / "figures")
        (work / "headline.txt").write_text(f"{said}\n", encoding="utf-8")
        files = [file for file in (cost, effect, parameters) if file is not None]
        (work / "manifest.json").write_text(_manifest(decision, files, words, work), encoding="utf-8")
    return said


def _worth(decision: Decision, design: StudyDesign) -> pd.DataFrame:
    """Return what a study would be worth, whose luck is the same on each run."""
    draws = decision.problem.draws
    luck = uniforms("future study", [design.parameter], draws=1 << (draws - 1).bit_length(), seed=0)
    kind = ObservedShare() if design.sd is None else MeasuredMean(design.sd)
    return evsi(
        decision.problem,
        decision.found,
        design.parameter,
        kind,
        sizes=design.sizes,
        uniforms=luck[design.parameter][:draws],
    )


def _free(out: Path) -> None:
    """Refuse a folder that holds something which an earlier run of this command did not write."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    try:
        made_by = json.loads((out / "manifest.json").read_text("utf-8")).get("made_by")
    except (OSError, ValueError, AttributeError):
        made_by = None
    if made_by != _MARK:
        raise RunError(f"{out} holds something else, which would be lost. Name a new folder after --out.")


def _csv(table: pd.DataFrame) -> str:
    if "switches" in table:
        table = table.assign(switches=[" ".join(f"{each:.10g}" for each in some) for some in table["switches"]])
    return table.to_csv(index=False, lineterminator="\n", float_format="%.15g")


def _manifest(decision: Decision, files: Sequence[Path], words: Wording, folder: Path) -> str:
    problem = decision.problem
    written = sorted(file for file in folder.rglob("*") if file.is_file())
    content = {
        "made_by": _MARK,
        "inputs": {file.name: sha256(file.read_bytes()) for file in files},
        "options": problem.options,
        "reference": problem.reference,
        "draws": problem.draws,
        "wtp": {"from": problem.wtp[0], "to": problem.wtp[-1], "values": problem.wtp.size, "at": decision.value},
        "groups": {name: list(members) for name, members in decision.groups.items()},
        "currency": words.currency,
        "effect": words.effect,
        "versions": {
            name: metadata.version(name) for name in ("treatment-calc", "numpy", "scipy", "pandas", "matplotlib")
        },
        "files": {file.relative_to(folder).as_posix(): sha256(file.read_bytes()) for file in written},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
