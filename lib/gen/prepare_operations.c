/* prepare_operations.c - what the database makes of each operation's statement: the types of its parameters and columns,
 * which roles may run it, and whether it writes.
 *
 * The statement is prepared with nothing in search_path but the server's own, so that whatever it names it names with its
 * schema. Each role then plans it: privileges on tables and columns, EXECUTE on functions and USAGE of schemas are
 * looked at when a plan is started, also for EXPLAIN (ExecutorStart in the server), and nothing is run. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

enum { ARGUMENTS_MAX = 64 };

/* ---- Where something is wrong --------------------------------------------------------------------------------------- */

/* The line of a character of the statement. */
static int
line_at(const operation *of, int character)
{
    int line = of->sql_line;

    for (const char *p = of->sql; *p != '\0' && character > 0; p++) {
        line += *p == '\n';
        character -= ((unsigned char)p[1] & 0xC0) != 0x80;
    }
    return line;
}

_Noreturn static void
refuse_statement(const operation *of, const statement *said)
{
    die_at(of->path, said->at >= 0 ? line_at(of, said->at) : of->sql_line, "%s", said->problem);
}

/* ---- Types ------------------------------------------------------------------------------------------------------------- */

static const char *
hint_for(const char *type)
{
    static const char *const hints[][2] = {
        { "timestamptz", "cast it: AT TIME ZONE 'UTC'" },
        { "int2", "cast it to integer" },
        { "oid", "cast it to bigint" },
        { "float4", "round it: round(x::numeric, 2)::numeric(12,2)" },
        { "float8", "round it: round(x::numeric, 2)::numeric(12,2)" },
        { "json", "cast it to jsonb" },
        { "bpchar", "cast it to text" },
        { "name", "cast it to text" },
        { "unknown", "cast it to text" },
        { "_varchar", "cast it to text[]" },
        { "interval", "give seconds: extract(epoch FROM x)::integer" },
        { "void", "rows: is none" },
    };

    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (strcmp(hints[i][0], type) == 0)
            return hints[i][1];
    return "cast it to a type of sql/operations/README.md, such as jsonb";
}

static void
set_precision(const operation *of, const head_item *said, column *c, int precision, int scale)
{
    c->length = precision;
    c->scale = scale;
    if (precision < 1 || precision > PRECISION_MAX || scale < 0 || scale > precision)
        die_at(of->path, said->line, "%s: numeric(%d,%d) does not fit hg_decimal: at most %d digits, scale from 0 to the"
               " digits", said->name, precision, scale, PRECISION_MAX);
}

static void
set_type(const operation *of, const head_item *said, column *c, const char *oid, int typmod)
{
    const char *const parameters[] = { oid, format("%d", typmod) };
    rows r = database_ask("SELECT n.nspname, y.typname, format_type(y.oid, $2::integer) FROM pg_type y"
                          " JOIN pg_namespace n ON n.oid = y.typnamespace WHERE y.oid = $1::oid", parameters, 2);

    if (r.count != 1)
        die_at(of->path, said->line, "%s has type %s, which the database does not know", said->name, oid);
    c->kind = strcmp(cell(&r, 0, 0), "pg_catalog") == 0 ? kind_by_pg_type(cell(&r, 0, 1)) : NULL;
    c->oid = oid;
    c->sql_type = cell(&r, 0, 2);
    if (c->kind == NULL)
        die_at(of->path, said->line, "%s is of type %s, which has no C type; %s", said->name, cell(&r, 0, 2),
               hint_for(cell(&r, 0, 1)));
    if (strcmp(cell(&r, 0, 1), "varchar") == 0 && typmod >= 4)
        c->length = typmod - 4;
    if (strcmp(cell(&r, 0, 1), "numeric") == 0 && typmod >= 4)
        set_precision(of, said, c, (typmod - 4) >> 16 & 0xffff, (((typmod - 4) & 0x7ff) ^ 1024) - 1024);
}

/* ---- What it is of ------------------------------------------------------------------------------------------------------ */

static const table *
find_table(const model *m, const char *name)
{
    for (size_t i = 0; i < m->table_count; i++)
        if (strcmp(m->tables[i].name, name) == 0)
            return &m->tables[i];
    return NULL;
}

static const column *
find_column(const table *of, const char *name)
{
    for (size_t i = 0; of != NULL && i < of->column_count; i++)
        if (strcmp(of->columns[i].name, name) == 0 && !of->columns[i].dropped)
            return &of->columns[i];
    return NULL;
}

static void
inherit(column *c, const column *from)
{
    if (from->kind == &kind_enum) {
        c->kind = &kind_enum;
        c->values = from->values;
        c->value_count = from->value_count;
        c->values_of = from->values_of;
    }
    c->length = from->length;
    c->scale = from->scale;
    if (*c->comment == '\0')
        c->comment = from->comment;
}

static int
is_of_kind(const column *c, const column *from)
{
    return strcmp(c->kind->name, from->kind == &kind_enum ? "text" : from->kind->name) == 0;
}

/* = jobs.status, or = numeric(12,2) */
static void
apply_source(const model *m, const operation *of, const head_item *said, column *c)
{
    const char *dot = strchr(said->source, '.');
    int precision, scale, end = 0;
    const column *from;

    if (sscanf(said->source, "numeric(%d,%d)%n", &precision, &scale, &end) == 2 && said->source[end] == '\0') {
        if (strcmp(c->kind->name, "decimal") != 0)
            die_at(of->path, said->line, "%s is %s, not numeric", said->name, c->sql_type);
        set_precision(of, said, c, precision, scale);
        return;
    }
    from = dot == NULL ? NULL
                       : find_column(find_table(m, keep_text(said->source, (size_t)(dot - said->source))), dot + 1);
    if (from == NULL)
        die_at(of->path, said->line, "%s: %s is neither a column, as in jobs.status, nor numeric(p,s)", said->name,
               said->source);
    if (!is_of_kind(c, from))
        die_at(of->path, said->line, "%s is %s here, and %s is %s", said->name, c->sql_type, said->source,
               from->sql_type);
    inherit(c, from);
}

/* The column that a result's column comes from straight. */
static void
apply_origin(const model *m, const struct described_column *came, column *c)
{
    const char *const parameters[] = { came->table, format("%d", came->number) };
    rows r = database_ask("SELECT CASE WHEN n.nspname IN ('public', 'hotgigs') THEN c.relname END, a.attname,"
                          " col_description(c.oid, a.attnum)"
                          " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                          " JOIN pg_namespace n ON n.oid = c.relnamespace"
                          " WHERE c.oid = $1::oid AND a.attnum = $2::integer", parameters, 2);
    const column *from;

    if (r.count != 1)
        return;
    from = cell(&r, 0, 0) != NULL ? find_column(find_table(m, cell(&r, 0, 0)), cell(&r, 0, 1)) : NULL;
    if (from != NULL && is_of_kind(c, from))
        inherit(c, from);
    if (*c->comment == '\0' && cell(&r, 0, 2) != NULL)
        c->comment = cell(&r, 0, 2);
}

static void
finish_column(const operation *of, const head_item *said, column *c)
{
    if (strcmp(c->kind->name, "decimal") == 0 && c->length == 0)
        die_at(of->path, said->line, "%s is numeric without precision and scale; round it and write what of:"
               " %s = numeric(12,2)", said->name, said->name);
    if (*c->comment == '\0') {
        char *words = format("%s.", spaced(c->name));

        words[0] = (char)toupper((unsigned char)words[0]);
        c->comment = words;
    }
}

static column *
add_column(const model *m, const operation *of, table *to, const head_item *said)
{
    column *c;

    if (to->column_count == COLUMNS_MAX)
        die_at(of->path, said->line, "%s is number %d, and a mask has %d bits", said->name, COLUMNS_MAX, COLUMNS_MAX);
    to->columns = MORE(to->columns, to->column_count);
    c = &to->columns[to->column_count++];
    c->name = said->name;
    c->field = field_name(said->name);
    c->constant = format("%s_%s", to->prefix, upper(said->name));
    c->comment = said->comment;
    c->nullable = said->optional;
    c->since = m->version;
    c->place = (place){ of->path, said->line };
    return c;
}

static void
begin_table(const operation *of, table *t, const char *row, const char *prefix, const field *head)
{
    t->name = of->name;
    t->singular = of->name;
    t->row = row;
    t->prefix = prefix;
    t->head = head;
    t->comment = of->sentence;
    t->version_column = -1;
    t->place = (place){ of->path, of->keys_line };
}

/* ---- Parameters and columns ------------------------------------------------------------------------------------------------ */

static int
ordinal_of(const table *t, const char *name)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void
prepare_parameters(const model *m, operation *of, const statement *said)
{
    begin_table(of, &of->params, format("%s_params", of->c_name), upper(of->c_name), params_head);
    if (said->parameter_count != (int)of->parameter_count)
        die_at(of->path, of->parameter_count > 0 ? of->parameters[of->parameter_count - 1].line : of->keys_line,
               "the head has %zu parameters, the statement %d", of->parameter_count, said->parameter_count);
    if (of->parameter_count > ARGUMENTS_MAX)
        die_at(of->path, of->keys_line, "more than %d parameters", ARGUMENTS_MAX);
    of->argument_count = of->parameter_count;
    of->arguments = keep((of->parameter_count + 1) * sizeof *of->arguments);
    for (size_t i = 0; i < of->parameter_count; i++) {
        const head_item *one = &of->parameters[i];
        column *c;

        of->arguments[i] = (argument){ .given = one->given, .oid = said->parameters[i] };
        if (one->given)
            continue;
        c = add_column(m, of, &of->params, one);
        of->arguments[i].column = (int)of->params.column_count - 1;
        set_type(of, one, c, said->parameters[i], -1);
        if (one->source != NULL)
            apply_source(m, of, one, c);
        finish_column(of, one, c);
    }
    for (size_t i = 0; i < of->parameter_count; i++) {
        const head_item *one = &of->parameters[i];

        if (!one->given)
            continue;
        of->arguments[i].column = ordinal_of(&of->params, one->name);
        if (of->arguments[i].column < 0)
            die_at(of->path, one->line, "given %s: there is no parameter %s", one->name, one->name);
        if (strcmp(one->source != NULL ? "" : said->parameters[i], "16") != 0)
            die_at(of->path, one->line, "given %s: the statement does not use $%zu as a boolean", one->name, i + 1);
    }
}

/* Columns of a table, in its order. */
static void
prepare_rows_of(const model *m, operation *of, const statement *said)
{
    const table *t = find_table(m, of->row_name);
    int last = -1;

    if (t == NULL)
        die_at(of->path, of->keys_line, "row: %s is no table", of->row_name);
    for (int i = 0; i < said->column_count; i++) {
        const char *name = said->columns[i].name;
        const head_item here = { .name = name, .line = of->sql_line };
        const column *from = find_column(t, name);
        column c = { .comment = "" };

        if (from == NULL)
            die_at(of->path, of->sql_line, "%s is no column of %s", name, t->name);
        set_type(of, &here, &c, said->columns[i].type, -1);
        if (!is_of_kind(&c, from) || strcmp(c.sql_type, keep_text(from->sql_type, strcspn(from->sql_type, "("))) != 0)
            die_at(of->path, of->sql_line, "%s is %s here, and %s.%s is %s", name, c.sql_type, t->name, name,
                   from->sql_type);
        if ((int)(from - t->columns) <= last)
            die_at(of->path, of->sql_line, "%s stands behind %s; the order is that of the table's columns", name,
                   t->columns[last].name);
        last = (int)(from - t->columns);
        of->of_columns |= UINT64_C(1) << last;
    }
    of->of = t;
}

static void
prepare_own_rows(const model *m, operation *of, const statement *said)
{
    for (int i = 0; i < said->column_count; i++) {
        const struct described_column *came = &said->columns[i];
        const head_item *one;
        column *c;

        if (i >= (int)of->column_count)
            die_at(of->path, of->keys_line, "the statement gives a column %s, which the head does not name", came->name);
        one = &of->columns[i];
        if (strcmp(one->name, came->name) != 0)
            die_at(of->path, one->line, "> %s: column %d of the statement is %s", one->name, i + 1, came->name);
        if (ordinal_of(&of->row, one->name) >= 0)
            die_at(of->path, one->line, "%s is a column already", one->name);
        c = add_column(m, of, &of->row, one);
        set_type(of, one, c, came->type, came->typmod);
        if (one->source != NULL)
            apply_source(m, of, one, c);
        if (came->number > 0)
            apply_origin(m, came, c);
        finish_column(of, one, c);
        if ((strcmp(c->name, "updated_at") == 0 || strcmp(c->name, "last_updated_at") == 0)
            && strcmp(c->kind->name, "timestamp") == 0)
            of->row.version_column = i;
    }
    if (said->column_count < (int)of->column_count)
        die_at(of->path, of->columns[said->column_count].line, "> %s: the statement gives %d columns",
               of->columns[said->column_count].name, said->column_count);
}

static void
prepare_columns(const model *m, operation *of, const statement *said)
{
    begin_table(of, &of->row, format("%s_row", of->c_name), upper(format("%s_row", of->c_name)), row_head);
    switch (of->rows) {
    case ROWS_NONE:
        if (said->column_count > 1 || (said->column_count == 1 && strcmp(said->columns[0].type, "2278") != 0))
            die_at(of->path, of->keys_line, "rows: is none, and the statement gives %s", said->columns[0].name);
        break;
    case ROWS_COUNT:
        if (said->column_count > 1
            || (said->column_count == 1 && strcmp(said->columns[0].type, "20") != 0
                && strcmp(said->columns[0].type, "23") != 0))
            die_at(of->path, of->keys_line, "rows: is count, and the statement gives neither nothing nor one integer");
        of->counts_by_column = said->column_count == 1;
        break;
    default:
        if (said->column_count == 0)
            die_at(of->path, of->keys_line, "rows: is %s, and the statement gives no columns", rows_names[of->rows]);
        if (of->row_name != NULL)
            prepare_rows_of(m, of, said);
        else
            prepare_own_rows(m, of, said);
        break;
    }
}

/* ---- Who, and whether it writes ------------------------------------------------------------------------------------------ */

static int
plan_writes(const char *plan)
{
    static const char *const nodes[] = { "Insert on ", "Update on ", "Delete on ", "Merge on " };

    for (const char *p = plan; *p != '\0'; p += *p == '\n') {
        p += strspn(p, " ->");
        for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
            if (starts_with(p, nodes[i]))
                return 1;
        p += strcspn(p, "\n");
    }
    return 0;
}

/* Functions that are not the server's own: whether one may write, and whether one is a definer's. */
static void
look_at_functions(operation *of, int *is_definer)
{
    size_t count;
    called *all = called_functions(of->sql, &count);

    *is_definer = 0;
    for (size_t i = 0; i < count; i++) {
        const char *const parameters[] = { all[i].name, all[i].schema };
        rows r = database_ask("SELECT coalesce(bool_or(p.provolatile = 'v'), false)::integer,"
                              "       coalesce(bool_or(p.prosecdef), false)::integer"
                              " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                              " WHERE p.proname = $1 AND ($2 = '' OR n.nspname = $2)"
                              " AND n.nspname NOT IN ('pg_catalog', 'information_schema')", parameters, 2);

        of->writes |= cell_int(&r, 0, 0);
        *is_definer |= cell_int(&r, 0, 1);
    }
}

static void
prepare_roles(operation *of)
{
    const uint32_t everyone = (UINT32_C(1) << ROLES) - 1, service = UINT32_C(1) << SERVICE;
    uint32_t asked = of->by != 0 ? of->by : of->rights == RIGHTS_SERVICE ? service : everyone;
    const char *why = "";
    int is_definer;

    if (of->rights == RIGHTS_SERVICE && asked != service)
        die_at(of->path, of->keys_line, "rights: service is for the service alone; leave by: out");
    for (int role = 0; role < ROLES; role++) {
        const char *plan = "";
        statement said;

        if (!(asked >> role & 1))
            continue;
        said = database_explain(of->sql, format("hotgigs_%s", role_names[role]), (int)of->argument_count, &plan);
        if (said.problem != NULL && !said.denied)
            refuse_statement(of, &said);
        if (said.problem == NULL) {
            of->roles |= UINT32_C(1) << role;
            of->writes |= plan_writes(plan);
        } else if (of->by != 0) {
            die_at(of->path, of->keys_line, "by: %s may not: %s", role_names[role], said.problem);
        }
        why = said.problem != NULL ? said.problem : why;
    }
    if (of->roles == 0)
        die_at(of->path, of->keys_line, "no role may run it: %s", why);
    look_at_functions(of, &is_definer);
    if (of->rights == RIGHTS_DEFINER && !is_definer)
        die_at(of->path, of->keys_line, "rights: is definer, and the statement calls no SECURITY DEFINER function");
}

/* ---- All of them ------------------------------------------------------------------------------------------------------------ */

/* Numbers of last time stay; new ones follow in the order of the names. */
static void
number_operations(model *m)
{
    size_t next = 0;

    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < m->operation_count; i++) {
            operation *of = &m->operations[i];
            const fact *old = find_fact(&m->old, "constant", format("HG_OPERATION_%s", upper(of->name)));

            if ((old != NULL) != (pass == 0))
                continue;
            of->number = old != NULL ? (size_t)strtoul(old->value, NULL, 10) : next;
            of->since = old != NULL ? old->since : m->version;
            next = of->number + 1 > next ? of->number + 1 : next;
        }
}

void
prepare_operations(model *m)
{
    for (size_t i = 0; i < m->operation_count; i++) {
        operation *of = &m->operations[i];
        statement said = database_describe(of->sql);

        if (said.problem != NULL)
            refuse_statement(of, &said);
        prepare_parameters(m, of, &said);
        prepare_columns(m, of, &said);
        prepare_roles(of);
    }
    number_operations(m);
}
