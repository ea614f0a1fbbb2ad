# Every target is one real command; `make` alone lists them.
PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: setup demo tour test check bench fuzz generate screens clean help

setup: ## install what is missing (Debian packages, Python, Node, front ends)
	@.ci/setup.sh test

demo: ## start the center, kiosk K01 and eleven simulated kiosks; Ctrl-C stops them
	@.ci/setup.sh run
	@$(PYTHON) -m center demo

tour: setup ## drive the whole way of a consultation in two real browser windows
	@$(PYTHON) -m pytest tests/e2e/test_tour.py -s

test: setup ## all tests: vitest, then pytest with browsers and PostgreSQL
	@$(PYTHON) .ci/frontend.py npm test --silent
	@$(PYTHON) -m pytest -n 3 -m "not call"
	@$(PYTHON) -m pytest -m call  # one after the other: two real calls at once would starve each other

check: setup ## format, lint, types, imports, migrations, generated files
	@.ci/check.sh

bench: setup ## figures: call set-up, page on console, center CPU, a hundred calls, faults in a call
	@$(PYTHON) -m tests.bench
	@$(PYTHON) -m tests.bench.load
	@$(PYTHON) -m tests.bench.faults
	@$(PYTHON) -m tests.bench.rooms
	@$(PYTHON) -m tests.bench.thin

fuzz: setup ## throw broken pictures and documents at the scanner for some minutes
	@JIUJIN_FUZZ=20000 $(PYTHON) -m pytest tests/fuzz

generate: setup ## rewrite docs/openapi.json, TypeScript types and diagrams
	@.ci/generate.sh

screens: setup ## take the pictures of docs/screens again
	@JIUJIN_SCREENS=docs/screens $(PYTHON) -m pytest tests/e2e/test_tour.py

clean: ## remove what was built, not what was installed
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@rm -rf center/ui/console/dist center/ui/admin/dist kiosk/ui/dist node_modules/.cache

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18
