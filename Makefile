# make run       train, test and look: a quick colorization of photographs that come with scikit-image
# make demo      a page in a browser: photographs of your own in the colors of others, also by what `make run` trained
# make docs      the documentation as a site: site/index.html
# make test      the quick tests, in five minutes; make test-all also those that take longer, such as whole trainings
# make lint      ruff
# make install   into .venv: what the others need, and the command huenet
# make wheel     dist/huenet-VERSION-py3-none-any.whl, which pip installs anywhere
# PYTHON chooses the interpreter (3.11, 3.12 or 3.13) and by it the TensorFlow stack; VENV the folder it goes to.
PYTHON ?= $(shell .ci/python find)
VENV ?= .venv
BIN = $(VENV)/bin
QUICK = runs/quick/colorization-sample
# Where there is an NVIDIA driver, TensorFlow brings its own CUDA.
GPU = $(shell nvidia-smi >/dev/null 2>&1 && echo 'tensorflow[and-cuda]')

.PHONY: install wheel run demo docs test test-all lint clean same

install: $(VENV)/.installed same

# What an earlier build left behind would go into the wheel too.
wheel: $(VENV)/.installed same
	rm -rf build dist
	$(BIN)/pip wheel --no-deps --wheel-dir dist .

run: $(VENV)/.installed same
	$(BIN)/python train.py --config config/experiments/quick.yaml
	$(BIN)/python test.py --run $(QUICK)
	@echo "images of your own, in a browser: make demo"

demo: $(VENV)/.installed-demo same
	$(BIN)/python demo.py $(if $(wildcard $(QUICK)/checkpoints),--run $(QUICK))

# Warnings are errors. The notice that it leaves out is of Material's end in 2027 (requirements-docs.txt).
docs: $(VENV)/.installed-docs same
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "the documentation: site/index.html"

# Two at a time: while one starts or traces, which takes one core, the other has work for both. A file's tests share
# fixtures, so they stay in one process. A test that kills its process ends the run.
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

test: $(VENV)/.installed-dev same
	$(PYTEST) -m "not long"

test-all: $(VENV)/.installed-dev same
	$(PYTEST)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

clean:
	@$(OWN_VENV)
	rm -rf $(VENV)

# A folder that is no environment is not emptied.
OWN_VENV = [ -f "$(VENV)/pyvenv.cfg" ] || [ -z "$$(ls -A "$(VENV)" 2>/dev/null)" ] || \
	{ echo "error: VENV=$(VENV) is a folder of something else; give another" >&2; exit 2; }

# An interpreter that was asked for is not quietly another one because the folder was there before.
same: $(VENV)/.installed
ifneq ($(origin PYTHON),file)
	@[ "$$($(BIN)/python -V)" = "$$($(PYTHON) -V)" ] || \
	{ echo "error: $(VENV) holds $$($(BIN)/python -V), not $$($(PYTHON) -V): make clean, or give another VENV" >&2; exit 2; }
endif

$(VENV)/.installed: requirements.txt pyproject.toml setup.py
	@.ci/python check "$(PYTHON)"
	@$(OWN_VENV)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --editable . $(GPU)
	@touch $@

$(VENV)/.installed-demo: $(VENV)/.installed requirements-demo.txt
	$(BIN)/pip install -r requirements.txt -r requirements-demo.txt
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.installed requirements-docs.txt
	$(BIN)/pip install -r requirements-docs.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-demo.txt requirements-dev.txt
	$(BIN)/pip install -r requirements-dev.txt
	@touch $@
