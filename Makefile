# Every task of the project. `make` alone lists them.

PORT ?= 8000
MICROACQ_VAR ?= var
export PORT MICROACQ_VAR
# Machines that forbid it translate every module anew at each start of Python, which takes longer than most tasks.
unexport PYTHONDONTWRITEBYTECODE

SHELL := /bin/sh
.DEFAULT_GOAL := help
PY := .venv/bin/python
MANAGE := $(PY) site/manage.py
TESTS ?=

# Finds a Python that is new enough; sets $$python or stops with a sentence.
define find_python
for candidate in python3 python3.13 python3.12 python3.11 python3.14; do \
	if command -v $$candidate >/dev/null 2>&1 && \
		$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
		python=$$candidate; break; \
	fi; \
done; \
if [ -z "$${python:-}" ]; then \
	echo "Python 3.11 or later is needed, and none was found (python3 is $$({ command -v python3 >/dev/null && python3 --version 2>&1; } || echo missing))." >&2; \
	exit 1; \
fi
endef

.PHONY: help
help: ## List the tasks
	@echo "Usage: make TASK   (PORT=8000 and MICROACQ_VAR=var choose port and state folder)"
	@echo
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  \1|\2/' | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

.PHONY: run
run: ## Run the site with demonstration content: web server, worker and clock
	@$(find_python); $$python site/bootstrap.py --free-port "$(PORT)"
	@exec $(MANAGE) demo_server

.PHONY: dev-environment
dev-environment: ## Install what tests and checks need
	@$(find_python); $$python site/bootstrap.py --dev

.PHONY: test
# By file, because the tests of one file may share a running server; those of the browser, which take longest, first.
test: dev-environment ## Run every test; TESTS="tests/site -k health" runs some
	@MICROACQ_PROVISION_BROWSER=1 $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(TESTS)

.PHONY: check
check: lint types contracts migrations catalogues deploy-check ## Run every check but the tests

.PHONY: lint
lint: dev-environment ## Check style
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

.PHONY: format
format: dev-environment ## Put the code in style
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

.PHONY: types
types: dev-environment ## Check types
	@$(PY) -m mypy

.PHONY: contracts
contracts: dev-environment ## Check the direction of imports
	@PYTHONPATH=site:. .venv/bin/lint-imports

.PHONY: migrations
migrations: dev-environment ## Check that no migration is missing
	@DJANGO_SETTINGS_MODULE=config.settings.test $(MANAGE) makemigrations --check --dry-run

.PHONY: catalogues
catalogues: dev-environment ## Check the French catalogue (needs gettext)
	@DJANGO_SETTINGS_MODULE=config.settings.test $(MANAGE) check_catalogues

.PHONY: messages
messages: dev-environment ## Bring the French catalogue in line with the sources (needs gettext)
	@DJANGO_SETTINGS_MODULE=config.settings.test $(MANAGE) extract_catalogues

.PHONY: deploy-check
deploy-check: dev-environment ## Check the production settings as Django's deployment checklist does
	@$(PY) -m pytest -n 0 -q tests/site/test_deployment.py

.PHONY: bench
bench: dev-environment ## Compare pages with a bare project's, lists and screens with many and few, mail to a crowd, 500 applications
	@missed=0; for each in opportunity_page staff_screens opportunity_list mailing_list applications open_data figures; do \
		$(PY) tests/bench/$$each.py || missed=1; \
	done; exit $$missed

.PHONY: rush
rush: dev-environment ## Rush a deadline as suppliers do, and prove what came of it; SCENARIO=plain, arrivals, web, worker, database
	@$(find_python); $$python site/bootstrap.py --rush
	@$(PY) -m tests.rush

# For every machine with Python 3.11 or later, not only for the one that writes it.
LOCKED = --quiet --universal --python-version 3.11 --generate-hashes --no-header

.PHONY: lock
lock: dev-environment ## Write requirements.txt and requirements-dev.txt anew from pyproject.toml
	@$(PY) -m uv pip compile $(LOCKED) -o requirements.txt pyproject.toml >/dev/null
	@$(PY) -m uv pip compile $(LOCKED) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml >/dev/null
	@$(PY) -m uv pip compile $(LOCKED) -c requirements-dev.txt -o requirements-rush.txt tests/rush/requirements.in >/dev/null

.PHONY: clean
clean: ## Remove what tools have made; keeps the data below var/
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find microacq_pages submissions site tests locale -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	@find locale -name '*.mo' -delete 2>/dev/null || true
