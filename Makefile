SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := setup

PYTHON ?= python3
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder
UV ?= $(shell command -v uv)
BIN := .venv/bin
STAMP := .venv/.installed
FAST := not engine and not postgres and not browser and not slow

# Every flow run, worker and story is a process of its own: compiled once, they start sooner.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test check unit lock clean

help: ## Show what there is to make
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: $(STAMP) ## Make .venv from requirements.lock

# The lock is complete, so nothing is resolved: --no-deps, and for pip --require-hashes.
# Why nothing may be resolved: docs/decisions/0002-certifi-override.md
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更高版本，现为 " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
ifneq ($(strip $(UV)),)
	$(UV) venv --quiet --allow-existing --no-project --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	@touch $(STAMP)

run: setup ## Start everything with a sample campaign
	$(BIN)/pingyi up --sample

check: setup ## Static checks alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check ## Every check and every test
	$(BIN)/pytest $(PYTEST_ARGS)

unit: setup ## The fast tests alone
	$(BIN)/pytest $(PYTEST_ARGS) -m "$(FAST)"

# No annotations and no header: the lock names versions and hashes and nothing of the machine that made it.
lock: setup ## Compile requirements.lock anew
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --quiet $(LOCK_ARGS) --output-file requirements.lock

clean: ## Remove .venv and caches; the data folder .pingyi stays
	rm -rf .venv .ruff_cache .mypy_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
