# What an operator and a developer type. Needs Python >= 3.11, make and the package index; nothing else.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
CORPUS ?=
NPM := tests/system/npm

.PHONY: help install develop demo test test-system check format bench eval chaos lock clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.run: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.develop: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(NPM)/node_modules/.package-lock.json: $(NPM)/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing; install nodejs and npm" >&2; exit 1; }
	npm ci --prefix $(NPM) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

install: $(VENV)/.run  ## make .venv with the locked requirements and .venv/bin/syndicate

develop: $(VENV)/.develop  ## the same with what the tests and the checks need

demo: install  ## a sample newsroom with feeds, pages and a local inbox on http://127.0.0.1:$(PORT)/
	@exec $(BIN)/syndicate demo --port $(PORT)

test: develop  ## the test suite, PostgreSQL and SMTP servers included
	$(BIN)/python -m pytest tests -m "not system" -n auto --dist loadgroup

test-system: develop $(NPM)/node_modules/.package-lock.json  ## the tests that need programs of the operating system
	$(BIN)/python -m pytest tests -m system

check: develop  ## formatting, lint, types, import rules and the fast tests
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/unit tests/rules -n auto

format: develop  ## format the code and mend what lint can mend
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

bench: develop  ## every benchmark, each as a ratio against a reference from the same run
	$(BIN)/python -m benchmarks

chaos: develop  ## the fault-injection suite in its long form
	CHAOS=long $(BIN)/python -m pytest tests/chaos

eval: develop  ## quality of summaries and related links on a labelled corpus: make eval CORPUS=dir
	@test -n "$(CORPUS)" || { echo "usage: make eval CORPUS=dir" >&2; exit 2; }
	$(BIN)/python -m benchmarks.evaluate "$(CORPUS)" --out build/eval.json

lock:  ## resolve the requirement locks again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group build pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group dev --group build -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:  ## remove what was built
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
