# Every target sets up what it needs on a fresh machine: Python 3.11+ with venv, make and git.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run
DEV_STAMP := $(VENV)/.dev
AXE_STAMP := $(VENV)/.axe
AXE := axe-core@4.14.1

.PHONY: sandbox run test check bench chaos screenshots format clean

sandbox: $(RUN_STAMP) ## try it in a local workspace, no account needed
	$(BIN)/python app.py sandbox $(ARGS)

run: $(RUN_STAMP) ## the bot, with the settings of the environment and .env
	$(BIN)/python app.py serve

test: $(DEV_STAMP) $(AXE_STAMP) ## every test
	$(BIN)/python -m pytest -n auto $(ARGS)

check: $(DEV_STAMP) ## lint, types, the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV_STAMP) ## the figures of the README's table, measured here and now
	$(BIN)/python -m benchmarks

chaos: $(DEV_STAMP) ## kill the bot again and again while it pages, and count
	$(BIN)/python -m tests.chaos $(ARGS)

screenshots: $(DEV_STAMP) ## the pictures of the README, taken anew (needs chromium)
	$(BIN)/python -m tests.page.screenshots $(ARGS)

format: $(DEV_STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tocsin needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[sandbox]'
	touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@ $(RUN_STAMP)

# Only for the check of accessibility, which is left out where there is no npm.
$(AXE_STAMP): Makefile | $(BIN)/python
	if command -v npm >/dev/null; then npm install --silent --no-save --no-package-lock --no-audit --no-fund --prefix $(VENV)/axe $(AXE) && touch $@; fi
