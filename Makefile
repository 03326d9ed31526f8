# Every path here is relative, so that a checkout may lie anywhere, spaces and Vietnamese letters included.
PYTHON ?= python3
VENV := .venv/bin/python
BOOTSTRAP := workflow/bootstrap

.DEFAULT_GOAL := help
.PHONY: help setup demo test check soak bench clean
MAKEFLAGS += --no-print-directory

help:
	@echo "Trình Ký: document workflow and digital-signature tracking for public offices"
	@echo
	@echo "  make setup             .venv with everything, pdf.js and fonts"
	@echo "  make demo              the demo province on http://127.0.0.1:8400   (FRESH=1 starts over, PORT=… DAY=2026-11-23)"
	@echo "  make check             linters, types, contracts, fast tests: under a minute"
	@echo "  make test              everything, browser and PostgreSQL included"
	@echo "  make soak              the kill, fuzz and property tests with large counts"
	@echo "  make bench NAME=list   one benchmark; without NAME the list of them"
	@echo "  make clean             remove what make made, except var/ (the demo's data)"

.python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed; on Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2; exit 1; }

setup: .python
	@"$(PYTHON)" $(BOOTSTRAP) setup

demo: setup
	@exec $(VENV) -m workflow.cli demo $(if $(FRESH),--fresh) $(if $(PORT),--port "$(PORT)") $(if $(DAY),--day "$(DAY)")

check: setup
	@$(VENV) -m tests check

test: setup
	@"$(PYTHON)" $(BOOTSTRAP) tools
	@$(VENV) -m tests test

soak: setup
	@$(VENV) -m tests soak

bench: setup
	@$(VENV) -m bench $(NAME) $(if $(JSON),--json)

clean:
	@rm -rf .venv .uv .setup build dist workflow/web/static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
