/* layout.c - where each field of a row struct lies.
 *
 * What the snapshot of last time has stays where it is, whatever it is: head, columns, reserved fields, unknown_text.
 * What is new follows behind it, in the table's order. So the first version of a struct ends with unknown_text, and in
 * later ones columns may stand behind that.
 *
 * There is no implicit padding: before a field that needs 8 at an offset of 4 mod 8, and at the end, stands an int32_t
 * reservedN. It keeps its place for ever, also when a column comes that would fit there: older libraries and callers
 * know it as zero. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

const field row_head[HEAD_FIELDS] = {
    { "uint32_t", "struct_size", -1, 0, 4 },  { "uint32_t", "reserved0", -1, 4, 4 },
    { "uint64_t", "row_version", -1, 8, 8 },  { "uint64_t", "null_mask", -1, 16, 8 },
    { "uint64_t", "loaded_mask", -1, 24, 8 },
};

/* To the engine params are a row: set has the place of row_version, and loaded_mask stays zero. */
const field params_head[HEAD_FIELDS] = {
    { "uint32_t", "struct_size", -1, 0, 4 },  { "uint32_t", "reserved0", -1, 4, 4 },
    { "uint64_t", "set", -1, 8, 8 },          { "uint64_t", "null_mask", -1, 16, 8 },
    { "uint64_t", "reserved1", -1, 24, 8 },
};

static const char unknown_text[] = "unknown_text";

static field *
add_field(table *t, const char *type, const char *name, size_t size)
{
    field *f;

    for (size_t i = 0; i < t->field_count; i++)
        if (strcmp(t->fields[i].name, name) == 0)
            return NULL;
    t->fields = MORE(t->fields, t->field_count);
    f = &t->fields[t->field_count++];
    *f = (field){ type, name, -1, t->row_size, size };
    t->row_size += size;
    return f;
}

/* reserved1 ..., the first number that is free. */
static void
add_reserved(table *t)
{
    for (int n = 1; add_field(t, "int32_t", format("reserved%d", n), 4) == NULL; n++)
        continue;
}

static void
begin_with_old_fields(const model *m, table *t)
{
    const char *prefix = format("%s.", t->row);

    for (size_t i = 0; i < m->old.count; i++) {
        const fact *f = &m->old.items[i];
        size_t offset, size;
        int type;

        if (strcmp(f->kind, "field") != 0 || !starts_with(f->name, prefix))
            continue;
        if (sscanf(f->value, "offset %zu size %zu %n", &offset, &size, &type) != 2)
            die_at(snapshot_path, f->line, "not offset, size and type");
        if (offset != t->row_size || add_field(t, f->value + type, f->name + strlen(prefix), size) == NULL)
            die_at(snapshot_path, f->line, "not the next field of %s", t->row);
    }
}

/* A kind has one C type, so that a column of the same kind has the same field. */
static void
refuse_changed_kinds(const model *m, const table *t)
{
    for (size_t c = 0; c < t->column_count; c++) {
        const column *of = &t->columns[c];
        const char *name = format("%s.%s", t->row, of->name);
        const fact *old = find_fact(&m->old, "column", name);
        const fact now = { 0, "column", name, format("%zu %s", c, of->kind->name), 0 };

        if (old != NULL && strcmp(old->value, now.value) != 0)
            die_at(of->place.file, of->place.line, "%s.%s: \"%s\" would become \"%s\"; add another column instead",
                   t->name, of->name, fact_text(old), fact_text(&now));
    }
}

static void
bind_columns(table *t)
{
    for (size_t c = 0; c < t->column_count; c++) {
        const column *of = &t->columns[c];
        field *f = NULL;

        for (size_t i = 0; i < t->field_count; i++)
            if (strcmp(t->fields[i].name, of->field) == 0)
                f = &t->fields[i];
        if (f == NULL) {
            if (t->row_size % of->kind->align != 0)
                add_reserved(t);
            f = add_field(t, of->kind->c_type, of->field, of->kind->size);
        } else if (f->column >= 0 || f < t->fields + HEAD_FIELDS || ends_with(f->type, "*")
                   || starts_with(f->name, "reserved")) {
            die_at(of->place.file, of->place.line, "%s.%s: the row struct has a field %s already", t->name, of->name,
                   of->field);
        }
        f->column = (int)c;
    }
}

static void
lay_out_table(const model *m, table *t)
{
    refuse_changed_kinds(m, t);
    begin_with_old_fields(m, t);
    for (size_t i = 0; i < HEAD_FIELDS && t->row_size == t->head[i].offset; i++)
        add_field(t, t->head[i].type, t->head[i].name, t->head[i].size);
    bind_columns(t);
    if (has_enum(t) && t->head == row_head) {
        if (t->row_size % 8 != 0)
            add_reserved(t);
        add_field(t, "const hg_str *", unknown_text, 8);
    }
    if (t->row_size % 8 != 0)
        add_reserved(t);
}

void
lay_out(model *m)
{
    for (size_t i = 0; i < m->table_count; i++)
        lay_out_table(m, &m->tables[i]);
    for (size_t i = 0; i < m->operation_count; i++) {
        lay_out_table(m, &m->operations[i].params);
        if (m->operations[i].row.column_count > 0)
            lay_out_table(m, &m->operations[i].row);
    }
}
