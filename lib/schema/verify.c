/* verify.c - a live database against what this build was generated from: two sorted sets of lines, see catalogue.c; and the
 * tables that triggers keep against those that they are derived from, which the database itself compares.
 *
 * Lines of a table in public that this build does not know are somebody else's. Without the extension pg_trgm the
 * indexes that need it cannot be there, and are not missed. */
#include "schema/schema_int.h"

#include <string.h>

#include "schema/catalogue.h"

static const char extension[] = "extension pg_trgm";

hg_status
hgi_catalogue_read(hg_conn *conn, hgi_result **out, hg_error *err)
{
    hg_status st = hgi_schema_run(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err);

    *out = NULL;
    if (st == HG_OK)
        st = hgi_command(conn, hgi_catalogue_settings, HGI_CALL_BARE, NULL, err);
    if (st == HG_OK)
        st = hgi_command(conn, hgi_catalogue_sql, HGI_CALL_BARE, out, err);
    st = hgi_schema_end(conn, st, err);
    if (st != HG_OK) {
        hgi_result_free(*out);
        *out = NULL;
    }
    return st;
}

static const char *
found_line(const hgi_result *found, int32_t i)
{
    size_t len;

    return hgi_result_cell(found, i, 0, &len);
}

static int
has_line(const hgi_result *found, const char *line)
{
    for (int32_t i = 0; i < hgi_result_rows(found); i++)
        if (strcmp(found_line(found, i), line) == 0)
            return 1;
    return 0;
}

/* Whether the build has a line that begins with the first len bytes of line. */
static int
expects_prefix(const hgi_build *build, const char *line, size_t len)
{
    int32_t low = 0, high = build->line_count;

    while (low < high) {
        int32_t middle = low + (high - low) / 2;

        if (strncmp(build->lines[middle], line, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < build->line_count && strncmp(build->lines[low], line, len) == 0;
}

/* "public.jobs column ..." is about a relation: its name, with the space behind it. 0: about something else. */
static size_t
length_of_relation(const char *line)
{
    static const char schema[] = "public.";
    size_t len;

    if (strncmp(line, schema, sizeof schema - 1) != 0)
        return 0;
    len = strcspn(line, " ");
    return line[len] == ' ' ? len + 1 : len;
}

static int
is_foreign(const hgi_build *build, const char *line)
{
    size_t len = length_of_relation(line);

    return len > 0 && !expects_prefix(build, line, len);
}

static int
needs_extension(const char *line)
{
    return strcmp(line, extension) == 0 || strstr(line, "_trgm_ops") != NULL;
}

static void
add_difference(hgi_buffer *out, const char *what, const char *line)
{
    hgi_buffer_add_text(out, what);
    hgi_buffer_add_text(out, line);
    hgi_buffer_add_byte(out, '\n');
}

int32_t
hgi_catalogue_compare(const hgi_result *found, const hgi_build *build, hgi_buffer *out)
{
    int without_extension = !has_line(found, extension);
    int32_t count = 0, i = 0, k = 0;

    while (i < hgi_result_rows(found) || k < build->line_count) {
        int order = i == hgi_result_rows(found) ? 1
                  : k == build->line_count ? -1 : strcmp(found_line(found, i), build->lines[k]);

        if (order < 0 && !is_foreign(build, found_line(found, i))) {
            add_difference(out, "extra: ", found_line(found, i));
            count++;
        }
        if (order > 0 && !(without_extension && needs_extension(build->lines[k]))) {
            add_difference(out, "missing: ", build->lines[k]);
            count++;
        }
        i += order <= 0;
        k += order >= 0;
    }
    return count;
}

int
hgi_catalogue_has_tables(const hgi_result *found, const hgi_build *build)
{
    for (int32_t i = 0; i < hgi_result_rows(found); i++) {
        const char *line = found_line(found, i);

        if (length_of_relation(line) > 0 && !is_foreign(build, line))
            return 1;
    }
    return 0;
}

/* The table that a difference is about, if it is about one. */
static void
name_table(hg_error *err, const char *difference)
{
    const char *schema = strstr(difference, ": public.");
    size_t len;

    if (err == NULL || schema == NULL)
        return;
    schema += strlen(": public.");
    len = strcspn(schema, " \n");
    if (len >= sizeof err->table)
        return;
    memcpy(err->table, schema, len);
    err->table[len] = '\0';
}

hg_status
hgi_catalogue_fail(int32_t count, const hgi_buffer *differences, hg_error *err)
{
    size_t len;

    if (differences->failed)
        return hgi_nomem(err);
    len = strcspn(differences->ptr, "\n");
    hgi_fail(err, HG_E_SCHEMA, -1, "%d difference%s; %.*s", (int)count,
             count == 1 ? "" : "s", (int)len, differences->ptr);
    name_table(err, differences->ptr);
    return HG_E_SCHEMA;
}

/* Appends a line a derived table whose rows are not what they are derived from; their number is added to *count. */
static hg_status
compare_derived(hg_conn *conn, hgi_buffer *out, int32_t *count, hg_error *err)
{
    hgi_result *found = NULL;
    hg_status st = hgi_schema_run(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL ROLE hotgigs_owner", err);

    if (st == HG_OK)
        st = hgi_command(conn, "SELECT difference FROM hotgigs.derived_differences()", HGI_CALL_BARE, &found, err);
    st = hgi_schema_end(conn, st, err);
    for (int32_t i = 0; st == HG_OK && i < hgi_result_rows(found); i++) {
        add_difference(out, "derived: ", found_line(found, i));
        ++*count;
    }
    hgi_result_free(found);
    return st;
}

/* ---- Public ----------------------------------------------------------------------------------------------------- */

hg_status
hg_schema_verify(hg_conn *conn, hg_text **out, hg_error *err)
{
    hgi_build build = hgi_own_build();
    hgi_buffer differences = { 0 };
    hgi_result *found = NULL;
    hg_error first = { 0 };
    int32_t count;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = hgi_schema_usable(conn, err);
    if (st == HG_OK)
        st = hgi_catalogue_read(conn, &found, err);
    if (st != HG_OK)
        return st;

    count = hgi_catalogue_compare(found, &build, &differences);
    hgi_result_free(found);
    if (count == 0)
        st = compare_derived(conn, &differences, &count, err);
    if (st != HG_OK) {
        hgi_buffer_free(&differences);
        return st;
    }
    if (count > 0)
        hgi_catalogue_fail(count, &differences, &first);
    st = hgi_text_new(&differences, out, err);
    if (st != HG_OK || count == 0)
        return st;
    if (err != NULL)
        *err = first;
    return HG_E_SCHEMA;
}
