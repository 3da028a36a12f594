# libhotgigs: typed access to the tables of HotGigs.ai on PostgreSQL.
#
# Read from top to bottom: settings, library, generated files, programs, tests, install. What is built lies in build/ and
# nowhere else. `make help` lists the targets.

# ---- Settings --------------------------------------------------------------------------------------------------------

VERSION  := 0.1.0
SOVERSION := 1
PREFIX   ?= /usr/local
LIBDIR   ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
BINDIR   ?= $(PREFIX)/bin
MANDIR   ?= $(PREFIX)/share/man
DESTDIR  ?=
CC       ?= cc
CFLAGS   ?= -O2 -g
# What the tests are built with. address: AddressSanitizer, and UndefinedBehaviorSanitizer for the library; leaks: any of the library's, and
# others in one test of thirty-two (tests/main.c). thread: ThreadSanitizer, on the suites of session and value, where threads share what
# the library has. none.
SANITIZE ?= address
# Suites or folders of them, such as T='value/time link'; all if empty.
T        ?=

Q := $(if $(V),,@)
say = $(if $(V),,@printf '%-8s %s\n' '$(1)' '$(2)';)

ifeq ($(SANITIZE),none)
  KIND := plain
  SANITIZERS :=
else ifeq ($(SANITIZE),thread)
  KIND := tsan
  SANITIZERS := -fsanitize=thread -fno-omit-frame-pointer
else
  KIND := asan
  UNDEFINED := -fsanitize=undefined -fno-sanitize-recover=all
  SANITIZERS := -fsanitize=address $(UNDEFINED) -fno-omit-frame-pointer
endif

B := build/$(KIND)
PACKAGES := libpq libcjson uuid
warnings := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
            -Wno-overlength-strings
common_flags = -std=c11 -D_GNU_SOURCE $(warnings) -I include -I lib $(package_flags)
libraries = $(shell pkg-config --libs $(PACKAGES)) -lpthread -ldl
# Asked for once, and not before something is compiled: `make demo` installs pkg-config.
package_flags = $(eval package_flags := $(shell pkg-config --cflags $(PACKAGES)))$(package_flags)
check_flags = $(eval check_flags := $(shell pkg-config --cflags check))$(check_flags)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: build/lib/hotgigs.pc all help demo check check-now demo-now bench bench-now examples generate verify plans matrix mutation mutation-now lint reference install clean

all: build/lib/libhotgigs.so build/lib/libhotgigs.a build/lib/hotgigs.pc ## the library, shared and static

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 12

# ---- Library ---------------------------------------------------------------------------------------------------------

lib_sources := $(wildcard lib/value/*.c lib/memory/*.c lib/link/*.c lib/record/*.c lib/query/*.c lib/session/*.c \
                          lib/schema/*.c lib/privacy/*.c lib/generated/*.c \
                          lib/generated/operations/*.c)
lib_objects := $(lib_sources:%.c=build/lib/%.o)

build/lib/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(common_flags) $(CFLAGS) -DNDEBUG -fPIC -fno-plt -fvisibility=hidden -MMD -MP -c $< -o $@

build/lib/libhotgigs.so.$(VERSION): $(lib_objects) lib/hotgigs.map
	$(call say,LINK,$@)$(CC) -shared $(CFLAGS) $(LDFLAGS) -Wl,-soname,libhotgigs.so.$(SOVERSION) \
	    -Wl,--version-script=lib/hotgigs.map -Wl,-z,defs -Wl,--exclude-libs,ALL $(lib_objects) -o $@ $(libraries)

build/lib/libhotgigs.so: build/lib/libhotgigs.so.$(VERSION)
	$(Q)ln -sf libhotgigs.so.$(VERSION) build/lib/libhotgigs.so.$(SOVERSION)
	$(Q)ln -sf libhotgigs.so.$(SOVERSION) $@

build/lib/libhotgigs.a: $(lib_objects)
	$(call say,AR,$@)rm -f $@ && ar rcs $@ $(lib_objects)

build/lib/hotgigs.pc: pkgconfig/hotgigs.pc.in Makefile
	$(call say,PC,$@)mkdir -p $(@D) && sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	    -e 's|@VERSION@|$(VERSION)|' $< > $@

# ---- Generated files: written from a PostgreSQL that has run sql/migrations, and committed ------------------------------

gen_objects := $(patsubst %.c,build/gen/%.o,$(wildcard lib/gen/*.c) lib/schema/catalogue.c)

build/gen/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(common_flags) $(CFLAGS) -MMD -MP -c $< -o $@

build/hotgigs-gen: $(gen_objects)
	$(call say,LINK,$@)$(CC) $(CFLAGS) $(LDFLAGS) $(gen_objects) -o $@ $(libraries)

# $(call with_cluster,commands): with a PostgreSQL that is stopped again, whatever becomes of the commands.
with_cluster = trap 'sql/cluster stop' EXIT; trap 'exit 1' HUP INT TERM; sql/cluster start --until $$$$ && $(1)

# Python's stubs are written from lib/generated/hotgigs.json; a machine without Python leaves them as they are.
with_python = if command -v python3 >/dev/null; then python3 $(1); else echo 'no python3: left out: $(1)'; fi

# So is Go's package.
with_go = if command -v go >/dev/null; then cd examples/go && GOFLAGS=-mod=mod GOPROXY=off go run ./gen $(1); else echo 'no go: left out: examples/go'; fi

generate: build/hotgigs-gen ## writes the generated files anew, after a change in sql/
	$(Q)sql/packages test
	$(Q)build/hotgigs-gen --privacy .
	$(Q)$(call with_cluster,sql/cluster create hotgigs_generate && sql/cluster migrate hotgigs_generate && \
	    build/hotgigs-gen "$$(sql/cluster dsn hotgigs_generate admin)" .)
	$(Q)$(call with_python,examples/python/stubs.py)
	$(Q)$(call with_go)

verify: build/hotgigs-gen ## fails if the generated files are not what sql/ says
	$(Q)sql/packages test
	$(Q)build/hotgigs-gen --privacy . --check
	$(Q)$(call with_cluster,sql/cluster create hotgigs_generate && sql/cluster migrate hotgigs_generate && \
	    build/hotgigs-gen "$$(sql/cluster dsn hotgigs_generate admin)" . --check)
	$(Q)$(call with_python,examples/python/stubs.py --check)
	$(Q)$(call with_go,-check)

# ---- Programs ----------------------------------------------------------------------------------------------------------

example_sources := $(wildcard examples/*.c)
examples := $(example_sources:examples/%.c=build/examples/%)

# What import, hotgigs-demo and hotgigs-board are made of, besides their own file.
import_objects := $(patsubst %.c,build/%.o,$(wildcard examples/json/*.c))
demo_objects := $(patsubst %.c,build/%.o,$(wildcard examples/demo/*.c examples/terminal/*.c))
board_objects := $(patsubst %.c,build/%.o,$(wildcard examples/board/*.c examples/terminal/*.c))

build/examples/%.o: examples/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(common_flags) $(CFLAGS) -MMD -MP -c $< -o $@

build/examples/%: examples/%.c build/lib/libhotgigs.so
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(common_flags) $(CFLAGS) -MMD -MP $< $(filter %.o,$^) -o $@ -Lbuild/lib -lhotgigs \
	    -Wl,-rpath,'$$ORIGIN/../lib' $(shell pkg-config --libs libcjson) -lpthread

build/examples/import: $(import_objects)
build/examples/hotgigs-demo: $(import_objects) $(demo_objects)
build/examples/hotgigs-board: $(board_objects)

examples: $(examples) ## the example programs, in build/examples

demo: ## a hiring day in a real PostgreSQL, told by the library
	$(Q)sql/packages test
	$(Q)$(MAKE) --no-print-directory demo-now

demo-now: $(examples)
	$(Q)$(call with_cluster,sql/cluster create hotgigs_demo && eval "$$(sql/cluster env hotgigs_demo)" && \
	    build/examples/hotgigs-migrate apply "$$HOTGIGS_TEST_INSTALLER_DSN" && sql/cluster logins hotgigs_demo && \
	    HOTGIGS_SERVICE_DSN="$$HOTGIGS_TEST_SERVICE_DSN" HOTGIGS_TENANT_DSN="$$HOTGIGS_TEST_LOGIN_DSN" \
	    build/examples/hotgigs-demo examples/data)

# ---- Tests ---------------------------------------------------------------------------------------------------------------

test_sources := $(wildcard tests/unit/*.c tests/unit/*/*.c tests/tables/*.c tests/schema/*.c tests/session/*.c \
                           tests/policies/*.c tests/privacy/*.c tests/operations/*.c tests/query/*.c tests/fault/*.c tests/audit/*.c tests/fuzz/*.c tests/*.c)
ifeq ($(KIND),tsan)
  test_sources := $(wildcard tests/session/*.c tests/unit/value/*.c tests/*.c)
endif
test_objects := $(test_sources:%.c=$(B)/%.o)
test_lib_objects := $(lib_sources:%.c=$(B)/%.o)

# The library as the tests have it: with assertions, and with allocations that can be made to fail. Optimizing the tests
# themselves would take longer than they do; and what UBSan notes about each of their lines, four megabytes, would be looked through
# for leaks at the end of each test.
$(B)/%.o: optimize := -O1
$(B)/tests/%.o: optimize := -O0
$(B)/tests/%.o: SANITIZERS := $(filter-out $(UNDEFINED),$(SANITIZERS))
# Fuzz targets, which all have the name that a fuzzer calls: in one program each has its own.
$(B)/tests/fuzz/%.o: optimize = -O0 -DLLVMFuzzerTestOneInput=LLVMFuzzerTestOneInput_$(basename $(@F))
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(common_flags) $(check_flags) $(optimize) -g -DHGI_FAULTS $(SANITIZERS) -I tests \
	    -MMD -MP -c $< -o $@

# Between the callers of operations and them: tests/called.h; between the library and libpq: tests/kept.h.
wraps := $(foreach call,run run_row run_list run_count,-Wl,--wrap=hg_operation_$(call)) \
         -Wl,--wrap=PQconnectStartParams -Wl,--wrap=PQfinish

# Bound at its start, once, and not in the process of each test.
$(B)/check: $(test_objects) $(test_lib_objects)
	$(call say,LINK,$@)$(CC) $(SANITIZERS) -Wl,-z,now $^ -o $@ $(wraps) $(libraries) $(shell pkg-config --libs check)

check: ## every test, against a private PostgreSQL; T='value link/call' for some; SANITIZE=none or thread
	$(Q)sql/packages test
	$(Q)$(MAKE) --no-print-directory check-now

# With ThreadSanitizer it is the test program alone.
only := $(if $(filter thread,$(SANITIZE)),only)

check-now: $(B)/check $(if $(only),,all $(examples) build/hotgigs-gen build/hotgigs-bench)
	$(Q)$(call with_cluster,tests/run $(B)/check '$(T)' $(only))

plans: ## the plan of every call on every table and view, with a million rows in each table (a quarter of an hour)
	$(Q)sql/packages test
	$(Q)HOTGIGS_MILLION=1 $(MAKE) --no-print-directory check-now SANITIZE=none T='policies/plans policies/steady_plans'

matrix: ## the suites that depend on the server, against PostgreSQL 14, 16, 17 and 18, each with its libpq
	$(Q)sql/packages test
	$(Q)tests/matrix/run $(MAJORS)

mutation_objects := $(patsubst %,$(B)/tests/policies/%.o,mutation/main mutation/mutants names people database \
                                 matrix_file matrix_run)

$(B)/mutation: $(mutation_objects) $(test_lib_objects)
	$(call say,LINK,$@)$(CC) $(SANITIZERS) $^ -o $@ $(libraries)

mutation: ## weakens every policy, helper and card in turn; the matrix must notice each. T=jobs for some
	$(Q)sql/packages test
	$(Q)$(MAKE) --no-print-directory mutation-now SANITIZE=none

mutation-now: $(B)/mutation
	$(Q)$(call with_cluster,eval "$$(sql/cluster env hotgigs_mutation)" && $(B)/mutation '$(T)')

lint: all build/hotgigs-gen ## layers, calls that are not made, what should be static
	$(Q)tests/lint/run

-include $(lib_objects:.o=.d) $(gen_objects:.o=.d) $(test_objects:.o=.d) $(test_lib_objects:.o=.d) $(examples:%=%.d) \
    $(import_objects:.o=.d) $(demo_objects:.o=.d) $(board_objects:.o=.d) $(mutation_objects:.o=.d)

# ---- Benchmarks ------------------------------------------------------------------------------------------------------------

bench_sources := $(wildcard tests/bench/*.c)

build/hotgigs-bench: $(bench_sources) tests/bench/bench.h build/lib/libhotgigs.so
	$(call say,CC,$@)$(CC) $(common_flags) $(CFLAGS) $(bench_sources) -o $@ -Lbuild/lib -lhotgigs \
	    -Wl,-rpath,'$$ORIGIN/lib' $(shell pkg-config --libs libpq uuid) -lpthread

bench: ## the library beside hand-written libpq: ratios; QUICK=1 takes less data
	$(Q)sql/packages test
	$(Q)$(MAKE) --no-print-directory bench-now

bench-now: build/hotgigs-bench
	$(Q)$(call with_cluster,sql/cluster create hotgigs_bench && sql/cluster migrate hotgigs_bench && \
	    build/hotgigs-bench "$$(sql/cluster dsn hotgigs_bench admin)" "$$(sql/cluster dsn hotgigs_bench service)" \
	    "$$(sql/cluster dsn hotgigs_bench login)" "$(QUICK)" && \
	    tests/bench/peers/run "$$(sql/cluster dsn hotgigs_bench service)" build/bench.json "$(QUICK)" && \
	    tests/bench/draw build/bench.json >build/bench.svg)

# ---- Reference: the public headers' comments, lib/reference/read.awk says by what rule ----------------------------------------

headers := $(wildcard include/hotgigs/*.h include/hotgigs/*/*.h)
described := $(filter-out include/hotgigs/detail/%,$(headers))

# Of the date it was made on, or of SOURCE_DATE_EPOCH.
build/man/.made: $(described) $(wildcard lib/reference/*.awk) Makefile
	$(call say,MAN,$(@D))rm -rf $(@D) && mkdir -p $(@D)/man3 && awk -v out=$(@D)/man3 -v version=$(VERSION) \
	    -v date=$$(date -u $${SOURCE_DATE_EPOCH:+-d @$$SOURCE_DATE_EPOCH} +%Y-%m-%d) -f lib/reference/read.awk \
	    -f lib/reference/words.awk -f lib/reference/man.awk $(described) && touch $@

reference: build/man/.made ## the manual in build/man/man3, and by Doxygen HTML in build/reference/html
	$(Q)mkdir -p build && LC_ALL=C.UTF-8 doxygen lib/reference/Doxyfile

# ---- Install ---------------------------------------------------------------------------------------------------------------

# Programs find a library where the system looks for them by what ldconfig keeps of it, and not before.
install: all build/man/.made ## into DESTDIR and PREFIX
	$(Q)install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/share/hotgigs
	$(Q)for header in $(headers:include/%=%); do install -D -m 644 "include/$$header" "$(DESTDIR)$(INCLUDEDIR)/$$header" || exit 1; done
	$(Q)install -m 755 build/lib/libhotgigs.so.$(VERSION) $(DESTDIR)$(LIBDIR)
	$(Q)ln -sf libhotgigs.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libhotgigs.so.$(SOVERSION)
	$(Q)ln -sf libhotgigs.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libhotgigs.so
	$(Q)install -m 644 build/lib/libhotgigs.a $(DESTDIR)$(LIBDIR)
	$(Q)install -m 644 build/lib/hotgigs.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	$(Q)install -d $(DESTDIR)$(MANDIR)/man3 && install -m 644 build/man/man3/*.3 $(DESTDIR)$(MANDIR)/man3
	$(Q)install -m 644 lib/generated/hotgigs.ffi lib/generated/hotgigs.json $(DESTDIR)$(PREFIX)/share/hotgigs
	$(Q)case '$(DESTDIR)$(LIBDIR)' in \
	    /usr/local/lib* | /usr/lib*) [ "$$(id -u)" -ne 0 ] || PATH=$$PATH:/sbin ldconfig || : ;; esac
	@echo 'installed in $(DESTDIR)$(PREFIX)'

clean: ## removes build/
	$(Q)sql/cluster clean
	$(Q)rm -rf build
