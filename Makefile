# The same words here and in CI: demo, test, check, bench, test-telephony, test-long, reliability.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test check format lints bench test-telephony test-long reliability tools set-up pages rust-tests page-tests

TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
USHER := $(TARGET)/debug/usher
# What users run; it carries the pages that were there when it was built.
USHER_RELEASE := $(TARGET)/release/usher
# In CI nothing may change Cargo.lock.
LOCKED := $(if $(filter true,$(CI)),--locked)
PAGES := $(wildcard web/package.json)
PAGES_INSTALLED := web/node_modules/.installed

help:
	@echo 'make demo       build pages and server, run a contact centre'
	@echo 'make test       check, then every test; installs what the tests need where it may'
	@echo 'make check      formatting, lints, generated files, licences'
	@echo 'make bench      benchmarks'
	@echo 'make test-telephony  real calls through a real Asterisk, which it installs in target/asterisk; needs root'
	@echo 'make test-long  the tests that take hours'
	@echo 'make reliability  breaks a server in every way we know, and writes what came of it into RELIABILITY.md'

demo: tools pages
	cargo build $(LOCKED) --bin usher
	exec '$(USHER)' demo $(ARGS)

# Most tests wait; the lints take what they leave of the machine, and are told at the end.
test: tools format set-up
	@nice -n 19 $(MAKE) --no-print-directory lints >'$(TARGET)/lints.log' 2>&1 & lints=$$!; \
	trap 'kill $$lints 2>/dev/null || true' EXIT; \
	$(MAKE) --no-print-directory rust-tests page-tests; \
	echo 'test: the lints, which ran beside the tests:'; \
	status=0; wait $$lints || status=$$?; cat '$(TARGET)/lints.log'; exit $$status

# Generated files, licences, the folders' borders and the paths that the pages name are tests.
check: tools format lints
	cargo test $(LOCKED) --workspace --lib --test integration -- generated staleness licences architecture docs

format:
	cargo fmt --all --check

# In a folder of their own, so that nothing waits for them.
lints: tools
	cargo clippy $(LOCKED) --workspace --all-targets --target-dir '$(TARGET)/lints' -- -D warnings
	@if command -v cargo-deny >/dev/null; then \
	  cargo deny --log-level error check bans licenses sources; \
	else \
	  echo 'check: cargo-deny is not installed, so "cargo deny" did not run; the licences test read deny.toml instead'; \
	fi

bench: tools
	cargo run $(LOCKED) --release --package load-tests -- core

# Where no Asterisk can be had, it says why, and that the tests were skipped.
test-telephony: tools
	@if asterisk="$$(scripts/setup-telephony.sh | tail -n 1)" && [ -n "$$asterisk" ]; then \
	  ASTERISK="$$asterisk" cargo test $(LOCKED) --test integration real_calls; \
	else \
	  echo 'test-telephony: SKIPPED, for the reason above'; \
	fi

test-long: tools set-up pages
	cargo test $(LOCKED) --release --workspace -- --ignored --nocapture
ifneq ($(PAGES),)
	cargo build $(LOCKED) --release --bin usher
	cd web && CHROMIUM="$$(../scripts/find-chromium.sh || true)" USHER='$(USHER_RELEASE)' npm run test:long
endif

# RELIABILITY_SHORT=1: the short forms, in some minutes instead of an hour. PARTS="kills disks": these alone.
reliability: tools set-up
	cargo build $(LOCKED) --bin usher
	scripts/reliability.sh $(PARTS)

tools:
	@scripts/check-tools.sh

set-up:
	@mkdir -p '$(TARGET)'
	@scripts/setup-tests.sh

# Many wait for the clock, a disk or a peer: four at once, whatever the machine.
rust-tests: tools
	RUST_TEST_THREADS=4 cargo test $(LOCKED) --workspace

ifneq ($(PAGES),)
pages: $(PAGES_INSTALLED)
	cd web && npm run build

page-tests: pages
	cargo build $(LOCKED) --bin usher
	cd web && CHROMIUM="$$(../scripts/find-chromium.sh || true)" USHER='$(USHER)' npm test

$(PAGES_INSTALLED): web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	mkdir -p $(@D)
	touch $@
else
pages page-tests:
	@echo '$@: there is no web/package.json yet, so there are no pages'
endif
