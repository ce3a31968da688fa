# Cauce: what a person types. `make` alone lists the targets.
#
# Everything is installed into .venv in this folder, from the hash-locked files in requirements/.
# Stamp files in .venv remember what was installed, so a second run starts at once; a change of a
# requirements file, of pyproject.toml or of a catalogue runs the step that depends on it again.
# Written for GNU make 3.81 (macOS) and later: no grouped targets, no .ONESHELL.

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
RUNTIME := $(VENV)/.installed-runtime
DEV := $(VENV)/.installed-dev
CATALOGUES := $(VENV)/.compiled-catalogues

PO_FILES := $(wildcard src/cauce/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help demo run test check docs lock clean

help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  make demo ARGS=\"--no-serve --dir D\"   passes ARGS on to the command"
	@echo "  make test ARGS=\"-k journal -x\"        passes ARGS on to pytest"

demo: $(CATALOGUES) ## Make a demo workspace, issue its fact sheet and serve it on 127.0.0.1:8000
	@$(BIN)/cauce demo $(ARGS)

run: $(CATALOGUES) ## Serve the workspace in ./cauce-data again whenever the code changes
	@$(BIN)/cauce serve --reload $(ARGS)

test: $(DEV) $(CATALOGUES) ## Run the whole suite; what this machine lacks is skipped, with the reason
	@$(BIN)/python -m pytest $(ARGS)

check: $(DEV) $(CATALOGUES) ## Format, lint, types, contracts, migrations, messages, unit tests
	@$(BIN)/python tools/check.py $(ARGS)

docs: $(DEV) $(CATALOGUES) ## Build the documentation into docs/_build/html
	@$(BIN)/sphinx-build --fail-on-warning --keep-going -b html docs docs/_build/html $(ARGS)

# The locks carry hashes and no addresses: they say what is installed, not where it comes from.
# Extras stay in them: pip looks for the newest release of a package that another one asks for
# with an extra (coverage[toml]) where only its bare name is pinned, and finds no hash for it.
# `make lock` keeps what is locked and adds what is missing; `make lock ARGS=--upgrade` takes
# the newest releases that pyproject.toml and the .in files allow. uv lives in a folder of its own.
UV := .uv-venv/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" --no-emit-index-url --no-emit-find-links \
	--no-strip-extras --no-config

lock: $(UV) ## Write requirements/*.txt again (ARGS=--upgrade: newest releases)
	$(COMPILE) pyproject.toml requirements/build.in \
		--output-file requirements/runtime.txt $(ARGS)
	$(COMPILE) pyproject.toml requirements/build.in requirements/dev.in \
		--extra postgresql --extra fast --extra optimise --extra forecast --extra arrow \
		--constraint requirements/runtime.txt --output-file requirements/dev.txt $(ARGS)

clean: ## Remove what was built and installed here; a workspace is left alone
	rm -rf $(VENV) .uv-venv build dist docs/_build htmlcov .coverage
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src -name '*.mo' -delete

# ------------------------------------------------------------------------------ what is installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Cauce needs Python 3.11 or later, and '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)" >&2; \
		echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu it is in the package python3-venv." >&2; \
		rm -rf $(VENV); exit 1; }

$(RUNTIME): requirements/runtime.txt pyproject.toml hatch_build.py | $(BIN)/python
	@echo "Installing Cauce into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo "Installing what tests, checks and docs need into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# The install compiled the catalogues already; this follows later changes of them.
$(CATALOGUES): $(PO_FILES) $(RUNTIME)
	@$(BIN)/python hatch_build.py > /dev/null
	@touch $@

$(UV): | $(BIN)/python
	@$(PYTHON) -m venv .uv-venv
	@.uv-venv/bin/python -m pip --quiet --disable-pip-version-check install uv
	@touch $@
