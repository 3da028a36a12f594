/* keyset_sql.c - the rows behind a cursor, as conditions that an index can use.
 *
 * Behind (a, b, id) is what has the same a and b and an id behind it, then what has the same a and a b behind it, then what
 * has an a behind it; and with each column that may be NULL, where NULLs come last, those rows behind the others. As one OR
 * no index can use it: a page a million rows down would read the million. So it is taken apart into arms, of which each is a
 * range of an index, and all of whose rows come before those of the next:
 *
 *     a = $1 AND b IS NULL AND id > $2                of the cursor (1, NULL, ...)
 *     a > $1
 *     a IS NULL
 *
 * Sort keys that run in one direction are one row comparison, (a, id) > ($1, $2), which reads on exactly where the cursor
 * stands. Newest first, id ascending, the most frequent order, is no such: it has a bound, created_at <= $1, and reads the
 * rows that share the cursor's time once more; a second arm for them would cost every page another search.
 *
 * With a limit the arms are sub-selects under UNION ALL, each with the order and the limit: sql.c. Without, they are an OR,
 * and all that is left is read anyway. */
#include "query/query_int.h"

static const hg_column_info *
column_of(const hgi_run *run, int32_t i)
{
    return &run->query->table->info.columns[hgi_run_key(run, i).column];
}

static int
is_null(const hgi_run *run, int32_t i)
{
    return (run->null_keys >> i & 1) != 0;
}

/* Rows with NULL there come behind the cursor's. */
static int
nulls_follow(const hgi_run *run, int32_t i)
{
    return i < run->query->order.count && !is_null(run, i) && !hgi_run_key(run, i).nulls_first && column_of(run, i)->nullable;
}

static int
is_turned(const hgi_run *run, int32_t i, int32_t j)
{
    return hgi_run_key(run, i).descending != hgi_run_key(run, j).descending;
}

/* Whether key i is compared at once with those from i + 1 to last: all in one direction, or the last but the id with the id.
 * Not with a decimal behind it: under policies the server applies them before an operator that is not leakproof, as those of
 * decimals are not, and so the whole comparison would be no condition of an index. */
static int
joins(const hgi_run *run, int32_t i, int32_t last)
{
    if (is_null(run, i) || nulls_follow(run, i + 1) || column_of(run, i + 1)->kind == HG_KIND_DECIMAL)
        return 0;
    return (i + 1 == last && last == run->query->order.count) || (!is_turned(run, i, i + 1) && !is_turned(run, i, last));
}

int32_t
hgi_keyset_arms(const hgi_run *run, hgi_arm *arms)
{
    int32_t count = 0, first;

    if (run->query->cursor.len == 0)
        return 0;
    for (int32_t last = run->query->order.count; last >= 0; last = first - 1) {
        first = last;
        if (is_null(run, last)) {
            if (hgi_run_key(run, last).nulls_first)
                arms[count++] = (hgi_arm){ HGI_ARM_NOT_NULL, last, last };
            continue;
        }
        while (first > 0 && joins(run, first - 1, last))
            first--;
        arms[count++] = (hgi_arm){ HGI_ARM_BEHIND, first, last };
        if (nulls_follow(run, first))
            arms[count++] = (hgi_arm){ HGI_ARM_NULL, first, first };
    }
    return count;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------------- */

/* The argument that is the cursor's sort key i. */
static void
write_key(const hgi_run *run, int32_t i, hgi_buffer *sql)
{
    int32_t number = run->first_key;

    for (int32_t before = 0; before < i; before++)
        number += !is_null(run, before);
    hgi_write_param(sql, number);
}

static void
write_compare(const hgi_run *run, int32_t i, const char *op, hgi_buffer *sql)
{
    hgi_buffer_add_text(sql, column_of(run, i)->name);
    hgi_buffer_add_text(sql, op);
    write_key(run, i, sql);
}

static void
write_same(const hgi_run *run, int32_t i, hgi_buffer *sql)
{
    if (!is_null(run, i)) {
        write_compare(run, i, " = ", sql);
        return;
    }
    hgi_buffer_add_text(sql, column_of(run, i)->name);
    hgi_buffer_add_text(sql, " IS NULL");
}

/* (a, b, id) > ($1, $2, $3) */
static void
write_row(const hgi_run *run, const hgi_arm *arm, hgi_buffer *sql)
{
    for (int32_t i = arm->first; i <= arm->last; i++) {
        hgi_buffer_add_text(sql, i == arm->first ? "(" : ", ");
        hgi_buffer_add_text(sql, column_of(run, i)->name);
    }
    hgi_buffer_add_text(sql, hgi_run_key(run, arm->first).descending ? ") < " : ") > ");
    for (int32_t i = arm->first; i <= arm->last; i++) {
        hgi_buffer_add_text(sql, i == arm->first ? "(" : ", ");
        write_key(run, i, sql);
    }
    hgi_buffer_add_byte(sql, ')');
}

/* a <= $1 AND (a <> $1 OR id > $2). Had the second condition a < $1 instead, the server would count the rows behind the cursor's
 * as a share of a share, think that few are left, and read and sort all of them. */
static void
write_turned(const hgi_run *run, const hgi_arm *arm, int descending, hgi_buffer *sql)
{
    write_compare(run, arm->first, descending ? " <= " : " >= ", sql);
    hgi_buffer_add_text(sql, " AND (");
    write_compare(run, arm->first, " <> ", sql);
    hgi_buffer_add_text(sql, " OR ");
    write_compare(run, arm->last, descending ? " > " : " < ", sql);
    hgi_buffer_add_byte(sql, ')');
}

static void
write_behind(const hgi_run *run, const hgi_arm *arm, hgi_buffer *sql)
{
    int descending = hgi_run_key(run, arm->first).descending;

    if (arm->first == arm->last)
        write_compare(run, arm->first, descending ? " < " : " > ", sql);
    else if (is_turned(run, arm->first, arm->last))
        write_turned(run, arm, descending, sql);
    else
        write_row(run, arm, sql);
}

void
hgi_keyset_write_arm(const hgi_run *run, const hgi_arm *arm, hgi_buffer *sql)
{
    for (int32_t i = 0; i < arm->first; i++) {
        write_same(run, i, sql);
        hgi_buffer_add_text(sql, " AND ");
    }
    if (arm->kind == HGI_ARM_BEHIND) {
        write_behind(run, arm, sql);
        return;
    }
    hgi_buffer_add_text(sql, column_of(run, arm->first)->name);
    hgi_buffer_add_text(sql, arm->kind == HGI_ARM_NULL ? " IS NULL" : " IS NOT NULL");
}
