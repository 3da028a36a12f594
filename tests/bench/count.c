/* count.c - what both sides do, counted by standing before the C library: allocations, locks, and what goes over the socket.
 *
 * A round trip is a reply that comes after something was sent, whoever waits for it: the same for the library and libpq. */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static bench_counts counts;
static uintptr_t ours_from, ours_to;    /* where the library's code lies */
static _Thread_local int sent_since;

static void
add(uint64_t *counter, uint64_t n)
{
    __atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
}

bench_counts
bench_counted(void)
{
    return counts;
}

/* ---- Allocations ------------------------------------------------------------------------------------------------------ */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *ptr, size_t size);

static int
is_ours(const void *caller)
{
    return (uintptr_t)caller >= ours_from && (uintptr_t)caller < ours_to;
}

static void
count_one(const void *caller, size_t size)
{
    add(&counts.allocations, 1);
    if (!is_ours(caller))
        return;
    add(&counts.own_allocations, 1);
    add(&counts.own_small, size < 64 * 1024);
}

void *
malloc(size_t size)
{
    count_one(__builtin_return_address(0), size);
    return __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
    count_one(__builtin_return_address(0), count * size);
    return __libc_calloc(count, size);
}

void *
realloc(void *ptr, size_t size)
{
    count_one(__builtin_return_address(0), size);
    return __libc_realloc(ptr, size);
}

static int
find_library(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    (void)context;
    if (strstr(info->dlpi_name, "libhotgigs.so") == NULL)
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_X) != 0) {
            ours_from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            ours_to = ours_from + info->dlpi_phdr[i].p_memsz;
        }
    return 1;
}

void
bench_count_begin(void)
{
    dl_iterate_phdr(find_library, NULL);
}

/* ---- Locks: those that another thread holds are waited for, and that is what is looked at --------------------------------- */

static uint64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

int
pthread_mutex_lock(pthread_mutex_t *lock)
{
    int failed = pthread_mutex_trylock(lock), counts_here = is_ours(__builtin_return_address(0));

    if (counts_here)
        add(&counts.locks, 1);
    if (failed == EBUSY) {
        static int (*really)(pthread_mutex_t *);
        uint64_t begun = now_ns();

        if (really == NULL)
            *(void **)&really = dlsym(RTLD_NEXT, "pthread_mutex_lock");
        failed = really(lock);
        if (counts_here) {
            add(&counts.waits, 1);
            add(&counts.waited_ns, now_ns() - begun);
        }
    }
    return failed;
}

/* ---- The socket: libpq's, of a connection without TLS -------------------------------------------------------------------- */

ssize_t
send(int fd, const void *data, size_t len, int flags)
{
    ssize_t done = syscall(SYS_sendto, fd, data, len, flags, NULL, 0);

    if (done > 0) {
        add(&counts.bytes_sent, (uint64_t)done);
        sent_since = 1;
    }
    return done;
}

ssize_t
recv(int fd, void *data, size_t len, int flags)
{
    ssize_t done = syscall(SYS_recvfrom, fd, data, len, flags, NULL, NULL);

    if (done > 0) {
        add(&counts.bytes_received, (uint64_t)done);
        add(&counts.round_trips, (uint64_t)sent_since);
        sent_since = 0;
    }
    return done;
}
