/* write_ffi.c - lib/generated/hotgigs.ffi: the headers that hotgigs/hotgigs.h reaches, in the order in which they need
 * each other, without the lines that begin with '#'. cffi's cdef() takes it as it is. */
#include <string.h>

#include "gen/gen.h"

static void
add_without_hashes(text *t, const char *p)
{
    int blank = 1;

    while (*p != '\0') {
        size_t len = strcspn(p, "\n");

        if (*p != '#' && !(len == 0 && blank)) {
            add_bytes(t, p, len);
            add(t, "\n");
            blank = len == 0;
        }
        p += len + (p[len] != '\0');
    }
}

void
write_ffi(const model *m)
{
    text *t = output("lib/generated/hotgigs.ffi");

    add_origin(t, "include/hotgigs");
    for (size_t i = 0; i < m->headers.reached; i++) {
        const header *h = &m->headers.items[i];

        addf(t, "\n/* ==== %s ==== */\n", h->path + strlen("include/"));
        add_without_hashes(t, h->content);
    }
}
