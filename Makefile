# make run    serve this folder's site on http://localhost:3368 (PORT=… VAR_DIR=… for another one beside it)
# make check  linters, unit tests and JavaScript tests: before each commit
# make test   all checks and tests; installs what they need. ONLY=path runs the tests of one file or folder
#
# Each target brings its own needs; a second run of any takes seconds.

PYTHON ?= python3
VAR_DIR ?= var
BIN := .venv/bin
STATIC_SOURCES := chat/static project/static.py requirements.txt
CHECKED := chat project bench examples manage.py
PYTEST = $(BIN)/python -m pytest -n auto --maxprocesses 8 $(if $(TRACE),--tracing retain-on-failure)

# The Debian packages that the tests start or call.
SERVICES := redis-server postgresql pgbouncer chromium firefox-esr iproute2 caddy nginx-light curl openssl

SECONDS ?= 600
SEED ?= 1
export PYTHON VAR_DIR

.PHONY: run install test check lint format javascript python postgresql browsers chaos deploy bench coverage venv tools
# One thing after another, whatever `-j` says: the tests fill all cores by themselves.
.NOTPARALLEL:

run: install
	@$(BIN)/python -m project.configuration.port
	@$(BIN)/python manage.py setup --link
	@exec $(BIN)/python -m project.server

# Set up, without serving: the virtual environment, the database, the static files.
install: venv
	@$(BIN)/python manage.py migrate --verbosity 0
	@if [ -n "$$(find $(STATIC_SOURCES) -newer $(VAR_DIR)/static/staticfiles.json 2>&1 | head -n 1)" ]; then \
		$(BIN)/python manage.py collectstatic --noinput --verbosity 0; fi

ifdef ONLY
test: tools
	@.ci/need $(SERVICES)
	$(PYTEST) $(ONLY)
else
test: tools lint javascript python postgresql
endif

# Without the tests that start whole sites or browsers.
check: tools lint javascript
	@.ci/need redis-server
	$(PYTEST) chat/tests/domain chat/tests/models chat/tests/events chat/tests/live chat/tests/views chat/tests/admin

lint: tools
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/lint-imports --no-cache
	DJANGO_SETTINGS_MODULE=chat.tests.settings $(BIN)/python manage.py makemigrations --check --dry-run
	@.ci/need postgresql
	$(BIN)/python -m chat.tests.upgrade

format: tools
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

javascript:
	@.ci/need nodejs
	node --test --test-reporter=spec chat/tests/javascript/*.test.js

python: tools
	@.ci/need $(SERVICES)
	$(PYTEST) chat/tests

# What touches the database, once more, on PostgreSQL.
postgresql: tools
	@.ci/need postgresql
	PARLEY_TESTS_ON=postgresql $(PYTEST) -m django_db chat/tests

# The main journeys in all browsers beside Chromium; `make test` has Firefox only.
browsers: tools
	@.ci/need redis-server firefox-esr webkit2gtk-driver xvfb
	PARLEY_BROWSERS=firefox,webkit $(BIN)/python -m pytest chat/tests/other_browsers

# Which lines the tests run, in the sites that they start too.
coverage: tools
	@.ci/need $(SERVICES)
	$(BIN)/coverage erase
	$(BIN)/coverage run $(subst $(BIN)/python,,$(PYTEST)) chat/tests
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Longer than the tests' own run: make chaos SECONDS=3600 SEED=7
chaos: tools
	@.ci/need redis-server postgresql
	$(BIN)/python -m chat.tests.chaos --seconds $(SECONDS) --seed $(SEED) $(if $(CUTS),--cuts $(CUTS))

# Replace the workers of `docker compose up` by this checkout's, while people talk.
deploy:
	sh project/deploy/replace.sh

bench: venv
	@.ci/need redis-server postgresql gcc libc6-dev
	$(BIN)/python -m bench $(if $(QUICK),--quick)

venv:
	@.ci/need python3 python3-venv
	@$(BIN)/python -c "import pip" >/dev/null 2>&1 || { rm -rf .venv && $(PYTHON) -m venv .venv; }
	@$(call installed,requirements.txt)

tools: venv node_modules/.package-lock.json
	@$(call installed,requirements-dev.txt)

# npm writes this file when it has installed everything.
node_modules/.package-lock.json: package-lock.json
	@.ci/need nodejs npm
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# pip runs only when a list of requirements differs from the one that it installed last.
installed = cat requirements.txt $(1) | cmp -s - .venv/$(1) || { \
	echo "Installing $(1)" && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement $(1) && \
	cat requirements.txt $(1) >.venv/$(1); }
