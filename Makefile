# Two commands are all you need:  make run   and   make test

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEVELOP := $(VENV)/.develop

.PHONY: run test check bench model clean

run: $(INSTALLED) model
	@$(BIN)/robota-tui sample_configs/development.toml

test: $(DEVELOP) model
	@$(BIN)/python -m tests.run $(TESTS)

check: $(DEVELOP)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEVELOP)
	$(BIN)/python -m tests.benchmarks all

# Looks for the weights first, so that it costs nothing once they are there.
model: $(INSTALLED)
	@$(BIN)/robota-tui model install --quiet

$(VENV)/bin/python:
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): pyproject.toml | $(VENV)/bin/python
	@echo "Installing robota-tui and what it needs (once)"
	@$(BIN)/python -m pip install --quiet --editable '.[local]'
	@touch $@

$(DEVELOP): pyproject.toml | $(INSTALLED)
	@echo "Installing the test tools (once)"
	@$(BIN)/python -m pip install --quiet --editable '.[local,dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
