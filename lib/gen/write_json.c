/* write_json.c - lib/generated/hotgigs.json, installed beside the FFI text: all that hotgigs/describe.h tells, for
 * programs that generate a binding. An object a line, in the order of the headers and of ordinals:
 *
 *     {"version": "0.1.0", "layout_hash": "0x...",
 *     "types": [ {"name": "hg_status", "type": "int32_t"}, opaque ones without a type ],
 *     "constants": [ {"name": "HG_OK", "value": 0, "since": "0.1.0"} ],
 *     "structs": [ {"name": "hg_uuid", "size": 16, "since": ..., "fields": [ {"name", "type", "offset", "size"} ]} ],
 *     "calls": [ {"name": "hg_job_get", "type": "hg_status (hg_conn *, ...)", "result": "hg_status",
 *                 "parameters": ["hg_conn *", ...], "since": ...} ],
 *     "tables": [ {"number", "name", "singular", "row", "row_size", "version_column", "comment", "deleters", "keys",
 *                  "relations", "columns"} ],
 *     "views": likewise,
 *     "operations": [ {"number", "name", "group", "rows", "rights", "roles", "writes", "row_table", "row_columns",
 *                      "params": a table, "row": a table or null} ]}
 *
 * Offsets and sizes are those of 64-bit machines. Rows and params are not among the structs: their columns tell the
 * same. */
#include <inttypes.h>
#include <string.h>

#include "gen/gen.h"

/* "text", or null of NULL. */
static void
add_json_text(text *t, const char *what)
{
    if (what == NULL) {
        add(t, "null");
        return;
    }
    add(t, "\"");
    for (const char *p = what; *p != '\0'; p++)
        if (*p == '"' || *p == '\\')
            addf(t, "\\%c", *p);
        else if ((unsigned char)*p < 0x20)
            addf(t, "\\u%04x", (unsigned)*p);
        else
            add_bytes(t, p, 1);
    add(t, "\"");
}

/* "name": "text", */
static void
add_member(text *t, const char *name, const char *what)
{
    addf(t, "\"%s\": ", name);
    add_json_text(t, what);
    add(t, ", ");
}

/* Behind all but the first of a list: what begins the next line. */
static void
next(text *t, int *count)
{
    add(t, (*count)++ > 0 ? ",\n" : "\n");
}

/* "since": "0.1.0"} */
static void
end_object(text *t, uint32_t since)
{
    addf(t, "\"since\": \"%s\"}", version_text(since));
}

static void
write_roles(text *t, const char *name, uint32_t mask)
{
    int count = 0;

    addf(t, "\"%s\": [", name);
    for (int r = 0; r < ROLES; r++)
        if (mask >> r & 1)
            addf(t, "%s\"%s\"", count++ > 0 ? ", " : "", role_names[r]);
    add(t, "], ");
}

/* ---- What the headers declare ------------------------------------------------------------------------------------ */

static void
write_type(const model *m, text *t, const declaration *d)
{
    (void)m;
    add(t, "{");
    addf(t, "\"name\": \"%s\", \"type\": ", d->name);
    add_json_text(t, d->kind == IS_TYPE ? d->type : NULL);
    add(t, "}");
}

static void
write_constant(const model *m, text *t, const declaration *d)
{
    addf(t, "{\"name\": \"%s\", \"value\": %" PRId64 ", ", d->name, d->value);
    end_object(t, since_of(m, "constant", d->name));
}

static void
write_struct(const model *m, text *t, const declaration *d)
{
    addf(t, "{\"name\": \"%s\", \"size\": %zu, \"fields\": [", d->name, d->size);
    for (size_t i = 0; i < d->member_count; i++) {
        const member *f = &d->members[i];
        const char *array = f->elements > 1 ? format("[%zu]", f->elements) : "";

        addf(t, "%s{\"name\": \"%s\", \"type\": \"%s%s\", \"offset\": %zu, \"size\": %zu}", i > 0 ? ", " : "", f->name,
             f->type, array, f->offset, f->size);
    }
    add(t, "], ");
    end_object(t, since_of(m, "struct", d->name));
}

/* The signature "hg_status (hg_conn *, hg_error *)" in its parts, too. */
static void
write_call(const model *m, text *t, const declaration *d)
{
    const char *bracket = strstr(d->type, " ("), *p = bracket + 2;
    int count = 0;

    add(t, "{");
    add_member(t, "name", d->name);
    add_member(t, "type", d->type);
    add_member(t, "result", keep_text(d->type, (size_t)(bracket - d->type)));
    add(t, "\"parameters\": [");
    while (strcmp(bracket, " (void)") != 0 && *p != ')') {
        size_t len = strcspn(p, ",)");

        addf(t, "%s\"%.*s\"", count++ > 0 ? ", " : "", (int)len, p);
        p += len + (p[len] == ',') + (p[len] == ',' && p[len + 1] == ' ');
    }
    add(t, "], ");
    end_object(t, since_of(m, "symbol", d->name));
}

static int
nothing(const header *of)
{
    (void)of;
    return 0;
}

/* "calls": [ each declaration of a kind, or of two ], */
static void
write_declarations(const model *m, text *t, const char *name, int kind, int other, int (*is_left_out)(const header *),
                   void (*write)(const model *, text *, const declaration *))
{
    int count = 0;

    addf(t, "\"%s\": [", name);
    for (size_t h = 0; h < m->headers.reached; h++) {
        const header *of = &m->headers.items[h];

        for (size_t i = 0; !is_left_out(of) && i < of->count; i++)
            if (of->declarations[i].kind == kind || of->declarations[i].kind == other) {
                next(t, &count);
                write(m, t, &of->declarations[i]);
            }
    }
    add(t, "\n],\n");
}

/* ---- Tables, views and operations -------------------------------------------------------------------------------- */

static void
write_column(text *t, const table *of, const column *c, size_t ordinal)
{
    size_t offset = 0;

    for (size_t i = 0; i < of->field_count; i++)
        if (of->fields[i].column == (int)ordinal)
            offset = of->fields[i].offset;
    addf(t, "  {\"ordinal\": %zu, ", ordinal);
    add_member(t, "name", c->name);
    add_member(t, "field", c->field);
    add_member(t, "constant", c->constant);
    add_member(t, "kind", c->kind->constant);
    add_member(t, "c_type", c->kind->c_type);
    addf(t, "\"offset\": %zu, \"nullable\": %s, ", offset, c->nullable ? "true" : "false");
    add_member(t, "sql_type", c->sql_type);
    add_member(t, "default_sql", c->default_sql);
    addf(t, "\"length\": %d, \"scale\": %d, \"values\": [", c->length, c->scale);
    for (size_t v = 0; v < c->value_count; v++) {
        add(t, v > 0 ? ", " : "");
        add_json_text(t, c->values[v]);
    }
    add(t, "], ");
    if (of->head == row_head && of->number != NULL) {
        write_roles(t, "readers", c->readers);
        write_roles(t, "inserters", c->inserters);
        write_roles(t, "updaters", c->updaters);
    }
    add_member(t, "comment", c->comment);
    end_object(t, c->since);
}

/* The columns, and the end of a table's object. */
static void
write_columns(text *t, const table *of)
{
    int count = 0;

    add(t, "\"columns\": [");
    for (size_t i = 0; i < of->column_count; i++) {
        next(t, &count);
        write_column(t, of, &of->columns[i], i);
    }
    add(t, "]}");
}

static void
write_keys(text *t, const table *of)
{
    add(t, "\"keys\": [");
    for (size_t k = 0; k < of->key_count; k++) {
        int count = 0;

        addf(t, "%s{\"name\": \"%s\", \"columns\": [", k > 0 ? ", " : "", of->keys[k].name);
        for (size_t c = 0; c < of->column_count; c++)
            if (of->keys[k].columns >> c & 1)
                addf(t, "%s\"%s\"", count++ > 0 ? ", " : "", of->columns[c].name);
        add(t, "]}");
    }
    add(t, "], ");
}

static void
write_relations(text *t, const model *m, const table *of)
{
    add(t, "\"relations\": [");
    for (size_t i = 0; i < of->relation_count; i++) {
        const relation *r = &of->relations[i];
        const table *other = &m->tables[r->table];

        addf(t, "%s{\"name\": \"%s\", \"table\": \"%s\", \"column\": \"%s\", \"other_column\": \"%s\", "
                "\"is_many\": %s}",
             i > 0 ? ", " : "", r->name, other->name, of->columns[r->column].name, other->columns[r->other].name,
             r->column == 0 ? "true" : "false");
    }
    add(t, "], ");
}

static void
write_struct_of(text *t, const table *of)
{
    addf(t, "\"row\": \"%s\", \"row_size\": %zu, ", of->row, of->row_size);
}

static void
write_tables_of(text *t, const model *m, const char *name, size_t first, size_t end, size_t number)
{
    int count = 0;

    addf(t, "\"%s\": [", name);
    for (size_t i = first; i < end; i++) {
        const table *of = &m->tables[i];

        next(t, &count);
        addf(t, "{\"number\": %zu, ", number + i - first);
        add_member(t, "name", of->name);
        add_member(t, "singular", of->singular);
        write_struct_of(t, of);
        addf(t, "\"version_column\": %d, ", of->version_column);
        add_member(t, "comment", of->comment);
        write_roles(t, "deleters", of->is_view ? 0 : of->deletable);
        write_keys(t, of);
        write_relations(t, m, of);
        write_columns(t, of);
    }
    add(t, "\n],\n");
}

/* Which of its table's columns come back. */
static void
write_row_columns(text *t, const operation *of)
{
    int count = 0;

    add(t, "\"row_columns\": [");
    for (size_t c = 0; of->of != NULL && c < of->of->column_count; c++)
        if (of->of_columns >> c & 1)
            addf(t, "%s\"%s\"", count++ > 0 ? ", " : "", of->of->columns[c].name);
    add(t, "], ");
}

static void
write_operation(text *t, const operation *of, size_t number)
{
    addf(t, "{\"number\": %zu, ", number);
    add_member(t, "name", of->name);
    add_member(t, "group", of->group);
    add_member(t, "rows", rows_names[of->rows]);
    add_member(t, "rights", rights_names[of->rights]);
    write_roles(t, "roles", of->roles);
    addf(t, "\"writes\": %s, ", of->writes ? "true" : "false");
    add_member(t, "row_table", of->of != NULL ? of->of->name : NULL);
    write_row_columns(t, of);
    add_member(t, "comment", of->sentence);
    add_member(t, "not_found", of->not_found);
    add_member(t, "since", version_text(of->since));
    add(t, "\"params\": {");
    write_struct_of(t, &of->params);
    write_columns(t, &of->params);
    add(t, ", \"row\": ");
    if (of->row.column_count == 0) {
        add(t, "null}");
        return;
    }
    add(t, "{");
    write_struct_of(t, &of->row);
    write_columns(t, &of->row);
    add(t, "}");
}

void
write_json(const model *m)
{
    text *t = output("lib/generated/hotgigs.json");
    size_t tables = m->table_count - m->view_count;
    int count = 0;

    addf(t, "{\"version\": \"%s\", \"layout_hash\": \"0x%016" PRIx64 "\",\n", version_text(m->version),
         hash_of(output_text("tests/abi/layout.txt")));
    write_declarations(m, t, "types", IS_TYPE, IS_OPAQUE, nothing, write_type);
    write_declarations(m, t, "constants", IS_CONSTANT, IS_CONSTANT, is_per_table, write_constant);
    write_declarations(m, t, "structs", IS_STRUCT, IS_STRUCT, is_per_table, write_struct);
    write_declarations(m, t, "calls", IS_FUNCTION, IS_FUNCTION, nothing, write_call);
    write_tables_of(t, m, "tables", 0, tables, 0);
    write_tables_of(t, m, "views", tables, m->table_count, FIRST_VIEW);
    add(t, "\"operations\": [");
    for (size_t i = 0; i < m->operation_count; i++) {
        next(t, &count);
        write_operation(t, &m->operations[i], m->operations[i].number);
    }
    add(t, "\n]}\n");
}
