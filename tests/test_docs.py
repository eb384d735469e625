"""What the README and the docs tell people to type does what they say; links lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from calc.cli import main
from calc.inputs.claim import Claim
from calc.inputs.effect import Effect
from calc.inputs.load import load_library
from calc.report.pdf import CHROMIUMS

REPOSITORY = Path(__file__).resolve().parent.parent
DOCUMENTS = REPOSITORY.parent / "shared" / "documents"
README = (REPOSITORY / "README.md").read_text("utf-8")
MOST_WORDS = 1200
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
DRAWING = ("compare", "explain", "page", "report", "export")
#: what sets up a machine or runs everything; each is a target of the Makefile, or the recipe of one
SETTING_UP = re.compile(r"make \w+|python3 -m venv .venv|\.venv/bin/(?:python -m (?:pip|pytest)|calc report) ?.*")
#: what the pages' commands read, in the columns that it names
TABLES = {
    "bills.csv": "date,category,allowed,cash_price\n2027-01-12,specialist_visit,180,250\n2027-02-02,imaging,900,1400\n",
    "my_plan.json": '{"plan_name": "Mine", "plan_year": 2026, "accumulators": {"individual_deductible": {"amount": 500}}, '
    '"benefits": [{"canonical_key": "specialist", "network_cost_shares": [{"tier_id": "IN", "covered": true, '
    '"cost_shares": [{"type": "copay", "amount": 40}]}]}]}',
    "cost.csv": "Wait and see,Injection\n"
    + "".join(f"{80 + draw % 7},{900 + 31 * draw % 400}\n" for draw in range(64)),
    "effect.csv": "Wait and see,Injection\n" + "".join(f"{draw % 5},{4 + 7 * draw % 19}\n" for draw in range(64)),
    "parameters.csv": "needle,visit\n" + "".join(f"{31 * draw % 400},{draw % 7}\n" for draw in range(64)),
    "prices.csv": "code,price\n64635,1450\n",
    "patients.csv": "name,plan.deductible,patient.met.deductible,patient.met.out_of_pocket\nA,1500,0,0\nB,3000,800,800\n",
}


def blocks(page: Path, language: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [text for of, text in found if of == language]


def lines(page: Path) -> Iterator[str]:
    """Yield the lines of a page's blocks of commands, continued lines joined, comments off."""
    for block in blocks(page, ""):
        for line in block.replace("\\\n", " ").splitlines():
            command = re.sub(r"\s+#.*$", "", line).strip()
            if command:
                yield re.sub(r"\s+", " ", command)


COMMANDS = list(dict.fromkeys(line for page in PAGES for line in lines(page) if line.startswith("calc ")))


def test_every_line_of_a_block_is_a_command_that_is_run_or_one_that_sets_up() -> None:
    for page in PAGES:
        for line in lines(page):
            assert line in COMMANDS or SETTING_UP.fullmatch(line), f"{page.name}: {line}"


def test_the_readme_is_short() -> None:
    assert len(README.split()) <= MOST_WORDS


def test_the_readme_shows_two_pictures_and_ten_things_each_with_its_command() -> None:
    assert len(re.findall(r"^!\[", README, re.MULTILINE)) == 2
    things = re.split(r"^\*\*(\d+)\. ", README, flags=re.MULTILINE)[1:]
    assert things[::2] == [str(number) for number in range(1, 11)]
    assert all(re.search(r"^```\ncalc ", text, re.MULTILINE) for text in things[1::2])


def test_every_make_target_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^(\w+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"`make (\w+)`", page.read_text("utf-8"))) <= targets


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place as the pages suppose it: parameters, notebooks, and the files that they suppose; batches cut short."""
    made = tmp_path_factory.mktemp("place")
    for name in ("params", "notebooks"):
        shutil.copytree(REPOSITORY / name, made / name)
    [quote] = blocks(REPOSITORY / "docs" / "your_numbers.md", "yaml")
    (made / "my_quote.yaml").write_text(quote, encoding="utf-8")
    shutil.copy(made / "params" / "patients" / "default.yaml", made / "me.yaml")
    for name, text in TABLES.items():
        (made / name).write_text(text, encoding="utf-8")
    statements = REPOSITORY / "tests" / "cases" / "statements"
    shutil.copy(statements / "letters.csv", made / "letters.csv")
    shutil.copy(statements / "ppo_2026.csv", made / "statements.csv")
    for name, part in (
        ("benefits-and-cost-sharing-puf", "cost_sharing_2026_raw"),
        ("plan-attributes-puf", "attributes_2026"),
    ):
        with zipfile.ZipFile(made / f"{name}.zip", "w") as packed:
            packed.write(REPOSITORY / "tests" / "cases" / "coverage_examples" / f"plans_{part}.csv", f"{name}.csv")
    for file in (made / "params" / "batches").glob("*.yaml"):
        file.write_text(re.sub(r"\[([^],]+),[^]]*\]", r"[\1]", file.read_text("utf-8")).replace("4096", "64"), "utf-8")
    return made


def run(folder: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    words = shlex.split(command)[1:]
    if words[0] in DRAWING:
        words += ["--draws", "64"]
    if words[0] in ("report", "export") and "--view" not in words:
        words += ["--view", "guideline"]  # half the pictures; what two views look like is tested elsewhere
    if words[0] == "app":  # it would serve until it is stopped
        words += ["--dry-run"]
    asked = "Mine\n2026\n$500\n\n\n\n\n$40\n" + 9 * "\n" if "--ask" in words else ""
    done = CliRunner().invoke(main, words, input=asked)
    assert done.exit_code == 0, f"{command}: {done.output}"
    return done.output


@pytest.mark.parametrize("command", [each for each in COMMANDS if "outputs/STUDY/RUN" not in each])
def test_a_command_of_the_pages_runs(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "pdf" in command and not any(map(shutil.which, CHROMIUMS)) and " report " in command:
        pytest.skip("no Chromium is installed on this machine")
    if "DIR" in command:
        if not DOCUMENTS.is_dir():
            pytest.skip("the five documents are not beside this repository")
        command = command.replace("DIR", str(DOCUMENTS))
    asked_for = "my_treatment" in command and not command.startswith("calc new")
    if asked_for and not (folder / "params/treatments/my_treatment.yaml").exists():
        run(folder, "calc new treatment my_treatment", monkeypatch)
    if re.search(r"^calc (?!new|import).*my_plan", command) and not (folder / "params/plans/my_plan.yaml").exists():
        run(folder, "calc new plan my_plan", monkeypatch)
    if "--with prices.yaml" in command and not (folder / "prices.yaml").exists():
        run(folder, "calc import prices prices.csv --treatment facet_nerve_ablation --out prices.yaml", monkeypatch)
    target = re.match(r"calc new (\w+) (\w+)", command) or re.match(r"calc import (\w+) .*--as (\w+)", command)
    if target:
        (folder / "params" / f"{target[1].replace('study', 'studie')}s" / f"{target[2]}.yaml").unlink(missing_ok=True)
    assert run(folder, command, monkeypatch)


def test_two_runs_can_be_told_apart_as_the_pages_say(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "calc moved outputs/STUDY/RUN outputs/STUDY/RUN" in COMMANDS
    runs = sorted((folder / "outputs" / "chronic_low_back_pain").glob("[0-9a-f]*"))
    if not runs:
        run(folder, "calc report chronic_low_back_pain", monkeypatch)
        runs = sorted((folder / "outputs" / "chronic_low_back_pain").glob("[0-9a-f]*"))
    assert "same" in run(folder, f"calc moved {runs[0]} {runs[0]}", monkeypatch)


def test_a_quote_in_a_file_is_taken_as_the_pages_say(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "yours" in run(folder, "calc compare chronic_low_back_pain --with my_quote.yaml", monkeypatch)


def test_the_batch_in_the_pages_is_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [batch] = blocks(REPOSITORY / "docs" / "batches.md", "yaml")
    (folder / "params" / "batches" / "mine.yaml").write_text(batch, encoding="utf-8")
    shutil.copy(folder / "patients.csv", folder / "params" / "batches")
    # three plans with two quotes each but for one pair, for each of the table's two, and mine
    assert "11 scenarios" in run(folder, "calc batch mine --dry-run", monkeypatch)


def test_the_claim_and_the_effect_in_the_docs_are_of_sources_that_there_are() -> None:
    text, effect = blocks(REPOSITORY / "docs" / "how_to.md", "yaml")
    claim = dict(re.findall(r"(\w+): (.+)", text))
    figures = {name: float(claim[name]) for name in ("low", "high")}
    assert Claim.model_validate({**claim, **figures}).reading.name == "typical_range"
    sources = load_library(REPOSITORY / "params").sources
    assert claim["source"] in sources
    assert Effect.model_validate(yaml.safe_load(effect)[0]).source in sources


def test_the_python_of_the_docs_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    [code] = blocks(REPOSITORY / "docs" / "how_to.md", "python")
    exec(compile(code, "how_to.md", "exec"), {})  # noqa: S102  our own page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_every_module_and_function_that_the_methods_name_is_there() -> None:
    text = (REPOSITORY / "docs" / "methods.md").read_text("utf-8")
    modules = re.findall(r"`((?:inputs|model|analysis|report|batch)/\w+\.py)`(?:, `(\w+)`)?", text)
    assert len(modules) > 12
    for module, function in modules:
        source = (REPOSITORY / "src" / "calc" / module).read_text("utf-8")
        assert not function or re.search(rf"^def {function}\(", source, re.MULTILINE), f"{module}: {function}"


def test_every_command_of_the_tool_stands_in_the_pages() -> None:
    named = {shlex.split(each)[1] for each in COMMANDS}
    assert set(main.commands) <= named


def test_the_docs_are_linked_from_the_readme() -> None:
    for page in (REPOSITORY / "docs").glob("*.md"):
        assert f"](docs/{page.name})" in README
