# Everything sets itself up: GNU make and Python 3.11 or newer are all that is needed. `make help` says what there is.

SHELL := bash
PYTHON ?= python3
# More than two cores have: one of them begins with the tests that wait for a browser.
JOBS ?= 3
N ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
# Where a surrounding image switches bytecode off, every process would compile again all that it imports.
unexport PYTHONDONTWRITEBYTECODE

DEV := .venv/bin/python
RUN := .venv-run/bin/python
UV := .venv/bin/uv
UV_VERSION := 0.13.9
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
SOURCES := $(shell find src -type f ! -name '*.py[co]')
# Every branch of what must never be wrong is walked by a test.
GATED := src/assettrack/domain/*,src/assettrack/services/*,src/assettrack/store/*

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint fmt docs screenshots bench soak bundle lock clean

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

demo: .venv-run/.ready ## walk through the program with made-up cases and scans
	@$(RUN) tools/demo.py </dev/null

test: .venv/.ready ## run the tests, and ask for full branch coverage of domain, services and store
	$(DEV) -m pytest -n $(JOBS) --dist worksteal --cov --cov-report=
	@echo "Branch coverage of domain, services and store (100 % or red):"
	@$(DEV) -m coverage report --include='$(GATED)' --fail-under=100

lint: .venv/.ready ## check format, rules, types and the generated reference
	$(DEV) -m ruff format --check .
	$(DEV) -m ruff check .
	$(DEV) -m mypy --strict src tests
	$(if $(wildcard tools/reference.py),$(DEV) tools/reference.py --check)

fmt: .venv/.ready ## format, and mend what can be mended without thought
	$(DEV) -m ruff check --fix .
	$(DEV) -m ruff format .

docs: .venv/.ready ## write the reference anew from the program
	$(DEV) tools/reference.py

screenshots: .venv/.ready ## take the pictures in docs/screenshots anew, from a real station in Chromium
	@$(DEV) tools/screenshots.py

bench: .venv/.ready ## print the figures: CPU, rows a second, memory, beside the floor
	$(DEV) -m bench.run
	$(DEV) -m bench.custody
	$(DEV) -m bench.reports
	$(DEV) -m bench.station
	$(DEV) -m bench.scanner

soak: .venv/.ready ## run the long tests, N of each kind (make soak N=100000)
	$(if $(N),ASSETTRACK_SOAK_N='$(N)') $(DEV) -m pytest -m soak -n $(JOBS) --dist worksteal --timeout 0

bundle: .venv/.ready ## make what installs where there is no network, for a system and a Python like these
	@$(DEV) tools/bundle.py

lock: .venv/.ready ## pin the dependencies anew in requirements/ (UPGRADE=1 takes newer ones)
	@$(DEV) -m pip install --quiet uv==$(UV_VERSION)
	$(LOCK) pyproject.toml --output-file requirements/run.lock
	$(LOCK) --group build --output-file requirements/build.lock
	$(LOCK) pyproject.toml --group dev --constraint requirements/run.lock --constraint requirements/build.lock \
		--output-file requirements/dev.lock

clean: ## remove what the other targets made
	rm -rf .venv .venv-run .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* dist

# Two environments: .venv for work on the program (the tree itself), .venv-run for its use (the built wheel, so that a
# file missing from the wheel is noticed). In each, .locked is made anew with the locks, .ready with the program.

define make_environment
	@command -v '$(PYTHON)' >/dev/null || \
		{ echo "AssetTrack needs Python 3.11 or newer, and '$(PYTHON)' is not found. Name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.version_info >= (3, 11) or sys.exit("AssetTrack needs Python 3.11 or newer, and this one is %d.%d. Name another: make PYTHON=/path/to/python3" % sys.version_info[:2])'
	@echo "Setting up $(@D), once; this takes half a minute." >&2
	@'$(PYTHON)' -m venv $(@D)
endef

.venv/.locked: requirements/dev.lock
	$(make_environment)
	@$(DEV) -m pip install --quiet --require-hashes --requirement requirements/dev.lock
	@touch $@

.venv/.ready: .venv/.locked pyproject.toml
	@$(DEV) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv-run/.locked: requirements/run.lock requirements/build.lock
	$(make_environment)
	@$(RUN) -m pip install --quiet --require-hashes --requirement requirements/run.lock --requirement requirements/build.lock
	@touch $@

.venv-run/.ready: .venv-run/.locked pyproject.toml $(SOURCES)
	@$(RUN) -m pip install --quiet --no-deps --no-build-isolation --force-reinstall .
	@touch $@
