# make run    serve this folder's site on http://localhost:3368 (PORT=… VAR_DIR=… for another one beside it)
# make check  linters, JavaScript tests, and tests without a database or a server: before each commit
# make test   checks and tests of every part, in minutes; installs what they need. ONLY=path: one file or folder
# make test-all   also the tests that take long: run it before a release, and each night
#
# Each target installs what it needs. The second run of a target installs nothing.

PYTHON ?= python3
VAR_DIR ?= var
BIN := .venv/bin
STATIC_SOURCES := chat/static chat/bundles.py chat/scripts.py chat/stylesheets.py requirements.txt
CHECKED := chat project bench examples manage.py
# One more process than cores. The servers and browsers of the tests need the cores, too: four processes kept two cores
# busy for 96 % of the time, with a load of 10 and more, and answers came late. Eight at most, for the memory.
PROCESSES ?= $(shell n=$$(($$(nproc) + 1)); echo $$((n > 8 ? 8 : n)))
# Python stores what it compiles, whatever the environment says: each process collects thousands of tests.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python $(RUN_TESTS)
RUN_TESTS = -m pytest -n $(PROCESSES) $(if $(TRACE),--tracing retain-on-failure)

# The Debian packages that the tests start or call.
SERVICES := redis-server postgresql pgbouncer chromium firefox-esr iproute2 caddy nginx-light haproxy apache2 curl openssl
# Not needed: Chromium without windows takes half the CPU time for a page.
FASTER := chromium-headless-shell

# Tests of what asks the database.
QUERIES := $(addprefix chat/tests/,dispatch domain jobs live models)

SECONDS ?= 600
SEED ?= 1
export PYTHON VAR_DIR

.PHONY: run install test check statics lint migrations format javascript python postgresql test-all extended browsers chaos deploy bench coverage venv tools
# Targets run one after another also with `-j`: the tests use all cores themselves.
.NOTPARALLEL:

run: install
	@$(BIN)/python -m project.configuration.port
	@$(BIN)/python manage.py setup --link
	@exec $(BIN)/python -m project.server

# Set up without serving: the virtual environment, the database, the static files.
install: venv
	@$(BIN)/python manage.py migrate --verbosity 0
	@if [ -n "$$(find $(STATIC_SOURCES) -newer $(VAR_DIR)/static/staticfiles.json 2>&1 | head -n 1)" ]; then \
		$(BIN)/python manage.py collectstatic --noinput --verbosity 0; fi

ifdef ONLY
test: tools
	@.ci/need $(SERVICES)
	$(PYTEST) $(ONLY)
else
test: tools statics python postgresql
endif

# What needs no pytest.
statics: tools
	@.ci/need postgresql nodejs
	@.ci/beside "$(MAKE) --no-print-directory lint" "$(MAKE) --no-print-directory javascript" \
		"$(MAKE) --no-print-directory migrations"

# Without the tests that use a database, a server or a browser, and the longest ones. A process more than cores would only
# collect the tests once more.
check: tools
	@.ci/beside "$(MAKE) --no-print-directory lint" "$(MAKE) --no-print-directory javascript"
	$(PYTEST) -n $(shell nproc) -m "not uses_database and not starts_servers and not takes_long and not extended" \
		$(QUERIES) chat/tests/protocol

lint: tools
	@.ci/beside "$(BIN)/mypy" \
		"node_modules/.bin/tsc" \
		"node_modules/.bin/tsc --project chat/tests/javascript" \
		"DJANGO_SETTINGS_MODULE=chat.tests.settings $(BIN)/python manage.py makemigrations --check --dry-run" \
		"$(BIN)/lint-imports --no-cache" \
		"$(BIN)/ruff check $(CHECKED)" \
		"$(BIN)/ruff format --check $(CHECKED)"

# Whether workers of the version before could serve while the migrations run.
migrations: tools
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
	-@.ci/need $(FASTER)
	$(PYTEST) -m "not extended" chat/tests

# Runs the tests of what can differ between databases once more, on PostgreSQL: those that commit, and those of folders
# that chat/tests/kinds.py names. The tests of sockets ask each verb of a site on PostgreSQL.
postgresql: tools
	@.ci/need postgresql
	PARLEY_TESTS_ON=postgresql $(PYTEST) -m "databases_differ and not extended" $(QUERIES)

test-all: test extended

# What `make test` leaves out: variants of journeys, long runs, and the rules, pages and admin on PostgreSQL.
extended: tools
	@.ci/need $(SERVICES)
	-@.ci/need $(FASTER)
	$(PYTEST) -m extended chat/tests
	PARLEY_TESTS_ON=postgresql $(PYTEST) -m "uses_database and (extended or not databases_differ)" $(QUERIES)
	PARLEY_TESTS_ON=postgresql $(PYTEST) -m django_db $(addprefix chat/tests/,admin commands people revocation views)

# The main journeys in Firefox and WebKit. `make test-all` runs them in Firefox only; other browser tests use Chromium.
browsers: tools
	@.ci/need redis-server firefox-esr webkit2gtk-driver xvfb
	PARLEY_BROWSERS=firefox,webkit $(BIN)/python -m pytest chat/tests/other_browsers

# Which lines the tests execute, also in the sites that they start.
coverage: tools
	@.ci/need $(SERVICES)
	$(BIN)/coverage erase
	$(BIN)/coverage run $(RUN_TESTS) chat/tests
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# The chaos run for longer than `make test-all` does it: make chaos SECONDS=3600 SEED=7
chaos: tools
	@.ci/need redis-server postgresql
	$(BIN)/python -m chat.tests.chaos --seconds $(SECONDS) --seed $(SEED) $(if $(CUTS),--cuts $(CUTS))

# Replace the workers of `docker compose up` by those of this checkout, without closing the site.
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
	@$(call installed,requirements-dev.txt,requirements-s3.txt)

# npm writes this file when it has installed everything.
node_modules/.package-lock.json: package-lock.json
	@.ci/need nodejs npm
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# pip runs only when a list of requirements, or a further one that it includes, differs from what it installed last.
installed = cat $(sort requirements.txt $(1) $(2)) | cmp -s - .venv/$(1) || { \
	echo "Installing $(1)" && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement $(1) && \
	cat $(sort requirements.txt $(1) $(2)) >.venv/$(1); }
