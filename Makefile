# Every target sets up what it needs (.ci/install.py makes .venv from the lock; a second call ends at once).
# Without make (Windows): the README gives the same as plain commands.

PYTHON ?= python3
LANGUAGE ?= en
ROUNDS ?= 20
DATA ?= $(MMCOURSE_DATA)
REPOSITORY ?= $(MMCOURSE_REPOSITORY)
COMMIT ?= $(MMCOURSE_COMMIT)
ifeq ($(OS),Windows_NT)
  RUN := .venv/Scripts/python
else
  RUN := .venv/bin/python
endif
BOOK := $(RUN) book/_ext/build.py
TORCH_BACKENDS := tensorflow,jax,torch

.PHONY: help setup book page notebooks notebooks-colab published status lab test exercises fuzz mutants test-backends test-browser test-colab lint measure stability real real-pages bench weights lock doctor clean

help:
	@echo "make book            build the book and say where it is"
	@echo "make page PAGE=name  build one page of it, in about a minute"
	@echo "make test            run the tests"
	@echo "make lab             open the notebooks in JupyterLab"
	@echo "make notebooks       write the student notebooks from the pages"
	@echo "make real DATA=dir   train and score on real data  (LANGUAGE=zh: Chinese captions)"
	@echo "make notebooks-colab run all notebooks as on Colab, without network"
	@echo "make stability       seven runs of each page      (book/results/stability.json)"
	@echo "make measure         time every page              (book/results/timings.json)"
	@echo "make bench           the benchmarks, as ratios    (book/results/bench.json)"
	@echo "make published       write the notebooks as REPOSITORY=https://... publishes them at COMMIT=..."
	@echo "also: status exercises fuzz mutants test-backends test-browser test-colab real-pages lint weights lock doctor clean"

setup:
	@$(PYTHON) .ci/install.py

book: setup
	@$(BOOK) html

page: setup
	@$(BOOK) page $(PAGE)

notebooks: setup
	@$(BOOK) notebooks

published: setup
	@MMCOURSE_REPOSITORY="$(REPOSITORY)" MMCOURSE_COMMIT="$(COMMIT)" $(BOOK) published

status: setup
	@$(BOOK) status

lab: setup
	@$(RUN) -m jupyterlab --notebook-dir=notebooks

test: setup
	@PYTHONHASHSEED=0 $(RUN) -m pytest -m "not browser and not built" -n auto --maxprocesses 4 --dist loadfile

# Fresh draws; SEED=... repeats a round, ONLY="tests/..." a part of it.
fuzz: setup
	@$(RUN) tests/fuzz.py --rounds $(ROUNDS) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only "$(ONLY)")

test-backends:
	@$(PYTHON) .ci/install.py torch
	@MMCOURSE_BACKENDS=$(TORCH_BACKENDS) $(RUN) -m pytest -m backends -n auto --maxprocesses 4 --dist loadfile

# What the exercises promise, on all seeds: planted mistakes and mutants on 20, right answers in any dress on 50.
exercises: setup
	@MMCOURSE_THOROUGH=1 $(RUN) -m pytest -m "not browser" -n auto --maxprocesses 4 tests/test_exercises_*.py

# Small changes of some modules that their tests should notice; Linux. ONLY=module.
mutants: setup
	@$(RUN) tests/mutants.py $(if $(ONLY),--only $(ONLY))

test-browser: setup
	@$(RUN) -m pytest -m "browser or built" -n auto --maxprocesses 4 --dist loadgroup

test-colab: setup
	@$(RUN) .ci/colab.py tests

lint: setup
	@$(RUN) -m ruff check .

notebooks-colab: setup
	@$(RUN) .ci/notebooks.py --all

stability: setup
	@$(BOOK) stability $(PAGES)

measure: setup
	@$(BOOK) measure

real: setup
	@test -n "$(DATA)" || { echo "Say where the data are: make real DATA=dir (see README.md, Real data)"; exit 1; }
	@$(RUN) -m mmcourse.experiments real --data "$(DATA)" --language $(LANGUAGE)

real-pages: setup
	@test -n "$(DATA)" || { echo "Say where the data are: make real-pages DATA=dir (see README.md, Real data)"; exit 1; }
	@MMCOURSE_DATA="$(DATA)" $(BOOK) real-pages $(PAGES)

bench: setup
	@$(RUN) -m uv pip install --quiet "keras-hub>=0.20" || echo "keras-hub cannot be installed here: its row stays empty"
	@$(RUN) -m tests.bench

weights: setup
	@$(RUN) -m mmcourse.weights.make scene_vgg
	@$(RUN) -m mmcourse.experiments captioning-scenes

lock:
	@$(RUN) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	  --extra tensorflow --extra book --extra test --extra oracles --extra search --no-header --no-emit-index-url -o requirements.txt

doctor: setup
	@$(RUN) -m mmcourse.doctor

clean:
	rm -rf _build .cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
