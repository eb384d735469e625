"""One notebook, run through papermill into a folder that appears under its final name only when whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import nbformat

from ..errors import Problem, RunError, SettingError, UnknownNameError, did_you_mean
from ..inputs.load import find_params, load_study
from .html import report_page
from .manifest import head, manifest
from .notebook import checked, refuse_flood
from .pdf import find_chromium, print_pdf
from .whole import whole_folder

__all__ = ["find_notebook", "run_parameters", "run_report", "write_page"]

_FORMATS = ("html", "pdf")


def find_notebook(name: str, params: Path) -> Path:
    """Return the notebook called ``name`` in ``notebooks/`` beside ``params``."""
    folder = params.resolve().parent / "notebooks"
    file = folder / f"{name.removesuffix('.ipynb')}.ipynb"
    if not file.is_file():
        raise UnknownNameError("notebook", name, (each.stem for each in folder.glob("*.ipynb")))
    return file


def run_parameters(
    study: str, params: Path, settings: Mapping[str, object], out: Path, overlays: Sequence[Path] = ()
) -> dict[str, object]:
    """Return the run parameters that hand a study, its settings and a folder to a notebook."""
    chosen: dict[str, object] = {"study": study, "params": str(params), "out": str(out)}
    laid = []
    for path, value in settings.items():
        name = path.removeprefix("study.")
        typed = name in ("plan", "horizon") or (name in ("draws", "seed") and isinstance(value, int))
        if path.startswith("study.") and typed:
            chosen[name] = value
        elif path == "study.views":
            chosen["views"] = _as_typed(value)
        else:
            laid.append(f"{path}={_as_typed(value)}")
    return chosen | {"settings": "\n".join(laid), "overlays": "\n".join(map(str, overlays))}


def _as_typed(value: object) -> str:
    """Return a value as somebody would type it after ``--set PATH=``."""
    if value is None:
        return "null"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def run_report(
    study: str,
    *,
    notebook: str,
    out: Path,
    params: Path | None = None,
    settings: Mapping[str, object] | None = None,
    overlays: Sequence[Path] = (),
    formats: Sequence[str] = ("html",),
    lang: str = "en",
    say: Callable[[str], object] = lambda _: None,
) -> Path:
    """Run a notebook on a study and return the folder of its results.

    The folder is ``out/<study>/<run>``, where ``run`` is a hash of everything that went in. Nothing
    is written before all inputs are found right, and a run that fails leaves nothing behind.

    ``formats`` are ``html`` and ``pdf``; the page is always there, a PDF needs an installed Chromium.

    Raises
    ------
    ParameterFileError, UnknownNameError, SettingError
        before any kernel starts.
    RunError
        naming the cell in which the notebook stopped.
    """
    if Path(study).suffix == ".yaml" and params is None:
        params = Path(study).resolve().parent.parent
    params = params or find_params()
    settings = settings or {}
    _check_formats(formats)
    inputs = load_study(study, root=params, settings=settings, overlays=overlays)
    file = find_notebook(notebook, params)
    facts = head(inputs, file)
    final = out / inputs.name / str(facts["run"])
    given = checked(file, run_parameters(inputs.name, params, settings, final, overlays))
    say(f"Running {file.name} on {inputs.name} ({inputs.study.draws:,} draws) …")
    with whole_folder(final) as work:
        seconds = _execute(file, work, {**given, "out": str(work)})
        started = time.perf_counter()
        write_page(work, title=inputs.study.label, study=inputs.name, lang=lang)
        if "pdf" in formats:
            print_pdf(work / "report.html", work / "report.pdf", day=inputs.patient.decision_date)
        seconds["page"] = time.perf_counter() - started
        (work / "manifest.json").write_text(manifest(facts, folder=work, seconds=seconds), encoding="utf-8")
    return final


def _execute(file: Path, work: Path, given: Mapping[str, object]) -> dict[str, float]:
    import papermill  # it takes a second to import
    from traitlets.config import Config

    # without this every kernel warns that it talks in clear over the loopback
    quiet = Config({"KernelManager": {"transport_encryption": "auto"}})
    started = time.perf_counter()
    try:
        executed = papermill.execute_notebook(
            str(file),
            str(work / "notebook.ipynb"),
            parameters=dict(given),
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
            config=quiet,
            shutdown_kernel="immediate",  # everything is saved; a polite end is slow and may complain
        )
    except papermill.exceptions.PapermillExecutionError as error:
        source = error.source.strip().splitlines()
        where = f"cell {error.exec_count} ({source[0] if source else ''})"
        raise RunError(f"{file.name} stopped in {where}: {error.ename}: {error.evalue}") from error
    refuse_flood(executed.cells)
    return {"notebook": time.perf_counter() - started}


def _check_formats(formats: Sequence[str]) -> None:
    if unknown := [each for each in formats if each not in _FORMATS]:
        problems = [
            Problem(f"--format {each}", "", f"there is no {each!r}", did_you_mean(each, _FORMATS)) for each in unknown
        ]
        raise SettingError(problems)
    if "pdf" in formats:
        find_chromium()


def write_page(work: Path, *, title: str, study: str, lang: str = "en") -> None:
    """Write the report page of the executed notebook in ``work``."""
    notebook = nbformat.read(work / "notebook.ipynb", as_version=4)
    footer = (
        f"Made by treatment-calc from the study “{study}”; manifest.json beside this page names the inputs. "
        "Not medical advice, and not a quote."
    )
    page = report_page(notebook, title=title, footer=footer, lang=lang)
    (work / "report.html").write_text(page, encoding="utf-8")
