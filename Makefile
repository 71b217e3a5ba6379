# Everything here runs Maven on the JDK >= 25 that bin/find-jdk finds, whatever `java` on the path is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PREFIX ?= /usr/local
STORE ?= sqlite
KAFKA ?= 0
VERSION ?=

MVN = JAVA_HOME="$$(bin/find-jdk)" MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED $$MAVEN_OPTS" ./mvnw -B -ntp

.PHONY: help root setup build fmt test demo lab bench chaos install package clean

help: ## This list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

root:
	@[ "$$(id -u)" -eq 0 ] || { echo "make $(MAKECMDGOALS): needs root, to make network namespaces: run it with sudo, or in a machine of your own" >&2; exit 1; }

setup: ## Install what is missing, from Debian's packages
	@dev/setup.sh

build: setup ## Build what running needs: no tests, no static analysis
	@dev/build.sh

fmt: ## Format the code
	@$(MVN) -q spotless:apply

test: root ## Format check, static analysis, and all tests on real namespaces, real etcd, real processes
	@dev/setup.sh tests
	@mkdir -p target && touch target/begun
	$(MVN) -T 2 verify
	@dev/build.sh --note-built

demo: root build ## Three hosts, shown and checked; STORE=etcd for a real etcd, KAFKA=1 for events in Kafka
	@STORE=$(STORE) KAFKA=$(KAFKA) demo/demo.sh

lab: root build ## A lab of three hosts that stays: see bin/weft lab --help
	@bin/weft lab up --name lab --hosts 3 --store $(STORE)
	@bin/weft lab status lab

bench: root setup ## Benchmarks beside Docker and others; results in load-tests/target
	@dev/build.sh load-tests
	@load-tests/run

chaos: STORE = etcd
chaos: root ## Faults at random, judged by a checker; SEED=1 SEEDS=1 DURATION=180 (seconds a seed) HOSTS=5 STORE=etcd
	@dev/setup.sh chaos
	@dev/build.sh chaos
	@STORE=$(STORE) chaos/run

install: build ## Copy launchers and jars to PREFIX (default /usr/local; DESTDIR is put in front)
	@dev/install.sh "$(DESTDIR)$(PREFIX)"

package: build ## Packages with a Java runtime of their own, in target/packages; VERSION=1.2.3 names them
	@dev/package.sh $(VERSION)

clean: ## Remove what was built
	@$(MVN) -q clean
