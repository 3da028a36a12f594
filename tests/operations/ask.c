/* ask.c - see ask.h. */
#include "operations/ask.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the last ask(): a JSON array of rows, or NULL; and a count. */
static char *last;
static int64_t last_count;

static const hg_operation_info *
find(const char *name)
{
    for (int32_t i = 0; i < hg_operation_count(); i++)
        if (strcmp(hg_operation_describe(i)->name, name) == 0)
            return hg_operation_describe(i);
    ck_abort_msg("there is no operation %s", name);
    return NULL;
}

static hg_draft *
params_of(const hg_operation_info *op, const char *text)
{
    char *json = fixture_text("%s", text);
    hg_draft *draft = NULL;

    for (char *c = json; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    ck_ok(hg_operation_params_from_json(op, json, strlen(json), &draft, &err), err);
    return draft;
}

/* What came back, before it is text: threads may not touch the fixture's memory. */
typedef struct outcome {
    const void        *row;
    hg_operation_list *list;
    int64_t            count;
} outcome;

static hg_status
run(hg_conn *conn, const hg_operation_info *op, const void *params, outcome *out, hg_error *error)
{
    switch (op->rows) {
    case HG_ROWS_ONE:
    case HG_ROWS_MAYBE: return hg_operation_run_row(conn, op, params, &out->row, error);
    case HG_ROWS_MANY:  return hg_operation_run_list(conn, op, params, &out->list, error);
    case HG_ROWS_COUNT: return hg_operation_run_count(conn, op, params, &out->count, error);
    default:            return hg_operation_run(conn, op, params, error);
    }
}

static char *
text_of(const hg_operation_info *op, const outcome *out)
{
    size_t rows = out->row != NULL ? 1 : hg_operation_list_count(out->list), length = 0;
    char *written = NULL, *text;
    FILE *to = open_memstream(&written, &length);

    ck_assert_ptr_nonnull(to);
    fputc('[', to);
    for (size_t i = 0; i < rows; i++) {
        hg_text *json = NULL;
        const void *row = out->row != NULL ? out->row : hg_operation_list_at(out->list, i);

        ck_ok(hg_operation_row_to_json(op, row, &json, &err), err);
        fprintf(to, "%s%s", i > 0 ? "," : "", hg_text_ptr(json));
        hg_text_free(json);
    }
    fputc(']', to);
    fclose(to);
    text = fixture_text("%s", written);
    free(written);
    return text;
}

static void
forget(outcome *out)
{
    hg_operation_row_free(out->row);
    hg_operation_list_free(out->list);
}

hg_status
ask(hg_conn *conn, const char *operation, const char *params, ...)
{
    const hg_operation_info *op = find(operation);
    outcome out = { NULL, NULL, 0 };
    hg_draft *draft;
    uint64_t trips;
    char *text;
    va_list args;
    hg_status st;
    int len;

    va_start(args, params);
    len = vsnprintf(NULL, 0, params, args);
    va_end(args);
    text = fixture_memory((size_t)len + 1);
    va_start(args, params);
    vsnprintf(text, (size_t)len + 1, params, args);
    va_end(args);

    draft = params_of(op, text);
    trips = conn_stats(conn).round_trips;
    st = run(conn, op, hg_operation_draft_params(op, draft), &out, &err);
    trips = conn_stats(conn).round_trips - trips;
    hg_draft_free(draft);
    ck_assert_msg(trips <= 1, "%s took %d round trips", operation, (int)trips);
    last = NULL;
    last_count = out.count;
    if (st == HG_OK) {
        hg_error kept = err;

        last = text_of(op, &out);
        err = kept;
    }
    forget(&out);
    return st;
}

hg_status
ask_bare(hg_conn *conn, const char *operation)
{
    outcome out = { NULL, NULL, 0 };
    hg_status st = run(conn, find(operation), NULL, &out, &err);

    forget(&out);
    return st;
}

const char *
answer_at(int i, const char *member)
{
    cJSON *rows = cJSON_Parse(last != NULL ? last : "[]");
    const cJSON *cell = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(rows, i), member);
    const char *text = NULL;

    ck_assert_msg(cell != NULL, "the answer has no %s in row %d: %s", member, i, last != NULL ? last : "nothing");
    if (cJSON_IsString(cell)) {
        text = fixture_text("%s", cell->valuestring);
    } else if (!cJSON_IsNull(cell)) {
        char *printed = cJSON_PrintUnformatted(cell);

        text = fixture_text("%s", printed);
        cJSON_free(printed);
    }
    cJSON_Delete(rows);
    return text;
}

const char *
answer(const char *member)
{
    return answer_at(0, member);
}

int
answer_count(void)
{
    cJSON *rows = cJSON_Parse(last != NULL ? last : "[]");
    int count = cJSON_GetArraySize(rows);

    cJSON_Delete(rows);
    return count > 0 ? count : (int)last_count;
}

hg_uuid
answer_uuid(const char *member)
{
    const char *text = answer(member);
    hg_uuid id = { { 0 } };

    ck_assert_ptr_nonnull(text);
    ck_ok(hg_uuid_parse(text, strlen(text), &id, &err), err);
    return id;
}

void
act_as(int32_t role, const hg_uuid *user)
{
    hg_identity who = identity(role, user);

    ck_ok(hg_session_enter(tenant, &who, &err), err);
}

/* ---- Several at once ------------------------------------------------------------------------------------------------ */

typedef struct runner {
    caller                  *of;
    const hg_operation_info *op;
    const void              *params;
    pthread_barrier_t       *start;
    outcome                  out;
} runner;

static void *
run_one(void *arg)
{
    runner *r = arg;

    pthread_barrier_wait(r->start);
    r->of->status = run(r->of->conn, r->op, r->params, &r->out, &r->of->err);
    return NULL;
}

void
at_once(caller *callers, int n, const char *operation)
{
    const hg_operation_info *op = find(operation);
    runner runners[CROWD * 2];
    hg_draft *drafts[CROWD * 2];
    pthread_t threads[CROWD * 2];
    pthread_barrier_t start;

    ck_assert_int_le(n, CROWD * 2);
    pthread_barrier_init(&start, NULL, (unsigned)n);
    for (int i = 0; i < n; i++) {
        caller *c = &callers[i];

        c->conn = fixture_conn(fixture_dsn(c->role == HG_ROLE_SERVICE ? "SERVICE" : "LOGIN"), NULL);
        if (c->role != HG_ROLE_SERVICE) {
            hg_identity who = identity(c->role, &c->user);

            ck_ok(hg_session_enter(c->conn, &who, &err), err);
        }
        drafts[i] = params_of(op, c->params);
        runners[i] = (runner){ .of = c, .op = op, .params = hg_operation_draft_params(op, drafts[i]), .start = &start };
    }
    for (int i = 0; i < n; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, run_one, &runners[i]), 0);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    for (int i = 0; i < n; i++) {
        callers[i].answer = callers[i].status == HG_OK ? text_of(op, &runners[i].out) : NULL;
        callers[i].count = runners[i].out.count;
        forget(&runners[i].out);
        hg_draft_free(drafts[i]);
        hg_session_leave(callers[i].conn);
        fixture_done(callers[i].conn);
    }
}

int
how_many(const caller *callers, int n, hg_status status)
{
    int found = 0;

    for (int i = 0; i < n; i++)
        found += callers[i].status == status;
    return found;
}
