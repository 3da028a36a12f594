/* check_names.c - two columns, values, keys, calls or operations that would bear one name in C are refused, with both.
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

/* The calls of a table, and those of its enumerated columns. */
static void
give_calls(given **all, size_t *count, const table *t)
{
    for (size_t i = 0; i < call_count; i++)
        give(all, count, format("%s_%s", t->row, calls[i].verb), format("a call of table %s", t->name), t->place);
    for (size_t c = 0; c < t->column_count; c++)
        if (t->columns[c].kind == &kind_enum) {
            const char *to = format("a call of column %s.%s", t->name, t->columns[c].name);

            give(all, count, format("%s_%s_name", t->row, t->columns[c].name), to, t->place);
            give(all, count, format("%s_%s_parse", t->row, t->columns[c].name), to, t->place);
        }
}

/* An operation's own are told against all others, so its file is what is refused. */
static void
give_operation(given **all, size_t *count, const operation *of)
{
    static const char *const endings[] = { "", "_params", "_row", "_row_free", "_row_to_json", "_list", "_list_rows",
                                           "_list_at", "_list_count", "_list_free", "_draft_new", "_draft_params" };
    const table *const structs[] = { &of->params, &of->row };
    const place where = { of->path, 1 };

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        give(all, count, format("%s%s", of->c_name, endings[i]), format("operation %s", of->name), where);
    for (size_t s = 0; s < 2; s++)
        for (size_t c = 0; c < structs[s]->column_count; c++)
            give(all, count, structs[s]->columns[c].constant,
                 format("%s of %s", structs[s]->columns[c].name, of->name), structs[s]->columns[c].place);
}

void
check_names(const model *m)
{
    given *all = NULL;
    size_t count = 0;

    for (size_t i = 0; i < m->table_count; i++) {
        const table *t = &m->tables[i];

        give(&all, &count, t->row, format("%s %s", t->is_view ? "view" : "table", t->name), t->place);
        give(&all, &count, format("%s_list", t->row), format("the lists of %s", t->name), t->place);
        for (size_t c = 0; c < t->column_count; c++) {
            const column *of = &t->columns[c];

            give(&all, &count, of->constant, format("column %s.%s", t->name, of->name), of->place);
            for (size_t v = 0; v < of->value_count; v++)
                give(&all, &count, format("%s_%s", of->constant, value_name(of->values[v])),
                     format("value %s of %s.%s", of->values[v], t->name, of->name), of->place);
        }
        for (size_t k = 0; k < t->key_count; k++)
            give(&all, &count, t->keys[k].constant, format("key %s of %s", t->keys[k].name, t->name), t->place);
        for (size_t k = 0; k < t->relation_count; k++)
            give(&all, &count, t->relations[k].constant, t->relations[k].comment, t->place);
        give_calls(&all, &count, t);
    }
    for (size_t i = 0; i < m->operation_count; i++)
        give_operation(&all, &count, &m->operations[i]);
}
