/* read_catalogue.c - the tables of schema public as the database has them: columns, keys, constraints, grants.
 *
 * Which tables, their order and singulars come from lib/gen/tables.txt. Ordinals of columns, numbers of keys and what
 * the database has dropped come from the snapshot of last time; everything else is the catalogue's. Whatever the C side
 * cannot hold is refused here, with the place in sql/migrations that made it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

static const char table_list[] = "lib/gen/tables.txt";

const char *const role_names[ROLES] = { "anon", "candidate", "company", "freelancer", "service" };

/* ---- Kinds ------------------------------------------------------------------------------------------------------- */

/* text and varchar, integer and enumerated, are told apart by more than this table: the first row of a C type is the
 * one that a snapshot's kind means. */
static const value_kind kinds[] = {
    { "uuid", "uuid", "HG_KIND_UUID", "hg_uuid", "HGI_OID_UUID", "uuid", 16, 8, 0 },
    { "text", "text", "HG_KIND_TEXT", "hg_str", "HGI_OID_TEXT", "text", 16, 8, 0 },
    { "text", "varchar", "HG_KIND_TEXT", "hg_str", "HGI_OID_VARCHAR", "character varying", 16, 8, 0 },
    { "json", "jsonb", "HG_KIND_JSON", "hg_json", "HGI_OID_JSONB", "jsonb", 16, 8, 0 },
    { "int", "int4", "HG_KIND_INT", "int32_t", "HGI_OID_INT4", "integer", 4, 4, 0 },
    { "bool", "bool", "HG_KIND_BOOL", "int32_t", "HGI_OID_BOOL", "boolean", 4, 4, 0 },
    { "decimal", "numeric", "HG_KIND_DECIMAL", "hg_decimal", "HGI_OID_NUMERIC", "numeric", 16, 8, 0 },
    { "timestamp", "timestamp", "HG_KIND_TIMESTAMP", "hg_timestamp", "HGI_OID_TIMESTAMP",
      "timestamp without time zone", 8, 8, 0 },
    { "date", "date", "HG_KIND_DATE", "hg_date", "HGI_OID_DATE", "date", 4, 4, 0 },
    { "text_list", "_text", "HG_KIND_TEXT_LIST", "hg_str_list", "HGI_OID_TEXT_ARRAY", "text[]", 24, 8, 0 },
    { "inet", "inet", "HG_KIND_INET", "hg_inet", "HGI_OID_INET", "inet", 24, 8, 0 },
    { "bigint", "int8", "HG_KIND_BIGINT", "int64_t", "HGI_OID_INT8", "bigint", 8, 8, 1 },
    { "uuid_list", "_uuid", "HG_KIND_UUID_LIST", "hg_uuid_list", "HGI_OID_UUID_ARRAY", "uuid[]", 16, 8, 1 },
};

const value_kind kind_enum = { "enum", "", "HG_KIND_ENUM", "int32_t", "HGI_OID_VARCHAR", "character varying", 4, 4, 0 };

const value_kind *
kind_by_name(const char *name)
{
    if (strcmp(name, kind_enum.name) == 0)
        return &kind_enum;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

const value_kind *
kind_by_pg_type(const char *pg_type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].pg_type, pg_type) == 0)
            return &kinds[i];
    return NULL;
}

/* ---- Which tables ------------------------------------------------------------------------------------------------ */

static void
read_table_list(model *m)
{
    char *content = read_shared(m->root, table_list);
    int line = 0;

    if (content == NULL)
        die_at(table_list, 0, "is missing");
    for (char *p = content; *p != '\0';) {
        size_t len = strcspn(p, "\n");
        char *at = p, *name, *singular, *rest;
        table *t;

        line++;
        p += len + (p[len] != '\0');
        at[len] = '\0';
        at[strcspn(at, "#")] = '\0';
        name = strtok(at, " \t");
        singular = strtok(NULL, " \t");
        rest = strtok(NULL, " \t");
        if (name == NULL)
            continue;
        if (singular == NULL || rest != NULL || !is_name(name) || !is_name(singular))
            die_at(table_list, line, "a line is a table and its singular");
        m->tables = MORE(m->tables, m->table_count);
        t = &m->tables[m->table_count++];
        t->line = line;
        t->name = name;
        t->singular = singular;
        t->head = row_head;
        t->row = format("hg_%s", singular);
        t->prefix = upper(t->row);
        t->folder = "tables";
        t->number = format("HG_TABLE_%s", upper(name));
        t->version_column = -1;
        t->place = place_of_table(&m->migrations, name);
    }
}

/* A table that no program could reach would be a mistake, unless an extension brought it. */
static void
refuse_unlisted(const model *m)
{
    rows r = database_ask("SELECT relname FROM pg_class c"
                          " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
                          " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass"
                          "                 AND d.objid = c.oid AND d.deptype = 'e')"
                          " ORDER BY relname COLLATE \"C\"", NULL, 0);

    for (int i = 0; i < r.count; i++) {
        int listed = 0;

        for (size_t t = 0; t < m->table_count; t++)
            listed |= strcmp(m->tables[t].name, cell(&r, i, 0)) == 0;
        if (!listed) {
            place p = place_of_table(&m->migrations, cell(&r, i, 0));

            die_at(p.file, p.line, "table %s has no line in %s", cell(&r, i, 0), table_list);
        }
    }
}

static void
refuse_missing_roles(void)
{
    rows r = database_ask("SELECT role FROM unnest(" ROLE_ARRAY ") role"
                          " WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)", NULL, 0);

    if (r.count > 0)
        die("the database has no role %s", cell(&r, 0, 0));
}

/* ---- Columns ----------------------------------------------------------------------------------------------------- */

int
column_ordinal(const table *t, const char *name)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

column *
new_column(table *t, const char *name)
{
    column *c;

    t->columns = MORE(t->columns, t->column_count);
    c = &t->columns[t->column_count++];
    c->name = name;
    c->field = field_name(name);
    c->constant = format("%s_%s", t->prefix, upper(name));
    return c;
}

/* Takes the columns of last time, in their order. The database fills them in; what it does not have stays dropped. */
void
begin_with_old_columns(const model *m, table *t)
{
    const char *prefix = format("%s.", t->row);

    for (size_t i = 0; i < m->old.count; i++) {
        const fact *f = &m->old.items[i];

        if (starts_with(f->name, prefix) && strcmp(f->kind, "column") == 0) {
            column *c = new_column(t, f->name + strlen(prefix));
            const char *kind_name = strchr(f->value, ' ');

            if (kind_name == NULL || (size_t)atoi(f->value) + 1 != t->column_count)
                die_at(snapshot_path, f->line, "not the next column of %s", t->row);
            c->kind = kind_by_name(kind_name + 1);
            if (c->kind == NULL)
                die_at(snapshot_path, f->line, "no kind %s", kind_name + 1);
            c->oid = c->kind->oid;
            c->sql_type = c->kind->sql_type;
            c->comment = "Dropped: always NULL, never written.";
            c->nullable = 1;
            c->dropped = 1;
            c->since = f->since;
        }
        if (starts_with(f->name, prefix) && strcmp(f->kind, "value") == 0) {
            const char *dot = strchr(f->name + strlen(prefix), '.');
            column *c = NULL;

            if (dot != NULL) {
                const char *name = keep_text(f->name + strlen(prefix), (size_t)(dot - f->name) - strlen(prefix));
                int ordinal = column_ordinal(t, name);

                c = ordinal < 0 ? NULL : &t->columns[ordinal];
            }
            if (c == NULL || (size_t)atoi(f->value) != c->value_count + 1)
                die_at(snapshot_path, f->line, "not the next value of a column of %s", t->row);
            c->values = MORE(c->values, c->value_count);
            c->values[c->value_count++] = dot + 1;
        }
    }
}

_Noreturn static void
refuse(const column *c, const table *t, const char *what)
{
    die_at(c->place.file, c->place.line, "%s.%s: %s", t->name, c->name, what);
}

/* typmod is n + 4 of varchar(n), and (p << 16 | s) + 4 of numeric(p,s), where s has 11 bits with a sign since 15. */
void
read_type(const table *t, column *c, const char *schema, const char *pg_type, int typmod)
{
    const value_kind *k = strcmp(schema, "pg_catalog") == 0 ? kind_by_pg_type(pg_type) : NULL;

    if (k == NULL || k->of_operations)
        refuse(c, t, format("type %s has no C type", c->sql_type));
    c->kind = k;
    c->oid = k->oid;
    if (strcmp(pg_type, "varchar") == 0 && typmod >= 4)
        c->length = typmod - 4;
    if (strcmp(pg_type, "numeric") == 0) {
        if (typmod < 4)
            refuse(c, t, "numeric needs precision and scale, as in numeric(5,2)");
        c->length = (typmod - 4) >> 16 & 0xffff;
        c->scale = (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
        if (c->length > PRECISION_MAX || c->scale < 0 || c->scale > c->length)
            refuse(c, t, format("%s does not fit hg_decimal: at most %d digits, scale from 0 to the digits",
                                c->sql_type, PRECISION_MAX));
    }
}

static void
read_columns(const model *m, table *t)
{
    static const char sql[] =
        "SELECT a.attname, n.nspname, y.typname, a.atttypmod, format_type(a.atttypid, a.atttypmod),"
        "       a.attnotnull::int, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum),"
        "       (a.attgenerated <> '' OR a.attidentity = 'a')::int,"
        "       (SELECT string_agg(has_column_privilege(r.role, c.oid, a.attnum, p.privilege)::int::text, ''"
        "                          ORDER BY p.ordinality, r.ordinality)"
        "        FROM unnest(" ROLE_ARRAY ") WITH ORDINALITY r(role, ordinality),"
        "             unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) WITH ORDINALITY p(privilege, ordinality))"
        " FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " JOIN pg_type y ON y.oid = a.atttypid"
        " JOIN pg_namespace n ON n.oid = y.typnamespace"
        " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = $1"
        " ORDER BY a.attnum";
    rows r = database_ask(sql, &t->name, 1);

    for (int i = 0; i < r.count; i++) {
        const char *name = cell(&r, i, 0), *privileges = cell(&r, i, 9);
        int old = column_ordinal(t, name);
        column *c = old >= 0 ? &t->columns[old] : new_column(t, name);

        c->place = place_of_column(&m->migrations, t->name, name);
        c->dropped = 0;
        if (!is_name(name))
            refuse(c, t, "a column's name is lower-case letters, digits and underscores");
        if (t->column_count > COLUMNS_MAX)
            refuse(c, t, format("is column number %zu, and a mask has %d bits", t->column_count, COLUMNS_MAX));
        if (old < 0)
            c->since = m->version;
        c->sql_type = cell(&r, i, 4);
        read_type(t, c, cell(&r, i, 1), cell(&r, i, 2), cell_int(&r, i, 3));
        c->nullable = !cell_int(&r, i, 5);
        c->generated = cell_int(&r, i, 8);
        c->default_sql = c->generated ? NULL : cell(&r, i, 6);
        c->comment = cell(&r, i, 7);
        if (c->comment == NULL)
            refuse(c, t, "has no COMMENT ON COLUMN");
        c->values = NULL;
        c->value_count = 0;
        for (int role = 0; role < ROLES; role++) {
            c->readers |= (uint32_t)(privileges[role] == '1') << role;
            c->inserters |= (uint32_t)(privileges[ROLES + role] == '1' && !c->generated) << role;
            c->updaters |= (uint32_t)(privileges[2 * ROLES + role] == '1' && !c->generated) << role;
        }
        if (strcmp(name, "updated_at") == 0 || strcmp(name, "last_updated_at") == 0) {
            if (t->version_column >= 0 || strcmp(c->kind->name, "timestamp") != 0)
                refuse(c, t, "a table has one timestamp updated_at or last_updated_at");
            t->version_column = column_ordinal(t, name);
        }
    }
}

/* ---- Constraints ------------------------------------------------------------------------------------------------- */

/* The first column of a constraint or index: its name is the cell; NULL: none. */
static int
ordinal_of(const rows *r, int row, int at, const table *t)
{
    return cell(r, row, at) == NULL ? -1 : column_ordinal(t, cell(r, row, at));
}

static void
read_value_lists(table *t)
{
    rows r = database_ask("SELECT a.attname, pg_get_expr(k.conbin, k.conrelid)"
                          " FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid"
                          " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]"
                          " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = $1"
                          " AND k.contype = 'c' AND cardinality(k.conkey) = 1"
                          " ORDER BY k.conname COLLATE \"C\"", &t->name, 1);

    for (int i = 0; i < r.count; i++) {
        column *c = &t->columns[ordinal_of(&r, i, 0, t)];
        size_t count;
        const char **values;

        if (strcmp(c->kind->name, "text") != 0 && c->kind != &kind_enum)
            continue;
        values = read_value_list(cell(&r, i, 1), c->name, &count);
        if (values == NULL)
            continue;
        if (c->kind == &kind_enum)
            refuse(c, t, "two checks list its values");
        for (size_t v = 0; v < count; v++)
            if (values[v][0] == '\0'
                || values[v][strspn(values[v], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")]
                       != '\0')
                refuse(c, t, format("value '%s' has characters that a C name cannot have", values[v]));
        c->kind = &kind_enum;
        c->values = values;
        c->values_of = c->constant;
        c->value_count = count;
    }
}

/* An error of the server names a constraint, or a unique index that is none. Not-null constraints, which have names
 * since 18, are left out: such an error names the column. */
static void
read_constraints(table *t)
{
    rows r = database_ask(
        "SELECT k.conname COLLATE \"C\" AS name, a.attname"
        " FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid"
        " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = $1"
        " AND k.contype IN ('c', 'f', 'p', 'u', 'x')"
        " UNION ALL "
        "SELECT x.relname COLLATE \"C\", a.attname"
        " FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid"
        " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum ="
        "     coalesce(nullif(i.indkey[0]::int, 0), (SELECT min(d.refobjsubid) FROM pg_depend d"
        "         WHERE d.classid = 'pg_class'::regclass AND d.objid = x.oid AND d.refobjid = c.oid"
        "         AND d.refobjsubid > 0))"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = $1 AND i.indisunique"
        " AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.conrelid = c.oid)"
        " ORDER BY name", &t->name, 1);

    t->constraints = keep((size_t)(r.count + 1) * sizeof *t->constraints);
    t->constraint_count = (size_t)r.count;
    for (int i = 0; i < r.count; i++)
        t->constraints[i] = (constraint){ cell(&r, i, 0), ordinal_of(&r, i, 1, t) };
}

static key *
find_key(const table *t, const char *constant)
{
    for (size_t i = 0; i < t->key_count; i++)
        if (strcmp(t->keys[i].constant, constant) == 0)
            return &t->keys[i];
    return NULL;
}

static key *
add_key(table *t, const char *constant)
{
    t->keys = MORE(t->keys, t->key_count);
    t->keys[t->key_count].constant = constant;
    return &t->keys[t->key_count++];
}

/* Keys of last time keep their numbers; one that the database lost has no columns then, and check_append_only()
 * refuses it, since its constant is not written. */
static void
read_keys(const model *m, table *t)
{
    rows r = database_ask(
        "SELECT string_agg(a.attname, ',' ORDER BY k.conkey_ordinality)"
        " FROM (SELECT n.oid, n.conrelid, n.conkey, u.attnum, u.ordinality AS conkey_ordinality"
        "       FROM pg_constraint n, unnest(n.conkey) WITH ORDINALITY u(attnum, ordinality)"
        "       WHERE n.contype = 'u' AND NOT n.condeferrable) k"
        " JOIN pg_class c ON c.oid = k.conrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = $1"
        " GROUP BY k.oid, k.conkey ORDER BY k.conkey", &t->name, 1);
    const char *prefix = format("%s_KEY_", t->prefix);

    for (size_t i = 0; i < m->old.count; i++)
        if (strcmp(m->old.items[i].kind, "key") == 0 && starts_with(m->old.items[i].name, prefix))
            add_key(t, m->old.items[i].name);
    for (int i = 0; i < r.count; i++) {
        char *names = keep_text(cell(&r, i, 0), strlen(cell(&r, i, 0)));
        text joined = {0};
        uint64_t columns = 0;
        const char *constant;
        key *k;

        for (char *name = strtok(names, ","); name != NULL; name = strtok(NULL, ",")) {
            addf(&joined, "%s%s", joined.len > 0 ? "_" : "", name);
            columns |= UINT64_C(1) << column_ordinal(t, name);
        }
        constant = format("%s%s", prefix, upper(joined.ptr));
        k = find_key(t, constant);
        if (k == NULL)
            k = add_key(t, constant);
        k->name = joined.ptr;
        k->columns = columns;
    }
    for (size_t i = 0; i < t->key_count; i++)
        if (t->keys[i].columns == 0)
            die_at(t->place.file, t->place.line, "%s: the unique key %s of the last version is gone", t->name,
                   t->keys[i].constant);
}

/* ---- A table ----------------------------------------------------------------------------------------------------- */

/* Every call goes by an id, so it is uuid, the first column and the primary key. */
static void
check_id(const table *t)
{
    rows r = database_ask("SELECT a.attname, cardinality(k.conkey)"
                          " FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'"
                          " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]"
                          " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = $1", &t->name, 1);

    if (r.count != 1 || cell_int(&r, 0, 1) != 1 || strcmp(cell(&r, 0, 0), "id") != 0
        || strcmp(t->columns[0].name, "id") != 0 || strcmp(t->columns[0].kind->name, "uuid") != 0)
        die_at(t->place.file, t->place.line, "%s: the first column is id, a uuid and the primary key", t->name);
}

static void
read_table(const model *m, table *t)
{
    rows r = database_ask(
        "SELECT format('%I.%I', 'public', c.relname), obj_description(c.oid, 'pg_class'),"
        "       string_agg(has_table_privilege(r.role, c.oid, 'DELETE')::int::text, '' ORDER BY r.ordinality),"
        "       string_agg(has_column_privilege(r.role, c.oid, 'xmin', 'SELECT')::int::text, ''"
        "                  ORDER BY r.ordinality)"
        " FROM pg_class c, unnest(" ROLE_ARRAY ") WITH ORDINALITY r(role, ordinality)"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = $1"
        " GROUP BY c.oid, c.relname", &t->name, 1);

    if (r.count == 0)
        die_at(table_list, t->line, "the database has no table %s", t->name);
    t->relation = cell(&r, 0, 0);
    t->comment = cell(&r, 0, 1);
    if (t->comment == NULL)
        die_at(t->place.file, t->place.line, "%s: has no COMMENT ON TABLE", t->name);
    begin_with_old_columns(m, t);
    read_columns(m, t);
    check_id(t);
    read_value_lists(t);
    read_constraints(t);
    read_keys(m, t);

    t->columns[0].updaters = 0;
    t->deletable = UINT32_C(1) << OTHER;
    t->readable_version = UINT32_C(1) << OTHER;
    for (int role = 0; role < ROLES; role++)
        t->deletable |= (uint32_t)(cell(&r, 0, 2)[role] == '1') << role;
    if (t->version_column >= 0)
        t->readable_version |= t->columns[t->version_column].readers;
    else
        for (int role = 0; role < ROLES; role++)
            t->readable_version |= (uint32_t)(cell(&r, 0, 3)[role] == '1') << role;
}

void
read_catalogue(model *m)
{
    read_table_list(m);
    refuse_missing_roles();
    refuse_unlisted(m);
    for (size_t i = 0; i < m->table_count; i++)
        read_table(m, &m->tables[i]);
}

int
has_enum(const table *t)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (t->columns[i].kind == &kind_enum)
            return 1;
    return 0;
}

/* A login that is none of the roles may all that the server lets it, but what nobody may. */
uint64_t
role_mask(const table *t, int role, int privilege)
{
    uint64_t mask = 0;

    for (size_t i = 0; i < t->column_count; i++) {
        const column *c = &t->columns[i];
        uint32_t roles = privilege == MAY_READ ? c->readers : privilege == MAY_INSERT ? c->inserters : c->updaters;
        int may = (roles >> role & 1) != 0;

        if (role == OTHER)
            may = !c->dropped && (privilege == MAY_READ || (!c->generated && !t->is_view))
                  && (privilege != MAY_UPDATE || i > 0);
        mask |= (uint64_t)may << i;
    }
    return mask;
}
