/* write_operation_descriptor.c - the static description of one operation, which hg_operation_run() works by. It is made of
 * public types alone, so that a user's program can hold it as well as the library.
 *
 *     const hg_operation_info hgi_operation_job_set_state = {
 *         .rows = HG_ROWS_ONE,
 *         ...
 */
#include <inttypes.h>
#include <string.h>

#include "gen/gen.h"

/* job_set_state_row_status_values */
static const char *
values_name(const operation *of, const table *t, const column *c)
{
    return format("%s_%s_%s_values", of->name, t == &of->params ? "params" : "row", c->name);
}

static void
write_values(text *t, const operation *of, const table *s)
{
    for (size_t i = 0; i < s->column_count; i++) {
        const column *c = &s->columns[i];
        const char **quoted = keep((c->value_count + 1) * sizeof *quoted);

        if (c->kind != &kind_enum)
            continue;
        for (size_t v = 0; v < c->value_count; v++)
            quoted[v] = format("\"%s\"", c->values[v]);
        addf(t, "static const char *const %s[] = {\n    ", values_name(of, s, c));
        add_call(t, "", quoted, c->value_count, "\n};\n");
    }
}

static void
write_column(text *t, const operation *of, const table *s, const column *c)
{
    addf(t, "    [%s] = {\n", c->constant);
    addf(t, "        .name = \"%s\", .field = \"%s\",\n", c->name, c->field);
    write_string(t, "sql_type", c->sql_type);
    write_comment_string(t, c->comment);
    if (c->kind == &kind_enum)
        addf(t, "        .values = %s,\n        .value_count = %zu,\n", values_name(of, s, c), c->value_count);
    addf(t, "        .kind = %s, .nullable = %d,\n", c->kind->constant, c->nullable);
    addf(t, "        .offset = offsetof(%s, %s),\n", s->row, c->field);
    if (c->length > 0 && strcmp(c->kind->name, "decimal") == 0)
        addf(t, "        .length = %d, .scale = %d,\n", c->length, c->scale);
    else if (c->length > 0)
        addf(t, "        .length = %d,\n", c->length);
    addf(t, "        .since = 0x%06" PRIx32 ",\n    },\n", c->since);
}

static void
write_struct(text *t, const operation *of, const table *s, const char *which)
{
    addf(t, "_Static_assert(sizeof(%s) == %zu, \"not as it was generated\");\n\n", s->row, s->row_size);
    write_values(t, of, s);
    if (s->column_count > 0) {
        addf(t, "static const hg_column_info %s_%s_columns[] = {\n", of->name, which);
        for (size_t i = 0; i < s->column_count; i++)
            write_column(t, of, s, &s->columns[i]);
        add(t, "};\n\n");
    }
    addf(t, "static const hg_table_info %s_%s = {\n", of->name, which);
    add(t, "    .struct_size = sizeof(hg_table_info),\n    .table = -1,\n");
    addf(t, "    .name = \"%s\",\n    .singular = \"%s\",\n", s->name, s->singular);
    add(t, "    .comment = ");
    add_c_string(t, s == &of->params ? "Its parameters." : "Its rows.");
    add(t, ",\n");
    if (s->column_count > 0)
        addf(t, "    .columns = %s_%s_columns,\n    .column_count = %zu,\n", of->name, which, s->column_count);
    add(t, "    .column_stride = sizeof(hg_column_info),\n");
    addf(t, "    .row_size = sizeof(%s),\n", s->row);
    addf(t, "    .version_column = %s,\n", s->version_column < 0 ? "-1" : s->columns[s->version_column].constant);
    add(t, "    .key_stride = sizeof(hg_key_info),\n");
    if (has_enum(s) && s->head == row_head)
        addf(t, "    .unknown_offset = offsetof(%s, unknown_text),\n", s->row);
    add(t, "};\n\n");
}

/* Type ids in PostgreSQL, the same in every version. */
static void
write_ids(text *t, const char *name, const char *const *ids, size_t count)
{
    add_call(t, format("static const uint32_t %s[] = { ", name), ids, count, " };\n");
}

static void
write_row_types(text *t, const operation *of)
{
    const char *ids[COLUMNS_MAX];

    for (size_t i = 0; i < of->row.column_count; i++)
        ids[i] = of->row.columns[i].oid;
    write_ids(t, format("%s_row_types", of->name), ids, of->row.column_count);
}

static void
write_arguments(text *t, const operation *of)
{
    const char *ids[COLUMNS_MAX], *arguments[COLUMNS_MAX];

    if (of->argument_count == 0)
        return;
    for (size_t i = 0; i < of->argument_count; i++) {
        ids[i] = of->arguments[i].oid;
        arguments[i] = format("%s%s", of->params.columns[of->arguments[i].column].constant,
                              of->arguments[i].given ? " | HG_ARGUMENT_GIVEN" : "");
    }
    addf(t, "static const uint8_t %s_arguments[] = {\n    ", of->name);
    add_call(t, "", arguments, of->argument_count, "\n};\n");
    write_ids(t, format("%s_argument_types", of->name), ids, of->argument_count);
    add(t, "\n");
}

/* The name travels with the statement, so that the server's log and pg_stat_statements show it. */
static void
write_sql(text *t, const operation *of)
{
    addf(t, "static const char %s_sql[] =\n    \"/* %s */ \"", of->name, of->name);
    for (const char *p = of->sql; *p != '\0';) {
        size_t len = strcspn(p, "\n") + (strchr(p, '\n') != NULL);

        add(t, "\n    ");
        add_c_string(t, keep_text(p, len));
        p += len;
    }
    add(t, ";\n\n");
}

/* 1u << HG_ROLE_COMPANY | ... */
static void
write_roles(text *t, uint32_t roles)
{
    const char *names[ROLES];
    text joined = {0};
    size_t count = 0;

    for (int r = 0; r < ROLES; r++)
        if (roles >> r & 1)
            names[count++] = format("1u<<HG_ROLE_%s", upper(role_names[r]));
    for (size_t i = 0; i < count; i++)
        addf(&joined, "%s%s", i > 0 ? " | " : "", names[i]);
    add(t, "    .roles = ");
    add_words(t, "             ", joined.ptr, 1);
    add(t, ",\n");
}

static void
write_info(text *t, const model *m, const operation *of)
{
    uint64_t all = of->row.column_count == 64 ? UINT64_MAX : (UINT64_C(1) << of->row.column_count) - 1;

    if (m->is_user)
        addf(t, "static const hg_operation_info operation_%s = {\n", of->name);
    else
        addf(t, "const hg_operation_info hgi_operation_%s = {\n", of->name);
    add(t, "    .struct_size = sizeof(hg_operation_info),\n");
    addf(t, "    .rows = HG_ROWS_%s,\n", upper(rows_names[of->rows]));
    addf(t, "    .rights = HG_RIGHTS_%s,\n", upper(rights_names[of->rights]));
    write_roles(t, of->roles);
    addf(t, "    .writes = %d,\n", of->writes);
    addf(t, "    .row_table = %s,\n", of->of == NULL ? "-1" : of->of->number);
    if (of->of != NULL || all != 0)
        addf(t, "    .row_columns = UINT64_C(0x%" PRIx64 "),\n", of->of != NULL ? of->of_columns : all);
    else if (of->counts_by_column)
        add(t, "    .row_columns = 1,\n");
    addf(t, "    .sql_hash = UINT64_C(0x%016" PRIx64 "),\n", hash_of(of->sql));
    addf(t, "    .name = \"%s\",\n    .group = \"%s\",\n", of->name, of->group);
    add(t, "    .comment = ");
    add_c_string(t, of->sentence);
    add(t, ",\n");
    if (of->not_found != NULL) {
        add(t, "    .not_found = ");
        add_c_string(t, of->not_found);
        add(t, ",\n");
    }
    addf(t, "    .sql = %s_sql,\n    .params = &%s_params,\n", of->name, of->name);
    if (of->row.column_count > 0)
        addf(t, "    .row = &%s_row,\n    .row_types = %s_row_types,\n", of->name, of->name);
    if (of->argument_count > 0)
        addf(t, "    .arguments = %s_arguments,\n    .argument_types = %s_argument_types,\n    .argument_count = %zu,\n",
             of->name, of->name, of->argument_count);
    if (!m->is_user)
        addf(t, "    .since = 0x%06" PRIx32 ",\n", of->since);
    add(t, "};\n");
}

void
write_operation_descriptor(text *t, const model *m, const operation *of)
{
    write_struct(t, of, &of->params, "params");
    if (of->row.column_count > 0) {
        write_struct(t, of, &of->row, "row");
        write_row_types(t, of);
    }
    write_arguments(t, of);
    write_sql(t, of);
    write_info(t, m, of);
}
