# mod_tlsdiag. `make help` lists the targets; everything that is made lands in build/.
# Handy: APXS=/path/to/apxs  CC=clang  V=1  WERROR=  SANITIZE=address,undefined  SANITIZE=thread  DESTDIR=

VERSION  := 0.1.0
APXS     ?= $(firstword $(shell command -v apxs apxs2 2>/dev/null) apxs)
PERL     ?= perl
CLANG    ?= clang
WERROR   ?= -Werror
SECONDS  ?= 60
SANITIZE ?=
jobs     := $(shell nproc 2>/dev/null || echo 2)
FLAVOUR  ?= $(subst $(comma),-,$(SANITIZE))

comma := ,
# The plain build is build/ itself; a sanitized or measured one keeps to its own folder beside it.
B := build$(FLAVOUR:%=/%)

# V=1 shows the commands.
quietly = $(if $(V),,@echo "  $(1) $@" &&)

# apxs is asked once, when first needed: `make deps` must work where it is not installed yet.
apxs_value      = $(strip $(shell $(APXS) -q $(1)))
httpd_cppflags  = $(eval httpd_cppflags := $(call apxs_value,EXTRA_CPPFLAGS) -isystem $(call apxs_value,INCLUDEDIR) \
                    $(patsubst -I%,-isystem %,$(filter-out -I. -I/usr/include,$(call apxs_value,EXTRA_INCLUDES))))$(httpd_cppflags)
openssl_cppflags =

warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla -Wformat=2 \
            -Werror=format-security -Werror=implicit-function-declaration $(WERROR)
# Beyond what Debian's dpkg-buildflags asks for: what this compiler has for this machine (-fcf-protection is x86's).
accepted  = $(foreach flag,$(1),$(shell $(CC) $(flag) -Werror -x c -c -o /dev/null - </dev/null 2>/dev/null && echo $(flag)))
ifeq ($(SANITIZE)$(FLAVOUR),)
# gcc's -Wconversion sees ghosts in code instrumented by UBSan, so only the plain build asks for it.
warnings  += -Wconversion
hardening := -O2 -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
             $(call accepted,-fstack-clash-protection -fcf-protection)
# The module is linked as one program, which takes 5 % off the instructions of a handshake. Its objects hold plain code as well:
# what else is made of them is linked without (-fno-lto).
lto       := $(if $(filter 2,$(words $(call accepted,-flto=auto -ffat-lto-objects))),-flto=auto -ffat-lto-objects)
else
hardening := -O1 -fno-omit-frame-pointer $(SANITIZE:%=-fsanitize=% -fno-sanitize-recover=all)
endif
common   := $(warnings) $(hardening) -fno-lto -g -fPIC -fvisibility=hidden -Isrc -I$(B)/gen -DTLSDIAG_VERSION='"$(VERSION)"'

# Three sets of flags, one for each kind of ignorance: the core cannot even find httpd's headers.
core_cflags    = -std=c11 $(common) $(CFLAGS)
collect_cflags = -std=gnu11 $(common) $(openssl_cppflags) $(CFLAGS)
# APR's rings compute their offsets from a null pointer (apr_ring.h), which clang's UBSan takes for an access.
apache_cflags  = -std=gnu11 $(common) $(openssl_cppflags) $(httpd_cppflags) $(CFLAGS) $(if $(filter clang,$(FLAVOUR)),-fno-sanitize=null$(comma)object-size)
link_flags     = -Wl,-z,relro,-z,now $(SANITIZE:%=-fsanitize=%) $(LDFLAGS)
openssl_libs   = -lssl -lcrypto

collect_src  := $(wildcard src/collect/*.c)
apache_src   := $(wildcard mod_tlsdiag.c src/apache/*.c)
core_src     := $(filter-out $(collect_src) $(apache_src),$(wildcard src/*/*.c))
core_obj     := $(core_src:%.c=$(B)/%.o)
collect_obj  := $(collect_src:%.c=$(B)/%.o)
apache_obj   := $(apache_src:%.c=$(B)/%.o)
unit_src     := $(wildcard t/unit/*.c t/unit/*/*.c)
unit_bin     := $(unit_src:%.c=$(B)/%.t)
fuzz_names   := $(filter-out replay,$(basename $(notdir $(wildcard t/fuzz/*.c))))

all: $(B)/mod_tlsdiag.so ## build/mod_tlsdiag.so (the default)

$(B)/mod_tlsdiag.so: $(apache_obj) $(collect_obj) $(core_obj)
	$(call quietly,link)$(CC) -shared -o $@ $^ $(if $(lto),$(hardening) $(lto)) $(link_flags) $(openssl_libs)

$(core_obj): private flags = $(core_cflags)
$(collect_obj): private flags = $(collect_cflags)
$(apache_obj): private flags = $(apache_cflags)
$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call quietly,cc  )$(CC) $(flags) $(lto) -MMD -MP -c -o $@ $<

# The page's files, as C strings: made from inside the tree, so never committed.
assets := $(wildcard src/publish/assets/*.html src/publish/assets/*.css src/publish/assets/*.js src/publish/assets/*.svg)
$(B)/gen/publish/assets_data.h: src/publish/assets/embed.pl $(assets)
	@mkdir -p $(@D)
	$(call quietly,gen )$(PERL) $< $(assets) > $@
$(B)/src/publish/page_assets.o: $(B)/gen/publish/assets_data.h

# Tests and fuzzers pull from the archives only what they name.
$(B)/libcore.a: $(core_obj)
$(B)/libcollect.a: $(collect_obj)
$(B)/lib%.a:
	@rm -f $@ && mkdir -p $(@D) && ar rcs $@ $^

$(B)/t/unit/%.t: t/unit/%.c $(B)/libcollect.a $(B)/libcore.a Makefile
	@mkdir -p $(@D)
	$(call quietly,cc  )$(CC) $(core_cflags) -It/unit -MMD -MP -MF $(@:.t=.d) -MT $@ -o $@ $< $(B)/libcollect.a $(B)/libcore.a -pthread $(link_flags) $(openssl_libs)

# Programs that tests call.
tools := $(patsubst %.c,$(B)/%,$(wildcard t/tool/*.c))
$(tools): $(B)/%: %.c $(B)/libcore.a Makefile
	@mkdir -p $(@D)
	$(CC) $(core_cflags) -o $@ $< $(B)/libcore.a

# Libraries that tests put between httpd and the system (LD_PRELOAD), and modules that they load beside ours.
preloads := $(patsubst %.c,$(B)/%.so,$(wildcard t/tool/preload/*.c))
$(preloads): $(B)/%.so: %.c Makefile
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(warnings) -O1 -fPIC -shared -o $@ $<
neighbours := $(patsubst %.c,$(B)/%.so,$(wildcard t/tool/module/*.c))
$(neighbours): $(B)/%.so: %.c Makefile
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(warnings) $(httpd_cppflags) -O1 -fPIC -shared -o $@ $< $(openssl_libs)
tools += $(preloads) $(neighbours)

-include $(core_obj:.o=.d) $(collect_obj:.o=.d) $(apache_obj:.o=.d) $(unit_bin:.t=.d)

install: all ## into this httpd's modules folder (DESTDIR=); on Debian also mods-available, for a2enmod
	DESTDIR='$(DESTDIR)' sh conf/install.sh $(B)/mod_tlsdiag.so '$(call apxs_value,LIBEXECDIR)' '$(call apxs_value,SYSCONFDIR)'

deps: ## install what build, tests and demo need (apt, as root), else print the command
	@sh .ci/deps.sh

clean: ## remove build/
	@if [ -x t/demo/run ]; then t/demo/run stop; fi
	rm -rf build

demo: deps ## a private httpd, a dozen real clients, and what the module says of each
	@$(MAKE) --no-print-directory all
	@t/demo/run

demo-stop: ## stop the demo's httpd
	@t/demo/run stop

unit: $(unit_bin) ## the pure C tests (SANITIZE=thread works)
	@prove $^
unit-bins: $(unit_bin)

corpus: $(B)/t/unit/client_hello.t $(B)/t/unit/fingerprint.t $(B)/t/unit/first_bytes.t ## the same over TLSDIAG_CORPUS=folder with hellos.jsonl
	@test -n '$(TLSDIAG_CORPUS)' || { echo 'corpus: say TLSDIAG_CORPUS=/path/to/corpus' >&2; exit 1; }
	$(PERL) t/data/hellos-to-table.pl '$(TLSDIAG_CORPUS)/hellos.jsonl' >$(B)/hellos.tsv
	TLSDIAG_HELLOS=$(B)/hellos.tsv prove $^

unit-sanitize: ## the same by clang, under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(clang_make) -j$(jobs) unit

test: all $(tools) ## Apache::Test suite: real httpd, real clients (T=t/failure/version.t, TESTARGS=-verbose)
	$(PERL) t/TEST $(TESTARGS) $(T)

judge-testssl: all $(tools) ## testssl.sh against every vhost of the audit's tests (ten minutes; make check takes two of them)
	TLSDIAG_TESTSSL=all $(PERL) t/TEST $(TESTARGS) t/judge/testssl.t

soak: all ## the soak test, longer (SECONDS=600)
	TLSDIAG_SOAK_SECONDS=$(SECONDS) $(PERL) t/TEST $(TESTARGS) t/soak

faults-long: all $(tools) ## t/faults with hundreds of kills and restarts, and 100,000 strangers, for both MPMs (half an hour)
	TLSDIAG_FAULTS_LONG=1 APACHE_TEST_MPM=event $(PERL) t/TEST $(TESTARGS) $(or $(T),t/faults)
	TLSDIAG_FAULTS_LONG=1 APACHE_TEST_MPM=prefork $(PERL) t/TEST $(TESTARGS) $(or $(T),t/faults)

limits-long: all $(tools) ## 10,000 connections stalled in the handshake (a gigabyte of memory; make check has 300)
	TLSDIAG_STALLED=10000 $(PERL) t/TEST $(TESTARGS) t/limits/stalled.t

# What it costs; the folder t/bench says how. valgrind is all it needs beyond `make deps`.
bench_bin := $(patsubst %.c,$(B)/%,$(filter-out %/allocations.c,$(wildcard t/bench/*.c)))
$(bench_bin): $(B)/%: %.c $(B)/libcore.a Makefile
	@mkdir -p $(@D)
	$(call quietly,cc  )$(CC) -std=gnu11 $(common) $(CFLAGS) -It/unit -o $@ $< $(B)/libcore.a -pthread $(openssl_libs)
$(B)/t/bench/allocations.so: t/bench/allocations.c Makefile
	@mkdir -p $(@D)
	$(call quietly,cc  )$(CC) -std=gnu11 $(common) -fvisibility=default -shared -o $@ $<

bench: all $(bench_bin) $(B)/t/bench/allocations.so ## what a handshake costs, as tables (ONLY=callgrind ROUNDS=3; t/README.md)
	@command -v valgrind >/dev/null || apt-get install -y -qq --no-install-recommends valgrind libc6-dbg
	@$(PERL) t/bench/run

# clang builds everything once more, into build/clang: with the sanitizers and with what the fuzzer wants to know.
sanitizers := address,undefined
clang_make  = $(MAKE) --no-print-directory CC=$(CLANG) FLAVOUR=clang LDFLAGS='-fsanitize=$(sanitizers)' \
                CFLAGS='-fsanitize=fuzzer-no-link,$(sanitizers) -fno-sanitize-recover=all' openssl_cppflags=-DOPENSSL_NO_DEPRECATED
fuzz_cflags = $(core_cflags) -It/unit -Wno-missing-prototypes
fuzz-build:
	@$(clang_make) -j$(jobs) fuzz-bins
fuzz-bins: $(fuzz_names:%=$(B)/t/fuzz/%)
$(B)/t/fuzz/%: t/fuzz/%.c $(B)/libcore.a Makefile
	@mkdir -p $(@D)
	$(call quietly,cc  )$(CC) $(fuzz_cflags) -MMD -MP -MF $@.d -MT $@ -o $@ $< $(B)/libcore.a -fsanitize=fuzzer $(link_flags) $(openssl_libs)
-include $(fuzz_names:%=$(B)/t/fuzz/%.d)

fuzz: fuzz-build ## libFuzzer on T=client_hello for SECONDS=60 of CPU time
	@sh t/fuzz/run.sh $(SECONDS) $(or $(T),$(fuzz_names))

fuzz-smoke: fuzz-build ## replay each committed corpus, then three seconds of fuzzing for each target
	@sh t/fuzz/run.sh 3 $(fuzz_names)

fuzz-replay: $(fuzz_names:%=$(B)/t/fuzz/%-replay) ## the committed corpus through the fuzz targets, with any compiler (SANITIZE=...)
	@for t in $(fuzz_names); do echo "$$t: $$($(B)/t/fuzz/$$t-replay t/fuzz/corpus/$$t/*)" || exit 1; done
$(B)/t/fuzz/%-replay: t/fuzz/%.c t/fuzz/replay.c $(B)/libcore.a Makefile
	@mkdir -p $(@D)
	$(call quietly,cc  )$(CC) $(fuzz_cflags) -o $@ $(filter %.c %.a,$^) $(link_flags) $(openssl_libs)

lint: $(B)/gen/publish/assets_data.h ## formatting, clang-tidy, cppcheck, perl -c, shellcheck
	@CPPFLAGS='-Isrc -I$(B)/gen $(httpd_cppflags)' sh .ci/lint.sh

analyze: $(B)/gen/publish/assets_data.h ## clang's static analyzer; slow, and not part of check
	@CPPFLAGS='-Isrc -I$(B)/gen $(httpd_cppflags)' sh .ci/lint.sh analyze

format: ## rewrite the C files with clang-format
	clang-format -i $$(find mod_tlsdiag.c src t -name '*.[ch]' 2>/dev/null)

# Parts of README.md that are made from tables of the source.
documents := $(patsubst %.c,$(B)/%,$(wildcard t/document/*.c))
$(B)/t/document/%: t/document/%.c $(B)/libcore.a Makefile
	@mkdir -p $(@D)
	$(CC) $(core_cflags) -o $@ $< $(B)/libcore.a

documents: $(documents) ## rewrite the parts of README.md that are made from tables
	@$(PERL) t/document/update README.md $(documents)

documents-check: $(documents) ## does README.md say what the tables say?
	@$(PERL) t/document/update --check README.md $(documents) && echo "documents: README.md agrees with the tables"

golden: $(B)/t/unit/publish/golden.t $(B)/t/unit/publish/page_golden.t ## rewrite t/golden from what is rendered now; the diff is reviewed like code
	@for test in $^; do TLSDIAG_GOLDEN=write $$test; done

layers: ## does each #include respect src/LAYERS?
	@$(PERL) src/layers.pl && echo "layers: kept"

iana: ## rewrite src/iana/*.inc from src/iana/registry/*.csv
	$(PERL) src/iana/generate.pl

iana-check: ## are src/iana/*.inc what the registries give?
	@sh .ci/iana-check.sh

# Suites under a tool: t/under/run.sh. T= and APACHE_TEST_MPM= as for make test.
check-asan: all $(tools) ## the suite with the module under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(clang_make) -j$(jobs) all
	@sh t/under/run.sh asan $(T)

check-tsan: all $(tools) ## the same under ThreadSanitizer (APACHE_TEST_MPM=event or worker)
	@$(MAKE) --no-print-directory -j$(jobs) SANITIZE=thread CFLAGS=-Wno-tsan all
	@sh t/under/run.sh tsan $(T)

check-valgrind: all $(tools) ## the same under valgrind's memcheck (slow)
	@sh t/under/run.sh valgrind $(T)

# gcc's -Wmaybe-uninitialized sees ghosts in code that counts its lines.
cover_make = $(MAKE) --no-print-directory FLAVOUR=cover CFLAGS='--coverage -fprofile-update=atomic -Wno-maybe-uninitialized' \
               LDFLAGS='--coverage -Wl,--wrap=_exit -fPIC t/under/exit.c'
cover: all $(tools) ## line coverage of src/ by unit tests and suite together, in build/cover/html
	@command -v lcov >/dev/null || apt-get install -y -qq --no-install-recommends lcov
	@$(cover_make) -j$(jobs) all unit-bins
	@sh t/under/cover.sh $(T)

check: deps ## everything a change must pass; .ci/run calls this and nothing else
	@$(MAKE) --no-print-directory -j$(jobs) all unit-bins $(tools) $(documents)
	@$(MAKE) --no-print-directory -j4 --output-sync=target check-suites check-judged check-clang

# Each in a chroot made by debootstrap below build/chroot; t/chroot/targets says what runs there.
check-bookworm: ## both commands of README and the installation on a fresh Debian 12 (root; long)
check-trixie: ## the same on Debian 13: OpenSSL 3.5
check-bullseye: ## build, unit tests and half of the suite on Debian 11: OpenSSL 1.1.1
check-bookworm check-trixie check-bullseye:
	@t/chroot/run $(@:check-%=%) $(T)

# What waits most of its time, beside what computes.
check-suites: all $(tools)
	@sh t/all.sh 4
check-judged: lint layers iana-check documents-check unit
check-clang: ## all by clang without a warning and without what OpenSSL 3 deprecates, unit tests under its sanitizers, a smoke of fuzzing
	@$(clang_make) -j2 all unit-bins fuzz-bins
	@$(clang_make) unit
	@sh t/fuzz/run.sh 2 $(fuzz_names)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  \1|/p' $(firstword $(MAKEFILE_LIST)) | sort | awk -F'|' '{printf "%-17s %s\n", $$1, $$2}'

# What `make help` lists is no file, and neither are these.
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*## .*/\1/p' $(firstword $(MAKEFILE_LIST))) unit-bins fuzz-build fuzz-bins check-suites check-judged
.DELETE_ON_ERROR:
.SECONDARY:
