# Needs Python 3.11 to 3.13 and make, nothing else. Every target sets up .venv by itself; another
# Python: `make clean`, then `make test PYTHON=python3.12`.
PYTHON ?= python3
LESSON ?= 04_attention
PINS := requirements/pins.txt
# Only Linux can isolate submissions; the sample class is our own.
ISOLATION := $(if $(filter Linux,$(shell uname)),,--cold)
PIP := .venv/bin/python -m pip

# nbgrader runs `alembic` by its bare name.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help lab grade build validate test lint pins clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

lab: .venv/course.stamp ## open JupyterLab on the course
	.venv/bin/gradus lab

grade: .venv/course.stamp ## grade a sample class of one lesson and report on it
	.venv/bin/gradus build
	.venv/bin/gradus sample $(LESSON)
	.venv/bin/gradus grade $(ISOLATION) $(LESSON)
	.venv/bin/gradus report $(LESSON)

build: .venv/course.stamp ## make course/ anew from solutions/ and lib/gradus/
	.venv/bin/gradus build

validate: .venv/course.stamp ## check that every lesson grades as it should
	.venv/bin/gradus validate

# All four always run, so that one round shows everything there is to mend.
test: .venv/develop.stamp ## lint, check types, run all tests
	@status=0; \
	.venv/bin/ruff check . || status=1; \
	.venv/bin/ruff format --check . || status=1; \
	.venv/bin/mypy || status=1; \
	.venv/bin/pytest -n 2 || status=1; \
	exit $$status

lint: .venv/develop.stamp ## lint and check types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

# To raise a version: `.venv/bin/pip install --upgrade NAME`, then `make pins test`. A local version
# such as torch's +cpu names one build of a release, and is left out.
pins: .venv/develop.stamp ## write the versions in .venv to requirements/pins.txt
	@{ echo '# Exact versions of a set-up that passes all tests: written by `make pins`.'; \
	   $(PIP) freeze --all --exclude-editable | sed 's/+[a-z0-9.]*$$//'; } > $(PINS).new
	@mv $(PINS).new $(PINS)

# build/ stays: it holds gradebooks and learners' work.
clean: ## remove .venv and caches
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache dist

# What learners and instructors need.
.venv/course.stamp: pyproject.toml $(PINS)
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	$(PIP) install --quiet --upgrade --constraint $(PINS) pip
	$(PIP) install --constraint $(PINS) --editable '.[sandbox]'
	touch $@

# What developers need on top.
.venv/develop.stamp: .venv/course.stamp
	$(PIP) install --constraint $(PINS) --group dev
	touch $@
