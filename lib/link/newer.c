/* newer.c - what libpq has had since version 17, used where the loaded libpq has it.
 *
 * The soname of libpq has been the same since version 8.2, so a library that was built beside an older libpq may run
 * with a newer one. Newer functions are looked up by name, once, in the libpq that the rest is called in: another one
 * may be in the process as well. */
#include "link/link_int.h"

#include <dlfcn.h>
#include <stdatomic.h>

typedef int set_chunked(PGconn *pg, int rows);

static const int missing = 0;                     /* its address stands for a function that libpq lacks */
static _Atomic(const void *) chunked;             /* NULL: not looked up yet */

/* A function of the libpq that PQlibVersion() is in; NULL: it has none of that name. */
static const void *
find_in_libpq(const char *name)
{
    union { int (*function)(void); const void *address; } known = { .function = PQlibVersion };
    const void *found = NULL;
    Dl_info where;
    void *libpq;

    if (dladdr(known.address, &where) == 0)
        return NULL;
    libpq = dlopen(where.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (libpq != NULL) {
        found = dlsym(libpq, name);
        dlclose(libpq);
    }
    return found;
}

int
hgi_set_chunked(PGconn *pg, int rows)
{
    const void *found = atomic_load_explicit(&chunked, memory_order_relaxed);
    union { const void *address; set_chunked *call; } function;   /* ISO C has no cast between the two */

    if (found == NULL) {
        found = PQlibVersion() >= 170000 ? find_in_libpq("PQsetChunkedRowsMode") : NULL;
        found = found != NULL ? found : &missing;
        atomic_store_explicit(&chunked, found, memory_order_relaxed);
    }
    if (found == &missing)
        return 0;
    function.address = found;
    function.call(pg, rows);
    return 1;
}
