/* read_views.c - the views of schema hotgigs that are relations like tables, without the writes: lib/gen/views.txt.
 *
 * PostgreSQL keeps of a view's column its type and nothing of where it is from: a CASE has lost varchar's length, numeric's
 * precision and the CHECK that lists the values. So each column is told its table's column, from which it has kind,
 * length, scale and values. That is the column of the same name of the view's main table, or what a line of views.txt
 * says; and what is not a column of any table has a line that says so. Both are checked: the two have the same type, and
 * the view reads that column (pg_depend knows).
 *
 * The first column of a view tells its rows apart, is a uuid and not NULL; the others may be NULL, whatever they are in
 * their table: a join or a CASE can make them so. */
#include <string.h>

#include "gen/gen.h"

static const char view_list[] = "lib/gen/views.txt";

/* A line "application_cards.job_title = jobs.title", or "= -" of a column that is made by the view. */
typedef struct origin {
    const char *view;
    const char *column;
    const char *of_table;    /* NULL: none */
    const char *of_column;
    int         line;
    int         used;
} origin;

typedef struct origins {
    origin *items;
    size_t  count;
} origins;

/* ---- views.txt --------------------------------------------------------------------------------------------------- */

/* The two names around the dot of what is "a.b", else NULL. */
static const char *
split(const char *what, const char **second)
{
    const char *dot = strchr(what, '.');
    char *first;

    if (dot == NULL)
        return NULL;
    first = keep_text(what, (size_t)(dot - what));
    *second = dot + 1;
    return is_name(first) && is_name(*second) ? first : NULL;
}

static void
add_origin_line(origins *all, const char *what, const char *is, const char *from, int line)
{
    origin *o;

    all->items = MORE(all->items, all->count);
    o = &all->items[all->count++];
    o->line = line;
    o->view = split(what, &o->column);
    if (strcmp(from, "-") != 0)
        o->of_table = split(from, &o->of_column);
    if (o->view == NULL || strcmp(is, "=") != 0 || (o->of_table == NULL && strcmp(from, "-") != 0))
        die_at(view_list, line, "a line is a view, its singular and its main table, or view.column = table.column");
}

static void
add_view(model *m, const char *name, const char *singular, const char *main_table, int line)
{
    table *t;

    if (!is_name(name) || !ends_with(name, "s") || strcmp(singular, keep_text(name, strlen(name) - 1)) != 0)
        die_at(view_list, line, "a view's singular is its name without the last s");
    if (m->view_count == 256 - FIRST_VIEW)
        die_at(view_list, line, "is more than %d views", 256 - FIRST_VIEW);
    m->tables = MORE(m->tables, m->table_count);
    t = &m->tables[m->table_count++];
    m->view_count++;
    *t = (table){ .name = name, .singular = singular, .folder = "views", .is_view = 1, .line = line,
                  .main_table = main_table, .version_column = -1 };
    t->number = format("HG_VIEW_%s", upper(name));
    t->row = format("hg_%s", singular);
    t->prefix = upper(t->row);
    t->head = row_head;
    t->place = place_of_view(&m->migrations, name);
}

static void
read_view_list(model *m, origins *all)
{
    char *content = read_shared(m->root, view_list);
    int line = 0;

    for (char *p = content; p != NULL && *p != '\0';) {
        size_t len = strcspn(p, "\n");
        char *at = p, *first, *second, *third;

        line++;
        p += len + (p[len] != '\0');
        at[len] = '\0';
        at[strcspn(at, "#")] = '\0';
        first = strtok(at, " \t");
        second = strtok(NULL, " \t");
        third = strtok(NULL, " \t");
        if (first == NULL)
            continue;
        if (third == NULL || strtok(NULL, " \t") != NULL)
            die_at(view_list, line, "a line is a view, its singular and its main table, or view.column = table.column");
        if (strchr(first, '.') != NULL)
            add_origin_line(all, first, second, third, line);
        else
            add_view(m, first, second, third, line);
    }
}

/* A view that a persona may read and no program can reach would be a mistake. */
static void
refuse_unlisted(const model *m)
{
    rows r = database_ask("SELECT c.relname FROM pg_class c"
                          " WHERE c.relnamespace = to_regnamespace('hotgigs') AND c.relkind = 'v'"
                          " AND EXISTS (SELECT FROM unnest(" ROLE_ARRAY ") role"
                          "             WHERE has_any_column_privilege(role, c.oid, 'SELECT'))"
                          " ORDER BY c.relname COLLATE \"C\"", NULL, 0);

    for (int i = 0; i < r.count; i++) {
        int listed = 0;

        for (size_t t = 0; t < m->table_count; t++)
            listed |= m->tables[t].is_view && strcmp(m->tables[t].name, cell(&r, i, 0)) == 0;
        if (!listed) {
            place p = place_of_view(&m->migrations, cell(&r, i, 0));

            die_at(p.file, p.line, "view %s has no line in %s", cell(&r, i, 0), view_list);
        }
    }
}

/* ---- Where a column is from -------------------------------------------------------------------------------------- */

static const table *
find_table(const model *m, const char *name)
{
    for (size_t i = 0; i < m->table_count; i++)
        if (!m->tables[i].is_view && strcmp(m->tables[i].name, name) == 0)
            return &m->tables[i];
    return NULL;
}

static origin *
find_origin(const origins *all, const char *view, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].view, view) == 0 && strcmp(all->items[i].column, name) == 0)
            return &all->items[i];
    return NULL;
}

/* Whether the query of the view mentions the column, or that of a view that it reads. */
static int
reads(const table *view, const table *of, const column *from)
{
    const char *const parameters[] = { view->name, of->name, from->name };
    rows r = database_ask("WITH RECURSIVE v AS ("
                          " SELECT oid FROM pg_class WHERE relnamespace = 'hotgigs'::regnamespace AND relname = $1"
                          " UNION"
                          " SELECT c.oid FROM v"
                          " JOIN pg_rewrite w ON w.ev_class = v.oid"
                          " JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid"
                          "                 AND d.refclassid = 'pg_class'::regclass"
                          " JOIN pg_class c ON c.oid = d.refobjid AND c.relkind = 'v')"
                          " SELECT 1 FROM v"
                          " JOIN pg_rewrite w ON w.ev_class = v.oid"
                          " JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid"
                          "                 AND d.refclassid = 'pg_class'::regclass"
                          " JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
                          " WHERE d.refobjid = to_regclass('public.' || quote_ident($2)) AND a.attname = $3",
                          parameters, 3);

    return r.count > 0;
}

_Noreturn static void
refuse(const table *view, const column *c, const char *what)
{
    die_at(view->place.file, view->place.line, "%s.%s: %s", view->name, c->name, what);
}

/* The column of a table that this one shows; NULL: it is the view's own. */
static const column *
origin_of(const model *m, const origins *all, const table *view, const column *c)
{
    origin *said = find_origin(all, view->name, c->name);
    const char *table_name = said != NULL ? said->of_table : view->main_table;
    const char *name = said != NULL ? said->of_column : c->name;
    const table *of;
    int ordinal;

    if (said != NULL)
        said->used = 1;
    if (said != NULL && table_name == NULL)
        return NULL;
    of = find_table(m, table_name);
    if (of == NULL)
        die_at(view_list, said != NULL ? said->line : view->line, "there is no table %s", table_name);
    ordinal = column_ordinal(of, name);
    if (ordinal < 0 && said != NULL)
        die_at(view_list, said->line, "%s has no column %s", table_name, name);
    if (ordinal < 0)
        refuse(view, c, format("%s has no such column; give it a line in %s", table_name, view_list));
    if (!reads(view, of, &of->columns[ordinal]))
        refuse(view, c, format("the view does not read %s.%s; correct its line in %s", table_name, name, view_list));
    return &of->columns[ordinal];
}

/* ---- Columns ----------------------------------------------------------------------------------------------------- */

static void
inherit(const table *view, column *c, const column *from, const char *pg_type)
{
    const value_kind *k = kind_by_pg_type(pg_type);

    if (k == NULL || strcmp(k->oid, from->oid) != 0)
        refuse(view, c, format("is %s, and what it shows is %s", c->sql_type, from->sql_type));
    c->kind = from->kind;
    c->oid = from->oid;
    c->sql_type = from->sql_type;
    c->length = from->length;
    c->scale = from->scale;
    c->values = from->values;
    c->value_count = from->value_count;
}

static void
read_column(const model *m, const origins *all, table *view, const rows *r, int row)
{
    const char *name = cell(r, row, 0), *readers = cell(r, row, 4);
    int old = column_ordinal(view, name);
    column *c = old >= 0 ? &view->columns[old] : new_column(view, name);
    const column *from;

    c->place = view->place;
    c->dropped = 0;
    if (!is_name(name))
        refuse(view, c, "a column's name is lower-case letters, digits and underscores");
    if (view->column_count > COLUMNS_MAX)
        refuse(view, c, format("is column number %zu, and a mask has %d bits", view->column_count, COLUMNS_MAX));
    if (old < 0)
        c->since = m->version;
    c->sql_type = cell(r, row, 2);
    c->comment = cell(r, row, 3);
    if (c->comment == NULL)
        refuse(view, c, "has no COMMENT ON COLUMN");
    c->nullable = column_ordinal(view, name) > 0;
    from = origin_of(m, all, view, c);
    if (from != NULL)
        inherit(view, c, from, cell(r, row, 1));
    else
        read_type(view, c, "pg_catalog", cell(r, row, 1), cell_int(r, row, 5));
    c->readers = 0;
    for (int role = 0; role < ROLES; role++)
        c->readers |= (uint32_t)(readers[role] == '1') << role;
    if (strcmp(name, "updated_at") == 0 || strcmp(name, "last_updated_at") == 0)
        view->version_column = column_ordinal(view, name);
}

static void
read_view(const model *m, const origins *all, table *view)
{
    rows r = database_ask("SELECT obj_description(c.oid, 'pg_class'), format('%I.%I', 'hotgigs', c.relname)"
                          " FROM pg_class c WHERE c.relnamespace = to_regnamespace('hotgigs') AND c.relkind = 'v'"
                          " AND c.relname = $1", &view->name, 1);

    if (r.count == 0)
        die_at(view_list, view->line, "the database has no view hotgigs.%s", view->name);
    view->comment = cell(&r, 0, 0);
    view->relation = cell(&r, 0, 1);
    if (view->comment == NULL)
        die_at(view->place.file, view->place.line, "%s: has no COMMENT ON VIEW", view->name);
    begin_with_old_columns(m, view);
    r = database_ask("SELECT a.attname, y.typname, format_type(a.atttypid, a.atttypmod),"
                     "       col_description(c.oid, a.attnum),"
                     "       (SELECT string_agg(has_column_privilege(r.role, c.oid, a.attnum, 'SELECT')::int::text, ''"
                     "                          ORDER BY r.ordinality)"
                     "        FROM unnest(" ROLE_ARRAY ") WITH ORDINALITY r(role, ordinality)), a.atttypmod"
                     " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                     " JOIN pg_type y ON y.oid = a.atttypid"
                     " WHERE c.relnamespace = 'hotgigs'::regnamespace AND c.relname = $1 ORDER BY a.attnum",
                     &view->name, 1);
    for (int i = 0; i < r.count; i++)
        read_column(m, all, view, &r, i);
    if (view->column_count == 0 || strcmp(view->columns[0].kind->name, "uuid") != 0)
        die_at(view->place.file, view->place.line, "%s: the first column is a uuid that tells the rows apart",
               view->name);
}

void
read_views(model *m)
{
    origins all = {0};

    read_view_list(m, &all);
    refuse_unlisted(m);
    for (size_t i = m->table_count - m->view_count; i < m->table_count; i++)
        read_view(m, &all, &m->tables[i]);
    for (size_t i = 0; i < all.count; i++)
        if (!all.items[i].used)
            die_at(view_list, all.items[i].line, "%s has no column %s", all.items[i].view, all.items[i].column);
}
