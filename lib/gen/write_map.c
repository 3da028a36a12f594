/* write_map.c - lib/hotgigs.map, the exported symbols by the release that first had them:
 *
 *     HOTGIGS_0.1 {
 *     global:
 *         hg_conn_cancel;
 *         ...
 *     local:
 *         *;
 *     };
 *
 *     HOTGIGS_0.2 {
 *     global:
 *         ...
 *     } HOTGIGS_0.1;
 */
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

static int
by_release_and_name(const void *a, const void *b)
{
    const fact *x = a, *y = b;
    uint32_t p = x->since >> 8, q = y->since >> 8;

    return p != q ? (p < q ? -1 : 1) : strcmp(x->name, y->name);
}

static const char *
node(const fact *f)
{
    return format("HOTGIGS_%u.%u", f->since >> 16, f->since >> 8 & 0xff);
}

void
write_map(const model *m)
{
    text *t = output("lib/hotgigs.map");
    fact *symbols = keep((m->now.count + 1) * sizeof *symbols);
    size_t count = 0;

    for (size_t i = 0; i < m->now.count; i++)
        if (strcmp(m->now.items[i].kind, "symbol") == 0)
            symbols[count++] = m->now.items[i];
    qsort(symbols, count, sizeof *symbols, by_release_and_name);

    add_origin(t, "include/hotgigs");
    for (size_t i = 0; i < count;) {
        size_t first = i;

        addf(t, "%s%s {\nglobal:\n", first > 0 ? "\n" : "", node(&symbols[first]));
        for (; i < count && symbols[i].since >> 8 == symbols[first].since >> 8; i++)
            addf(t, "    %s;\n", symbols[i].name);
        if (first == 0)
            add(t, "local:\n    *;\n};\n");
        else
            addf(t, "} %s;\n", node(&symbols[first - 1]));
    }
}
