/* check_append_only.c - what was promised stays: every fact of the last snapshot is in the new one, unchanged.
 *
 * One thing may change: a struct may become longer where nobody but the library makes it, or where its maker says
 * how much of it he knows. That is a struct that begins with struct_size, or one that is walked by a stride (beside the
 * pointer columns stands column_stride). Any other struct is embedded or made by callers, and keeps its size. */
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

/* Whether some struct has "const hg_column_info *columns" and "column_stride". */
static int
is_walked_by_stride(const headers *all, const char *name)
{
    const char *pointer = format("const %s *", name);

    for (size_t h = 0; h < all->count; h++)
        for (size_t i = 0; i < all->items[h].count; i++) {
            const declaration *d = &all->items[h].declarations[i];

            for (size_t a = 0; a < d->member_count; a++) {
                const member *m = &d->members[a];
                const char *stride;

                if (strcmp(m->type, pointer) != 0 || !ends_with(m->name, "s"))
                    continue;
                stride = format("%.*s_stride", (int)strlen(m->name) - 1, m->name);
                for (size_t b = 0; b < d->member_count; b++)
                    if (strcmp(d->members[b].name, stride) == 0)
                        return 1;
            }
        }
    return 0;
}

static int
may_grow(const headers *all, const char *name)
{
    const declaration *d = find_declaration(all, name);

    return d != NULL && d->kind == IS_STRUCT
           && (strcmp(d->members[0].name, "struct_size") == 0 || is_walked_by_stride(all, name));
}

void
check_append_only(const model *m)
{
    for (size_t i = 0; i < m->old.count; i++) {
        const fact *old = &m->old.items[i];
        const fact *now = find_fact(&m->now, old->kind, old->name);

        if (now == NULL)
            die_at(snapshot_path, old->line, "\"%s\" is gone", fact_text(old));
        if (strcmp(old->value, now->value) == 0)
            continue;
        if (strcmp(old->kind, "struct") == 0 && may_grow(&m->headers, old->name)
            && strtoul(now->value, NULL, 10) > strtoul(old->value, NULL, 10))
            continue;
        die_at(snapshot_path, old->line, "\"%s\" would become \"%s\"", fact_text(old),
               fact_text(now));
    }
}
