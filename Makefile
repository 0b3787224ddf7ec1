# One command each; every one of them does the set-up it needs first.

ifndef PYTHON
# tools/setup.py goes on to a newer one by itself when this one is too old.
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do\
	command -v $$name && break; done)
endif
# From the clone's own folder, in which every recipe runs: the path to it may have blanks.
VENV := .venv/bin
# One test at a time for each worker: tests/conftest.py puts the long ones first.
PYTEST = $(VENV)/python -m pytest --numprocesses auto --maxschedchunk 1

# The engine is the one that was set up: it neither asks for news of itself nor fetches anything.
export PATH := $(CURDIR)/$(VENV):$(PATH)
export PULUMI_SKIP_UPDATE_CHECK := true
export PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION := true
# Python would not find the modules beside a script.
unexport PYTHONSAFEPATH

# What runs on this machine is reached without a proxy. gRPC in Python asks one for the engine's own address, too.
comma := ,
LOOPBACK := localhost,127.0.0.1,127.0.0.0/8,::1
DIRECT := $(or $(no_proxy),$(NO_PROXY))
DIRECT_GRPC := $(or $(no_grpc_proxy),$(DIRECT))
export no_grpc_proxy := $(if $(DIRECT_GRPC),$(DIRECT_GRPC)$(comma))$(LOOPBACK)
ifneq ($(strip $(DIRECT)),*)
export no_proxy := $(if $(DIRECT),$(DIRECT)$(comma))$(LOOPBACK)
endif

# A user without a home folder and a name, as in some containers, gets both in the clone.
ifneq ($(shell [ -n "$$HOME" ] && [ "$$HOME" != / ] && [ -w "$$HOME" ] && echo yes),yes)
export HOME := $(CURDIR)/.setup/home
export USER := $(or $(USER),plusofon)
endif

.DEFAULT_GOAL := help
.PHONY: help setup up down check test test-rest test-all bench lint dist support clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## get everything this clone needs: Python packages, the Pulumi engine
	@test -n "$(PYTHON)" || { echo "Python 3.10 or later is needed: install python3, then run this again." >&2; exit 1; }
	@mkdir -p "$$HOME"
	@"$(PYTHON)" tools/setup.py

up: setup ## connect the dev stack's numbers on a sandbox of this machine, and show them
	@$(VENV)/python tools/sandbox_stack.py up

down: setup ## take the dev stack down and stop its sandbox
	@$(VENV)/python tools/sandbox_stack.py down

check: setup ## run the unit and contract tests, then lint: 3 minutes
	@$(PYTEST) tests/unit tests/contract -m "not rest" $(ARGS)
	@$(MAKE) --no-print-directory lint

test: setup ## run the tests of everything that is promised, on the real engine: about 10 minutes; ARGS= are pytest's
	@$(PYTEST) -m "not rest" $(ARGS)

test-rest: setup ## run the tests that `make test` leaves out: about 13 minutes
	@$(PYTEST) -m rest $(ARGS)

test-all: setup ## run all tests: about 23 minutes
	@$(PYTEST) $(ARGS)

bench: setup ## measure requests, times, memory; ARGS=--quick for a short one, --docs to write the page
	@PYTHONPATH=tools $(VENV)/python -m bench $(ARGS)

lint: setup ## style, words, types, the arrows between packages, and the Go module
	@$(VENV)/ruff check
	@$(VENV)/ruff format --check
	@$(VENV)/python tools/lint_words.py
	@$(VENV)/mypy provider tests tools examples policy bench __main__.py
	@$(VENV)/lint-imports
	@$(VENV)/python tools/lint_go.py

dist: setup ## build wheel and sdist into dist/, check them, and try them in an empty virtual environment
	@$(VENV)/python tools/dist.py

support: setup ## try the package under each Python there is, with the oldest and the newest of what it needs
	@$(VENV)/python tools/supported.py $(ARGS)

clean: ## remove what the commands above made in this clone, once the dev stack is down
	@"$(PYTHON)" tools/clean.py
