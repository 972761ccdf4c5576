# `make run` and `make test` set up everything they need; nothing has to be installed by hand but Python 3.11+.
PYTHON ?= python3
PORT ?= 7860
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types check clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(STAMP)  ## make .venv with everything in it

# The constraints file names the tested versions; torch comes first, so that nothing pulls another build of it.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("chatrec needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; set PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) (a few minutes, once)"
	@start=$$(date +%s); $(PYTHON) -m venv $(VENV) && echo "  environment   $$(( $$(date +%s) - start )) s"
	@start=$$(date +%s); $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt torch && echo "  torch         $$(( $$(date +%s) - start )) s"
	@start=$$(date +%s); $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]' && echo "  chatrec       $$(( $$(date +%s) - start )) s"
	@touch $@

run: setup  ## start the chat page: make run PORT=7861
	@$(BIN)/chatrec ui --port $(PORT)

test: setup  ## run the tests
	@$(BIN)/chatrec assets fetch
	@$(BIN)/python -m pytest

lint: setup  ## ruff and the type checker
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

check: lint test  ## all that a change must pass

clean:  ## remove the environment
	rm -rf $(VENV) *.egg-info build dist
