/* read_relations.c - which rows of other tables belong to a row: the foreign keys, each seen from both sides.
 *
 *     jobs.company_id       HG_REL_JOB_COMPANY            to one: the column without _id
 *                           HG_REL_COMPANY_JOBS           to many: the table that refers
 *     tasks.assigned_to     HG_REL_TASK_ASSIGNED_TO
 *                           HG_REL_USER_TASKS_BY_ASSIGNED_TO   ... by which column, where it refers twice
 *
 * Numbers and names are given once: those of the snapshot come first, as they were. */
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

static int
table_index(const model *m, const char *name)
{
    for (size_t i = 0; i < m->table_count; i++)
        if (strcmp(m->tables[i].name, name) == 0)
            return (int)i;
    return -1;
}

static relation *
add_relation(table *t, const char *constant)
{
    t->relations = MORE(t->relations, t->relation_count);
    t->relations[t->relation_count].constant = constant;
    t->relations[t->relation_count].table = -1;
    return &t->relations[t->relation_count++];
}

/* "3 users.id tasks.assigned_to": what the snapshot says of one, behind its name. */
static char *
ends_text(const model *m, const table *t, const relation *of)
{
    const table *other = &m->tables[of->table];

    return format("%s.%s %s.%s", t->name, t->columns[of->column].name, other->name, other->columns[of->other].name);
}

/* Those of last time that are this table's, in their order; they wait for their ends. */
static void
begin_with_old_relations(const model *m, table *t, const char ***ends)
{
    for (size_t i = 0; i < m->old.count; i++) {
        const fact *f = &m->old.items[i];
        const char *at = strchr(f->value, ' ');

        if (strcmp(f->kind, "relation") != 0)
            continue;
        if (at == NULL)
            die_at(snapshot_path, f->line, "not a number and two columns");
        if (!starts_with(at + 1, format("%s.", t->name)))
            continue;
        if ((size_t)atoi(f->value) != t->relation_count)
            die_at(snapshot_path, f->line, "not the next relation of %s", t->name);
        *ends = MORE(*ends, t->relation_count);
        (*ends)[t->relation_count] = at + 1;
        add_relation(t, f->name)->name = NULL;
    }
}

static void
give_name(const char *prefix, relation *r, const char *name)
{
    if (r->constant == NULL)
        r->constant = format("%s%s", prefix, upper(name));
    r->name = NULL;
    if (starts_with(r->constant, prefix)) {
        char *lower = keep_text(r->constant + strlen(prefix), strlen(r->constant) - strlen(prefix));

        for (char *p = lower; *p != '\0'; p++)
            if (*p >= 'A' && *p <= 'Z')
                *p = (char)(*p - 'A' + 'a');
        r->name = lower;
    }
}

static void
place_relation(const model *m, table *t, relation made, const char *name, const char **ends, size_t old)
{
    const char *prefix = format("HG_REL_%s_", upper(t->singular));
    const char *text_of = ends_text(m, t, &made);
    relation *r = NULL;

    for (size_t i = 0; i < old; i++)
        if (strcmp(ends[i], text_of) == 0)
            r = &t->relations[i];
    if (r == NULL)
        r = add_relation(t, NULL);
    made.constant = r->constant;
    made.number = m->tables[made.table].number;
    made.other_constant = m->tables[made.table].columns[made.other].constant;
    *r = made;
    give_name(prefix, r, name);
}

static const char *
without_id(const char *name)
{
    return ends_with(name, "_id") ? keep_text(name, strlen(name) - strlen("_id")) : name;
}

/* Whether the referring table refers to the other one by another column, too. */
static int
is_ambiguous(const rows *all, int row)
{
    for (int i = 0; i < all->count; i++)
        if (i != row && strcmp(cell(all, i, 0), cell(all, row, 0)) == 0
            && strcmp(cell(all, i, 2), cell(all, row, 2)) == 0)
            return 1;
    return 0;
}

static void
read_of(const model *m, table *t, const rows *all)
{
    const char **ends = NULL;
    size_t old;

    begin_with_old_relations(m, t, &ends);
    old = t->relation_count;
    for (int i = 0; i < all->count; i++) {                       /* to one */
        int other = table_index(m, cell(all, i, 2));
        const char *name = cell(all, i, 1);

        if (strcmp(cell(all, i, 0), t->name) != 0 || other < 0)
            continue;
        place_relation(m, t, (relation){ .table = other, .column = column_ordinal(t, name), .other = 0,
                                         .comment = format("the %s of %s", spaced(m->tables[other].singular), name) },
                       without_id(name), ends, old);
    }
    for (size_t from = 0; from < m->table_count; from++)         /* to many */
        for (int i = 0; i < all->count; i++) {
            const table *child = &m->tables[from];
            const char *name = child->name;

            if (strcmp(cell(all, i, 2), t->name) != 0 || strcmp(cell(all, i, 0), child->name) != 0)
                continue;
            if (is_ambiguous(all, i))
                name = format("%s_by_%s", child->name, without_id(cell(all, i, 1)));
            place_relation(m, t, (relation){ .table = (int)from, .column = 0,
                                             .other = column_ordinal(child, cell(all, i, 1)),
                                             .comment = format("the %s whose %s it is", spaced(child->name),
                                                               cell(all, i, 1)) },
                           name, ends, old);
        }
    for (size_t i = 0; i < old; i++)
        if (t->relations[i].table < 0)
            die_at(t->place.file, t->place.line, "%s: the foreign key behind %s of the last version is gone", t->name,
                   t->relations[i].constant);
}

void
read_relations(model *m)
{
    rows all = database_ask(
        "SELECT c.relname, a.attname, p.relname"
        " FROM pg_constraint k"
        " JOIN pg_class c ON c.oid = k.conrelid AND c.relnamespace = 'public'::regnamespace"
        " JOIN pg_class p ON p.oid = k.confrelid AND p.relnamespace = 'public'::regnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]"
        " JOIN pg_attribute i ON i.attrelid = p.oid AND i.attnum = k.confkey[1] AND i.attname = 'id'"
        " WHERE k.contype = 'f' AND cardinality(k.conkey) = 1"
        " ORDER BY c.relname COLLATE \"C\", a.attnum, p.relname COLLATE \"C\"", NULL, 0);

    for (size_t i = 0; i < m->table_count; i++)
        read_of(m, &m->tables[i], &all);
}
