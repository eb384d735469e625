# Set up by `pip` from the lock into .venv, then run; every target is also one plain line in the README.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STUDY  ?= chronic_low_back_pain

.PHONY: setup report test check lint types notebooks lab app schema map pictures lock clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

report: setup  ## the main job: the shipped study, through papermill, to outputs/
	$(BIN)/calc report $(STUDY)

test: setup  ## the tests, on every core
	$(BIN)/python -m pytest -n auto --dist loadfile

check: lint types notebooks test  ## everything that CI checks

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

notebooks: setup  ## notebooks carry no outputs, counts or run metadata
	$(BIN)/nbstripout --verify --extra-keys "metadata.papermill" notebooks/*.ipynb

lab: setup  ## JupyterLab, with a page of the notebooks and what each answers
	JUPYTER_CONFIG_PATH=notebooks $(BIN)/jupyter lab --notebook-dir=notebooks --LabApp.default_url=/lab/tree/README.md

app: setup  ## the explorer as a web page on this machine
	$(BIN)/calc app --study $(STUDY)

schema: setup  ## the JSON Schemas that editors use, out of the models
	$(BIN)/python -m calc.report.schema params/schema

map: setup  ## the map of the modules in docs/; a test holds it current
	$(BIN)/python docs/make_map.py

pictures: setup  ## the pictures in docs/; a test holds them current
	$(BIN)/calc export $(STUDY) --to outputs/pictures --figures cost_intervals,timeline --format png
	cp outputs/pictures/*.png docs/

lock: setup  ## needs uv; hashes for every platform, and no addresses
	uv pip compile --quiet pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock

clean:
	rm -rf $(VENV) outputs/* .pytest_cache .mypy_cache .ruff_cache .hypothesis
