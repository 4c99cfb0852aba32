# One environment, a few commands; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
unexport PYTHONDONTWRITEBYTECODE

# An active environment is used as it is; otherwise one is made in .venv. The shell reads its name, which may hold
# spaces, apostrophes and parentheses; make would take it apart.
ACTIVE := $(shell env="$${VIRTUAL_ENV:-$$CONDA_PREFIX}"; test -z "$$env" || test "$$env" -ef .venv || echo yes)
ifeq ($(ACTIVE),yes)
ENV := "$${VIRTUAL_ENV:-$$CONDA_PREFIX}"
WHOLE := test -x $(ENV)/bin/python
STAMP := .setup/$(shell printf %s "$${VIRTUAL_ENV:-$$CONDA_PREFIX}" | cksum | tr ' ' -)
else
ENV := .venv
# One that was interrupted has a Python without pip, or one that would install into another environment.
WHOLE := test -f .venv/pyvenv.cfg && .venv/bin/python -m pip --version >/dev/null 2>&1
STAMP := .venv/.ready
endif
BIN := $(ENV)/bin
# Half of uv, where its own installation was interrupted: pip takes it for whole, and cannot remove it either.
UV := $(BIN)/python -m uv

.PHONY: help setup report batch test test-long lab explore check-data bench readme-figure data-documents calibrate environment lock

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

setup: $(STAMP)  ## make .venv (or use the active environment) and install what requirements.lock pins

$(STAMP): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, found %s; call make PYTHON=/path/to/python3.11" % sys.version.split()[0])'
	@{ $(WHOLE); } || { echo "[1/4] Making an environment in" $(ENV) "..." && "$(PYTHON)" -m venv $(ENV); }
	@mkdir -p $(dir $(STAMP))
	@if test -n "$$CONDA_PREFIX" && test $(ENV) -ef "$$CONDA_PREFIX"; then \
	  echo "[2/4] Installing what is missing into" $(ENV) "..." && \
	  $(BIN)/python -m pip install -q -e '.[dev]' ; \
	elif echo "[2/4] Looking for the installer uv ..." && \
	  { $(UV) --version >/dev/null 2>&1 || \
	    { $(BIN)/python -m pip install -q --ignore-installed uv && $(UV) --version >/dev/null; }; }; then \
	  echo "[3/4] Installing $$(grep -c '==' requirements.lock) pinned packages, a minute or two ..." && \
	  $(UV) pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock && \
	  echo "[4/4] Installing this project ..." && \
	  $(UV) pip install -q --python $(BIN)/python --no-deps -e . ; \
	else \
	  echo "uv is not to be had here; using pip, which takes longer" && \
	  echo "[3/4] Installing $$(grep -c '==' requirements.lock) pinned packages, some minutes ..." && \
	  $(BIN)/python -m pip install -q --require-hashes -r requirements.lock && \
	  echo "[4/4] Installing this project ..." && \
	  $(BIN)/python -m pip install -q --no-deps -e . ; \
	fi
	@if $(BIN)/python -m pip check 2>/dev/null | grep '^domes-and-ties .* not installed'; then \
	  echo $(ENV) "is not whole, though its installer said so; call make setup again" >&2 ; exit 1 ; \
	fi
	@touch $(STAMP)
	@echo "Ready. Next: make report"

report: $(STAMP)  ## run every notebook with its default parameters and write reports/index.html
	@$(BIN)/python -m analysis report --all

test: $(STAMP)  ## lint, types, data checks, then unit tests, doctests and every notebook (nbval)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-current-env analysis tests notebooks

test-long: $(STAMP)  ## the tests that take minutes: a batch that is killed twenty times, ...
	@$(BIN)/python -m pytest -m long tests

batch: $(STAMP)  ## many runs with pages and an index: make batch RUNS=notebooks/.../NAME.runs.csv BATCH=--resume
	@$(BIN)/python -m analysis batch "$(RUNS)" $(BATCH)

lab: $(STAMP)  ## open JupyterLab and print where the two explore notebooks are: make lab LAB="--port 8890 --no-browser"
	@$(BIN)/python -m analysis explore $(LAB)

explore: lab  ## the same as make lab

check-data: $(STAMP)  ## every rule of the data, with file, row, column, value and rule
	@$(BIN)/python -m analysis check-data

bench: $(STAMP)  ## time what is fast against what one would use instead; tables go to reports/bench/
	@mkdir -p reports/bench
	@set -o pipefail; for bench in $(filter-out bench/timing.py bench/floor.py,$(wildcard bench/*.py)); do \
	  echo "== $$bench"; $(BIN)/python $$bench | tee reports/bench/$$(basename $$bench .py).txt || exit 1; done

calibrate: $(STAMP)  ## fit the models' inputs to raids that happened: writes data/air_defence/posterior.csv and docs/calibration/
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python tools/calibrate.py

readme-figure: $(STAMP)  ## draw docs/readme.png anew
	@$(BIN)/python tools/draw_readme_figure.py

data-documents: $(STAMP)  ## write data/datapackage.json and data/CODEBOOK.md from analysis/schema/
	@$(BIN)/python tools/write_data_documents.py

environment: $(STAMP)  ## write environment.yml from pyproject.toml
	@$(BIN)/p2c project --overwrite force

lock: $(STAMP) environment  ## resolve requirements.lock anew from pyproject.toml
	$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --extra dev pyproject.toml -o requirements.lock
