# Two commands do everything: `make run` opens the demo library, `make test` runs all tests.

SWIFT   ?= swift
PREFIX  ?= /usr/local
BINARY   = .build/release/cordscope
PACKAGES = libncurses-dev libpng-dev
SOURCES := Package.swift $(shell find Sources -type f)

.PHONY: run build test test-terminal check lint bench deps test-deps install

run: build ## Builds if needed and opens the demo library.
	@$(BINARY) demo

build: $(BINARY)

$(BINARY): $(SOURCES) | deps
	@$(SWIFT) build -c release --product cordscope
	@touch $(BINARY)

test: deps test-deps ## All tests, in release mode: the arithmetic is heavy.
	@SWIFT='$(SWIFT)' Scripts/run-tests.sh

test-terminal: deps ## What readers see in real terminals: xterm with sixels, kitty, tmux, screen, SSH, 100 killed sessions.
	@Scripts/install-packages.sh optional tmux screen xvfb xterm kitty x11-apps xdotool openssh-server openssh-client
	@CORDSCOPE_KILLS=$${CORDSCOPE_KILLS:-100} SWIFT='$(SWIFT)' Scripts/run-tests.sh \
	  --filter 'DayTests|RealTerminalTests|KittyTerminalTests|GNUScreenTests|WorkstationTests|KilledSessionTests'

check: deps test-deps lint ## What a change must pass before it is merged.
	@$(SWIFT) build -c release --build-tests -Xswiftc -enable-testing -Xswiftc -warnings-as-errors
	@Scripts/check-weak-symbols.sh .build/release
	@Scripts/test-kernel-paths.sh $(SWIFT)

lint:
	@$(SWIFT) format lint --strict --recursive Sources Tests Benchmarks Package.swift
	@Scripts/check-imports.sh

bench: deps ## Speed of the engine, with PyTorch beside it when PEER_PYTHON, PEER_SCRIPT and PEER_DATA are set (results 003).
	@$(SWIFT) build -c release --product cordscope-bench
	@.build/release/cordscope-bench

deps:
	@Scripts/install-packages.sh required $(PACKAGES)

test-deps:
	@Scripts/install-packages.sh optional tmux screen

install: build ## Copies the program and its weights below PREFIX.
	install -D -m 755 $(BINARY) $(PREFIX)/bin/cordscope
	install -d $(PREFIX)/share/cordscope/assets
	install -m 644 assets/*.safetensors assets/*.json assets/*.md $(PREFIX)/share/cordscope/assets
