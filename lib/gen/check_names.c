/* check_names.c - two columns, values or keys that would bear one name in C are refused, with both.
 *
 * It happens by concatenation: column status with the value note_text and a column status_note_text, or table user with
 * a column profile_id and table user_profile with a column id. */
#include <string.h>

#include "gen/gen.h"

typedef struct given {
    const char *name;
    const char *to;
} given;

static void
give(given **all, size_t *count, const char *name, const char *to, place where)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp((*all)[i].name, name) == 0)
            die_at(where.file, where.line, "%s and %s would both be %s", (*all)[i].to, to, name);
    *all = MORE(*all, *count);
    (*all)[(*count)++] = (given){ name, to };
}

void
check_names(const model *m)
{
    given *all = NULL;
    size_t count = 0;

    for (size_t i = 0; i < m->table_count; i++) {
        const table *t = &m->tables[i];

        give(&all, &count, t->row, format("table %s", t->name), t->place);
        give(&all, &count, format("%s_list", t->row), format("the lists of table %s", t->name), t->place);
        for (size_t c = 0; c < t->column_count; c++) {
            const column *of = &t->columns[c];

            give(&all, &count, of->constant, format("column %s.%s", t->name, of->name), of->place);
            for (size_t v = 0; v < of->value_count; v++)
                give(&all, &count, format("%s_%s", of->constant, value_name(of->values[v])),
                     format("value %s of %s.%s", of->values[v], t->name, of->name), of->place);
        }
        for (size_t k = 0; k < t->key_count; k++)
            give(&all, &count, t->keys[k].constant, format("key %s of %s", t->keys[k].name, t->name), t->place);
    }
}
