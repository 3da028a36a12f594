/* status.c - what stands applied and what is to come: the files of the build and the rows of the history side by side. */
#include "schema/schema_int.h"

#include <string.h>

static const char *
history_text(const hgi_history *history, int32_t row, int32_t column)
{
    size_t len;

    return hgi_result_cell(history->rows, row, column, &len);
}

static int32_t
history_count(const hgi_history *history)
{
    return history->rows != NULL ? hgi_result_rows(history->rows) : 0;
}

/* Fills what only the database knows. A cell that is NULL or no such value reads as 0. */
static void
add_history(hg_migration *m, const hgi_history *history, int32_t row)
{
    size_t len;
    const char *cell = hgi_result_cell(history->rows, row, HGI_HISTORY_APPLIED_AT, &len);

    if (cell == NULL || hgi_timestamp_decode(cell, len, &m->applied_at) != HGI_DECODED)
        m->applied_at = 0;
    cell = hgi_result_cell(history->rows, row, HGI_HISTORY_DURATION, &len);
    if (cell != NULL && len == 4)
        m->duration_ms = (int32_t)hgi_get32(cell);
}

static int32_t
state_of(const hgi_migration *file, const hgi_history *history, int32_t row)
{
    size_t len;
    const char *sum = hgi_result_cell(history->rows, row, HGI_HISTORY_CHECKSUM, &len);

    return sum != NULL && len == sizeof file->sha256 && memcmp(sum, file->sha256, len) == 0 ? HG_MIGRATION_APPLIED
                                                                                           : HG_MIGRATION_CHANGED;
}

static const char *
copy_text(hgi_arena *memory, const char *text)
{
    return hgi_arena_copy(memory, text, strlen(text));
}

/* The next of the two, whichever version is less; both at once where they are the same. */
static void
merge_next(hg_schema_plan *plan, const hgi_build *build, const hgi_history *history, int32_t *file, int32_t *row)
{
    hg_migration *m = &plan->rows[plan->count++];
    const char *version = *row < history_count(history) ? history_text(history, *row, HGI_HISTORY_VERSION) : NULL;
    int order = *file == build->migration_count ? 1
              : version == NULL ? -1 : strcmp(build->migrations[*file].version, version);

    *m = (hg_migration){ .struct_size = sizeof *m, .state = HG_MIGRATION_PENDING };
    if (order == 0)
        m->state = state_of(&build->migrations[*file], history, *row);
    if (order > 0)
        m->state = HG_MIGRATION_UNKNOWN;
    m->version = copy_text(&plan->memory, order > 0 ? version : build->migrations[*file].version);
    m->name = copy_text(&plan->memory, order > 0 ? history_text(history, *row, HGI_HISTORY_NAME)
                                                 : build->migrations[*file].name);
    if (order >= 0)
        add_history(m, history, (*row)++);
    if (order <= 0)
        (*file)++;
}

static hg_status
make_plan(const hgi_build *build, const hgi_history *history, hg_schema_plan *plan, hg_error *err)
{
    size_t most = (size_t)build->migration_count + (size_t)history_count(history);
    int32_t file = 0, row = 0;

    plan->history_exists = history->exists;
    plan->recorded = history_count(history);
    plan->rows = hgi_arena_alloc(&plan->memory, most * sizeof *plan->rows);
    if (plan->rows == NULL)
        return hgi_nomem(err);
    while (file < build->migration_count || row < history_count(history)) {
        const hg_migration *m = &plan->rows[plan->count];

        merge_next(plan, build, history, &file, &row);
        if (m->version == NULL || m->name == NULL)
            return hgi_nomem(err);
    }
    return HG_OK;
}

hg_status
hgi_schema_status_list(hg_conn *conn, const hgi_build *build, hg_schema_plan **out, hg_error *err)
{
    hgi_history history = { 0 };
    hg_schema_plan *plan = NULL;
    hg_status st = hgi_history_read(conn, &history, err);

    *out = NULL;
    if (st != HG_OK)
        goto out;
    plan = hgi_alloc_zero(sizeof *plan);
    st = plan != NULL ? make_plan(build, &history, plan, err) : hgi_nomem(err);
    if (st != HG_OK)
        goto out;
    *out = plan;
    plan = NULL;                           /* the caller's now */
out:
    hg_schema_plan_free(plan);
    hgi_result_free(history.rows);
    return st;
}

/* ---- Public ----------------------------------------------------------------------------------------------------- */

hg_status
hg_schema_status(hg_conn *conn, hg_schema_plan **out, hg_error *err)
{
    hgi_build build = hgi_own_build();
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = hgi_schema_usable(conn, err);
    if (st == HG_OK)
        st = hgi_schema_status_list(conn, &build, out, err);
    return st == HG_OK ? hgi_ok(err) : st;
}

const hg_migration *
hg_schema_plan_rows(const hg_schema_plan *plan, size_t *count, size_t *stride)
{
    if (count != NULL)
        *count = plan != NULL ? plan->count : 0;
    if (stride != NULL)
        *stride = sizeof(hg_migration);
    return plan != NULL ? plan->rows : NULL;
}

void
hg_schema_plan_free(hg_schema_plan *plan)
{
    if (plan == NULL)
        return;
    hgi_arena_free(&plan->memory);
    hgi_free(plan);
}
