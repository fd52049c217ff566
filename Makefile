# The verbs of the project, the same by hand and in CI. A fresh machine needs Python 3.11 or newer and make.
#   make demo    compare five designs of an AI-training cluster; writes lightloom-report.html
#   make test    the whole test suite
#   make check   lint, format, types, layers
#   make docs    the documentation, into docs/_build/html
#   make bench   speed and memory against their bars
#   make clean   remove the environment and everything built

VENV ?= .venv
# The first Python of version 3.11 or newer; override with PYTHON=/path/to/python.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$python; exit; fi; \
	done; echo python3)

BIN := $(VENV)/bin
# pip's own words are kept for when they matter: errors and warnings.
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
REPORT ?= lightloom-report.html
STUDIES ?= llama3-405b-16k llama3-405b-16k-cpo llama3-405b-16k-ocs qwen3-235b-256 qwen3-235b-256-scaleup
# Say PYTEST_ARGS="tests/laws -k clos" to run a part.
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs picture bench clean

help:
	@sed -n '2,8p' Makefile | cut -c3-

demo: $(VENV)/.installed
	@$(BIN)/lightloom compare $(STUDIES) --report $(REPORT)

test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest --numprocesses auto --quiet $(PYTEST_ARGS)

check: $(VENV)/.installed-dev
	@echo "ruff: lint";    $(BIN)/ruff check .
	@echo "ruff: format";  $(BIN)/ruff format --check .
	@echo "pyright: types"; $(BIN)/pyright --pythonpath $(BIN)/python
	@echo "import-linter: layers"; $(BIN)/lint-imports

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(VENV)/.installed-dev
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs docs/_build/html
	@echo "documentation: docs/_build/html/index.html"

picture: demo $(VENV)/.installed-dev
	@$(BIN)/python docs/_extensions/picture.py $(REPORT) docs/_static/report.png

bench: $(VENV)/.installed-dev
	@$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) build dist docs/_build .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# An environment is made once; a marker file inside says what is installed, so that only a changed pyproject.toml
# installs again.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "lightloom needs Python 3.11 or newer; '$(PYTHON)' is not. Say: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "making the environment $(VENV)"
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "python -m venv failed (on Debian and Ubuntu: apt-get install python3-venv)" >&2; exit 1; }

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "installing lightloom into $(VENV) (first time only)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "installing lightloom with its development tools into $(VENV) (first time only, some minutes)"
	@$(PIP) install --editable '.[dev,coherent]' || { \
		echo "gnpy could not be installed; the tests that compare with it will be skipped" >&2; \
		$(PIP) install --editable '.[dev]'; }
	@touch $(VENV)/.installed $@
