/* write_header.c - include/hotgigs/tables/<table>.h, views/<view>.h: the public side of one of them. */
#include <string.h>

#include "gen/gen.h"

static const char types_of_sql[][2][32] = {
    { "character varying", "varchar" },
    { "timestamp without time zone", "timestamp" },
};

static void
write_top(text *t, const table *of)
{
    add_origin(t, of->place.file);
    comment_open(t, format("hotgigs/%s/%s.h - %s", of->folder, of->name, in_comment(of->comment)));
    add(t, of->is_view ? "\n *\n * What the grants allow; the view itself decides about each row:"
                       : "\n *\n * What the grants allow; row-level security then decides about each row:");
    for (int r = 0; r < ROLES; r++) {
        const struct { int privilege; const char *verb; } verbs[] = {
            { MAY_READ, "reads" }, { MAY_INSERT, "inserts" }, { MAY_UPDATE, "updates" },
        };
        text may = {0};

        for (size_t v = 0; v < sizeof verbs / sizeof *verbs; v++) {
            uint64_t mask = role_mask(of, r, verbs[v].privilege), all = role_mask(of, OTHER, verbs[v].privilege);
            int columns = 0;

            for (size_t c = 0; c < of->column_count; c++)
                columns += (mask >> c & 1) != 0;
            if (mask == 0)
                continue;
            addf(&may, "%s%s ", may.len > 0 ? ", " : "", verbs[v].verb);
            if (mask == all)
                add(&may, "all");
            else
                addf(&may, "%d column%s", columns, columns == 1 ? "" : "s");
        }
        if (of->deletable >> r & 1)
            addf(&may, "%sdeletes", may.len > 0 ? ", " : "");
        comment_note(t, role_names[r], strlen("freelancer"), may.len > 0 ? may.ptr : "nothing");
    }
    comment_rules(t);
    comment_close(t);
    addf(t, "#ifndef HOTGIGS_%s_%s_H\n#define HOTGIGS_%s_%s_H\n\n", upper(of->folder), upper(of->name),
         upper(of->folder), upper(of->name));
    add(t, "#include \"hotgigs/core.h\"\n"
           "#include \"hotgigs/conn.h\"\n");
    if (!of->is_view)
        add(t, "#include \"hotgigs/draft.h\"\n");
    add(t, "#include \"hotgigs/query.h\"\n");
    if (of->relation_count > 0)
        add(t, "#include \"hotgigs/related.h\"\n");
    add(t, "#include \"hotgigs/detail/begin.h\"\n\n");
}

/* varchar(255) NOT NULL DEFAULT 'USD' */
static const char *
sql_of(const column *c)
{
    const char *type = c->sql_type, *base;
    text t = {0};

    for (size_t i = 0; i < sizeof types_of_sql / sizeof *types_of_sql; i++)
        if (starts_with(type, types_of_sql[i][0]))
            type = format("%s%s", types_of_sql[i][1], type + strlen(types_of_sql[i][0]));
    addf(&t, "%s%s", type, c->nullable ? "" : " NOT NULL");
    if (c->default_sql != NULL) {
        base = keep_text(c->sql_type, strcspn(c->sql_type, "("));
        addf(&t, " DEFAULT %s", c->default_sql);
        if (ends_with(t.ptr, format("::%s", base)))
            t.ptr[t.len -= strlen("::") + strlen(base)] = '\0';
    }
    if (c->generated)
        add(&t, " GENERATED");
    return in_comment(t.ptr);
}

/* Appends a comment behind what stands in the line, at a column, with further lines below its first. */
static void
comment_behind(text *t, size_t at, const char *words)
{
    text prefix = {0};

    pad_to(t, at);
    add(t, "/* ");
    add_spaces(&prefix, last_line_width(t));
    add_words(t, prefix.ptr, words, 3);
    add(t, " */\n");
}

/*
 *     enum {
 *         HG_JOB_ID = 0,              / * uuid NOT NULL DEFAULT gen_random_uuid() * /
 */
void
write_constants(text *t, const char *words, const enum_constant *all, size_t count)
{
    size_t widest = 0;

    for (size_t i = 0; i < count; i++) {
        size_t wide = width(format("%s = %zu,", all[i].name, all[i].value));

        widest = wide > widest ? wide : widest;
    }
    comment_open(t, words);
    comment_close(t);
    add(t, "enum {\n");
    for (size_t i = 0; i < count; i++) {
        addf(t, "    %s = %zu%s", all[i].name, all[i].value, i + 1 < count ? "," : "");
        comment_behind(t, 4 + widest + 1, all[i].words);
    }
    add(t, "};\n\n");
}

void
write_ordinals(text *t, const table *of, const char *words)
{
    enum_constant *all = keep(of->column_count * sizeof *all);

    for (size_t i = 0; i < of->column_count; i++) {
        const column *c = &of->columns[i];

        all[i] = (enum_constant){ c->constant, i, c->dropped ? "dropped" : sql_of(c) };
    }
    write_constants(t, words, all, of->column_count);
}

static void
write_values(text *t, const table *of, const column *c)
{
    enum_constant *all = keep(c->value_count * sizeof *all);

    for (size_t v = 0; v < c->value_count; v++)
        all[v] = (enum_constant){ format("%s_%s", c->constant, value_name(c->values[v])), v + 1, in_comment(c->values[v]) };
    write_constants(t, format("Values of %s.%s.", of->name, c->name), all, c->value_count);
}

/* The columns of a key, "company_id, user_id". */
static const char *
columns_of(const table *of, const key *k)
{
    text t = {0};

    for (size_t c = 0; c < of->column_count; c++)
        if (k->columns >> c & 1)
            addf(&t, "%s%s", t.len > 0 ? ", " : "", of->columns[c].name);
    return t.ptr;
}

static void
write_keys(text *t, const table *of)
{
    enum_constant *all = keep(of->key_count * sizeof *all);

    if (of->key_count == 0)
        return;
    for (size_t k = 0; k < of->key_count; k++)
        all[k] = (enum_constant){ of->keys[k].constant, k, columns_of(of, &of->keys[k]) };
    write_constants(t, format("The unique keys of %s, for upserts.", of->name), all, of->key_count);
}

static void
write_relations(text *t, const table *of)
{
    enum_constant *all = keep(of->relation_count * sizeof *all);

    if (of->relation_count == 0)
        return;
    for (size_t i = 0; i < of->relation_count; i++)
        all[i] = (enum_constant){ of->relations[i].constant, i, of->relations[i].comment };
    write_constants(t, format("What belongs to a row of %s, for %s_list_related().", of->name, of->row), all,
                    of->relation_count);
}

static const char *
field_comment(const table *of, const field *f)
{
    text t = {0};
    const column *c;

    if (f->column < 0) {
        if (strcmp(f->name, "struct_size") == 0)
            return "bytes known to whoever filled it; 0 is refused";
        if (strcmp(f->name, "set") == 0)
            return "bit p: parameter p is given";
        if (strcmp(f->name, "null_mask") == 0 && of->head == params_head)
            return "bit p: it is given as SQL NULL, and its field is zero";
        if (strcmp(f->name, "row_version") == 0)
            return of->version_column < 0 && (of->relation == NULL || of->is_view) ? "zero"
                   : of->version_column < 0 ? "xmin of a row that was read; else 0"
                                          : format("%s as it was read, microseconds; else 0",
                                                   of->columns[of->version_column].name);
        if (strcmp(f->name, "null_mask") == 0)
            return "bit c: column c is SQL NULL and its field is zero";
        if (strcmp(f->name, "loaded_mask") == 0)
            return "bit c: column c was read; zero in a caller's row";
        if (strcmp(f->name, "unknown_text") == 0)
            return "texts of the enumerated columns that are -1, in column order; else NULL";
        return "zero";
    }
    c = &of->columns[f->column];
    add(&t, in_comment(c->comment));
    if (!ends_with(t.ptr, "."))
        add(&t, ".");
    if (c->kind == &kind_enum)
        addf(&t, " %s_*%s.", c->values_of != NULL ? c->values_of : c->constant, of->head == params_head ? "" : ", or -1");
    if (strcmp(c->kind->name, "bool") == 0)
        add(&t, " 0 or 1.");
    if (!c->nullable)
        add(&t, of->head == params_head ? " Required." : " NOT NULL");
    return t.ptr;
}

/*
 *     typedef struct hg_job {
 *         uint32_t     struct_size;          / * bytes known to ... * /
 *         ...
 *     } hg_job;
 */
void
write_fields(text *t, const table *of, const char *words)
{
    size_t names_at = 4 + strlen("hg_timestamp "), widest = 0;

    for (size_t i = 0; i < of->field_count; i++) {
        const field *f = &of->fields[i];
        size_t wide = (ends_with(f->type, "*") ? 4 + width(f->type) : names_at) + width(f->name) + strlen(";");

        widest = wide > widest ? wide : widest;
    }
    comment_open(t, words);
    comment_close(t);
    addf(t, "typedef struct %s {\n", of->row);
    for (size_t i = 0; i < of->field_count; i++) {
        const field *f = &of->fields[i];

        if (ends_with(f->type, "*")) {
            addf(t, "    %s%s;", f->type, f->name);
        } else {
            addf(t, "    %s", f->type);
            pad_to(t, names_at);
            addf(t, "%s;", f->name);
        }
        comment_behind(t, widest + 1, field_comment(of, f));
    }
    addf(t, "} %s;\n\n", of->row);
}

static void
write_struct(text *t, const table *of)
{
    write_fields(t, of, format("One row of %s. Columns that are not marked NOT NULL may be SQL NULL.", of->name));
    comment_open(t, "A list of such rows: opaque, unchangeable, may be read from any thread.");
    comment_close(t);
    addf(t, "typedef struct %s_list %s_list;\n\n", of->row, of->row);
}

static void
write_prototype(text *t, const table *of, const call *c)
{
    const char *parameters[sizeof c->parameters / sizeof *c->parameters];
    const char *result = filled(c->result, of), *head;
    size_t count = 0, label_width = 0;
    int noted = 0;

    comment_open(t, filled(c->comment, of));
    for (size_t i = 0; c->notes[i] != NULL; i += 2)
        if (filled(c->notes[i + 1], of)[0] != '\0' && width(c->notes[i]) > label_width)
            label_width = width(c->notes[i]);
    for (size_t i = 0; c->notes[i] != NULL; i += 2)
        if (filled(c->notes[i + 1], of)[0] != '\0') {
            if (!noted++)
                add(t, "\n *");
            comment_note(t, c->notes[i], label_width, filled(c->notes[i + 1], of));
        }
    comment_close(t);
    while (c->parameters[count] != NULL) {
        parameters[count] = filled(c->parameters[count], of);
        count++;
    }
    head = format("%s%s%s_%s(", result, ends_with(result, "*") ? "" : " ", of->row, c->verb);
    if (width(head) + width(parameters[0]) + 1 > LINE_WIDTH)
        head = format("%s\n%s_%s(", result, of->row, c->verb);
    add_call(t, head, parameters, count, ");\n\n");
}

static void
write_enum_calls(text *t, const table *of, const column *c)
{
    comment_open(t, format("The text of a value of %s.%s; NULL if there is none. Static. Any thread.", of->name,
                           c->name));
    comment_close(t);
    addf(t, "const char *%s_%s_name(int32_t value);\n\n", of->row, c->name);
    comment_open(t, format("The value of %s.%s that a text names; -1: none. Any thread.", of->name, c->name));
    comment_close(t);
    addf(t, "int32_t %s_%s_parse(const char *ptr, size_t len);\n\n", of->row, c->name);
}

static void
write_header(const table *of)
{
    text *t = output(format("include/hotgigs/%s/%s.h", of->folder, of->name));

    write_top(t, of);
    write_ordinals(t, of, format("The columns of %s, by ordinal: bit c of a mask is column c.", of->name));
    for (size_t i = 0; i < of->column_count; i++)
        if (of->columns[i].kind == &kind_enum)
            write_values(t, of, &of->columns[i]);
    write_keys(t, of);
    write_relations(t, of);
    write_struct(t, of);
    for (size_t i = 0; i < call_count; i++)
        if (has_call(of, &calls[i]))
            write_prototype(t, of, &calls[i]);
    for (size_t i = 0; i < of->column_count; i++)
        if (of->columns[i].kind == &kind_enum)
            write_enum_calls(t, of, &of->columns[i]);
    add(t, "#include \"hotgigs/detail/end.h\"\n#endif\n");
}

void
write_headers(const model *m)
{
    for (size_t i = 0; i < m->table_count; i++)
        write_header(&m->tables[i]);
}
