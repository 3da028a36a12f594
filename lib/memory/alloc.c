/* alloc.c - malloc and friends, and in test builds the switch that makes them fail.
 *
 * The only file of the library that names malloc. A request for no bytes is one for a byte, so
 * that NULL always means out of memory. With HGI_FAULTS defined each call counts, and a test may
 * choose the one that fails; the counters are atomic because the pool's tests allocate in
 * several threads. Freeing never fails and never counts. */
#include "memory/memory.h"

#include <stdlib.h>

#ifdef HGI_FAULTS
#include <stdatomic.h>

static atomic_long fault_at;    /* as hgi_fault_at() was told */
static atomic_long fault_count; /* allocations since then */
static atomic_long live_blocks;

/* Counts one allocation, and says whether it is to fail. */
static int
is_refused(void)
{
    long n = atomic_fetch_add(&fault_count, 1) + 1;
    long at = atomic_load(&fault_at);

    if (at == 0)
        return 0;
    return at > 0 ? n == at : n >= -at;
}

static void *
count_live(void *ptr)
{
    if (ptr != NULL)
        atomic_fetch_add(&live_blocks, 1);
    return ptr;
}

static void
count_freed(const void *ptr)
{
    if (ptr != NULL)
        atomic_fetch_sub(&live_blocks, 1);
}

void
hgi_fault_at(long n)
{
    atomic_store(&fault_at, n);
    atomic_store(&fault_count, 0);
}

long
hgi_fault_count(void)
{
    return atomic_load(&fault_count);
}

long
hgi_live_blocks(void)
{
    return atomic_load(&live_blocks);
}

#else

static int
is_refused(void)
{
    return 0;
}

static void *
count_live(void *ptr)
{
    return ptr;
}

static void
count_freed(const void *ptr)
{
    (void)ptr;
}

#endif

static size_t
at_least_one(size_t size)
{
    return size > 0 ? size : 1;
}

void *
hgi_alloc(size_t size)
{
    return is_refused() ? NULL : count_live(malloc(at_least_one(size)));
}

void *
hgi_alloc_zero(size_t size)
{
    return is_refused() ? NULL : count_live(calloc(1, at_least_one(size)));
}

void *
hgi_realloc(void *ptr, size_t size)
{
    if (ptr == NULL)
        return hgi_alloc(size);
    return is_refused() ? NULL : realloc(ptr, at_least_one(size));
}

void
hgi_free(void *ptr)
{
    count_freed(ptr);
    free(ptr);
}
