/* hotgigs-smoke - tries every table of a database, and leaves nothing behind.
 *
 * In one transaction that is rolled back: a row with every column filled goes into each of the tables,
 * parents first; it is read back and compared column by column, turned into JSON and back, changed,
 * and, children first, deleted. What the service may not do by design (nobody changes the audit
 * trail) must be refused. Rows are made from the library's own description of the tables, so a new
 * column is tried from the day it exists.
 *
 * New here: hg_table_describe and its columns, hg_row_column_text, hg_<singular>_draft_new with
 *           hg_draft_set_*, hg_<singular>_draft_rows, hg_<singular>_from_json; a savepoint a table.
 *
 * Run:      hotgigs-smoke [DSN]
 *           DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment.
 *           Exit status: 0 when every table passes, 1 when one fails, 2 when it could not be tried.
 *
 * Prints:   a line a table, and a last one, such as
 *     pass  users                  14 columns: insert get json update delete
 *     pass  audit_logs             10 columns: insert get json no-update no-delete
 *     fail  jobs                   29 columns: insert get compare: title comes back as another value
 *     24 tables passed, 1 failed
 */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The typed calls, with one signature for all tables -------------------------------------- */

typedef struct calls {
    const char *singular;
    int32_t     no_delete;      /* 1: not even the service may delete */
    hg_draft *(*draft_new)(void);
    hg_status (*insert)(hg_conn *, const hg_draft *, hg_error *);
    hg_status (*update)(hg_conn *, const hg_uuid *, const hg_draft *, hg_error *);
    hg_status (*get)(hg_conn *, const hg_uuid *, const void **, hg_error *);
    hg_status (*remove)(hg_conn *, const hg_uuid *, hg_error *);
    hg_status (*to_json)(const void *, hg_text **, hg_error *);
    hg_status (*from_json)(const char *, size_t, hg_draft **, hg_error *);
    const void *(*row_of)(const hg_draft *, uint64_t *set);
    void      (*free_row)(const void *);
} calls;

/* Each table has its own row type, and C cannot call through a pointer of another type: so a door each. */
#define DOORS(singular)                                                                                  \
    static hg_status singular##_insert(hg_conn *conn, const hg_draft *draft, hg_error *err)               \
    {                                                                                                     \
        uint64_t set;                                                                                     \
        const hg_##singular *row = hg_##singular##_draft_rows(draft, NULL, NULL, &set);                    \
        return hg_##singular##_insert(conn, row, set, NULL, err);                                          \
    }                                                                                                     \
    static hg_status singular##_update(hg_conn *conn, const hg_uuid *id, const hg_draft *draft,           \
                                       hg_error *err)                                                     \
    {                                                                                                     \
        uint64_t set;                                                                                     \
        const hg_##singular *row = hg_##singular##_draft_rows(draft, NULL, NULL, &set);                    \
        return hg_##singular##_update(conn, id, row, set, NULL, err);                                      \
    }                                                                                                     \
    static hg_status singular##_get(hg_conn *conn, const hg_uuid *id, const void **out, hg_error *err)    \
    {                                                                                                     \
        const hg_##singular *row = NULL;                                                                   \
        hg_status st = hg_##singular##_get(conn, id, &row, err);                                           \
        *out = row;                                                                                       \
        return st;                                                                                        \
    }                                                                                                     \
    static hg_status singular##_to_json(const void *row, hg_text **out, hg_error *err)                    \
    {                                                                                                     \
        return hg_##singular##_to_json(row, out, err);                                                     \
    }                                                                                                     \
    static const void *singular##_row_of(const hg_draft *draft, uint64_t *set)                            \
    {                                                                                                     \
        return hg_##singular##_draft_rows(draft, NULL, NULL, set);                                         \
    }                                                                                                     \
    static void singular##_free(const void *row)                                                          \
    {                                                                                                     \
        hg_##singular##_free(row);                                                                         \
    }

#define CALLS(singular, no_delete)                                                                       \
    { #singular, no_delete, hg_##singular##_draft_new, singular##_insert, singular##_update,              \
      singular##_get, hg_##singular##_delete, singular##_to_json, hg_##singular##_from_json,              \
      singular##_row_of, singular##_free }

DOORS(user) DOORS(user_profile) DOORS(oauth_account) DOORS(company) DOORS(company_member) DOORS(job)
DOORS(job_skill) DOORS(candidate_profile) DOORS(candidate_experience) DOORS(candidate_education)
DOORS(application) DOORS(application_timeline) DOORS(interview) DOORS(ai_interview_session)
DOORS(document) DOORS(ai_job_match) DOORS(ai_resume_analysis) DOORS(freelance_recruiter)
DOORS(referral) DOORS(analytics_event) DOORS(system_metric) DOORS(notification) DOORS(email_log)
DOORS(task) DOORS(audit_log)

static const calls all_calls[] = {
    CALLS(user, 0), CALLS(user_profile, 0), CALLS(oauth_account, 0), CALLS(company, 0),
    CALLS(company_member, 0), CALLS(job, 0), CALLS(job_skill, 0), CALLS(candidate_profile, 0),
    CALLS(candidate_experience, 0), CALLS(candidate_education, 0), CALLS(application, 0),
    CALLS(application_timeline, 1), CALLS(interview, 0), CALLS(ai_interview_session, 0),
    CALLS(document, 0), CALLS(ai_job_match, 0), CALLS(ai_resume_analysis, 0),
    CALLS(freelance_recruiter, 0), CALLS(referral, 0), CALLS(analytics_event, 0),
    CALLS(system_metric, 0), CALLS(notification, 0), CALLS(email_log, 0), CALLS(task, 0),
    CALLS(audit_log, 1),
};
enum { TABLES = sizeof all_calls / sizeof all_calls[0] };

/* What is known of one table's try. */
typedef struct trial {
    const calls         *calls;
    const hg_table_info *info;
    hg_uuid              id;
    char                 savepoint[64];
    char                 done[96];      /* the steps that passed */
    char                 failure[480];  /* the one that did not, or "" */
} trial;

static const calls *
calls_of(const char *singular)
{
    for (size_t i = 0; i < TABLES; i++)
        if (strcmp(all_calls[i].singular, singular) == 0)
            return &all_calls[i];
    return NULL;
}

static const hg_column_info *
column_at(const hg_table_info *info, int32_t i)
{
    return (const hg_column_info *)(const void *)((const char *)info->columns +
                                                  (size_t)i * info->column_stride);
}

/* ---- A row of any table ---------------------------------------------------------------------- */

/* The row that a foreign key is to point to, by the schema's habits in naming them. */
static const hg_uuid *
parent_of(const trial *trials, const char *column, const hg_uuid *self)
{
    if (strcmp(column, "id") == 0)
        return self;
    if (strcmp(column, "company_id") == 0)
        return &trials[HG_TABLE_COMPANIES].id;
    if (strcmp(column, "job_id") == 0)
        return &trials[HG_TABLE_JOBS].id;
    if (strcmp(column, "candidate_id") == 0)
        return &trials[HG_TABLE_CANDIDATE_PROFILES].id;
    if (strstr(column, "application_id") != NULL)
        return &trials[HG_TABLE_APPLICATIONS].id;
    if (strcmp(column, "document_id") == 0)
        return &trials[HG_TABLE_DOCUMENTS].id;
    if (strcmp(column, "recruiter_id") == 0)
        return &trials[HG_TABLE_FREELANCE_RECRUITERS].id;
    return &trials[HG_TABLE_USERS].id;
}

/* A value that fits any column of its kind; round tells the one inserted from the one updated to. */
static hg_status
fill(hg_draft *draft, const trial *trials, const trial *t, int32_t column, int32_t round, hg_error *err)
{
    const hg_column_info *info = column_at(t->info, column);
    char text[HG_UUID_TEXT_SIZE];               /* unique, for e-mail and slug; cut where it must be */
    hg_decimal decimal = { .unscaled = 125 + round, .scale = info->scale };
    hg_inet inet = { .bytes = { 192, 0, 2, 1 }, .family = 4, .prefix = 32 };
    static const char list[] = "oneδύο";
    static const uint64_t ends[] = { 3, 3, sizeof list - 1 };       /* "one", NULL, "δύο" */
    static const uint8_t nulls[] = { 2 };
    static const char *const json[] = { "{\"a\": [1, null]}", "[1, \"два\"]" };    /* as jsonb prints */
    hg_uuid random;
    size_t len = HG_UUID_TEXT_SIZE - 1;

    inet.bytes[3] = (uint8_t)(7 + round);
    switch (info->kind) {
    case HG_KIND_UUID:
        return hg_draft_set_uuid(draft, column, parent_of(trials, info->name, &t->id), err);
    case HG_KIND_TEXT:
        hg_uuid_random(&random);
        hg_uuid_to_text(&random, text, sizeof text, NULL);
        if (info->length > 0 && len > (size_t)info->length)
            len = (size_t)info->length;
        return hg_draft_set_text(draft, column, text, len, err);
    case HG_KIND_ENUM:                          /* not the first: it is "admin", and the last one stays */
        return hg_draft_set_enum(draft, column, info->value_count - round, err);
    case HG_KIND_JSON:
        return hg_draft_set_json(draft, column, json[round], strlen(json[round]), err);
    case HG_KIND_INT:
        return hg_draft_set_int(draft, column, 7 + round, err);
    case HG_KIND_BOOL:
        return hg_draft_set_bool(draft, column, !round, err);
    case HG_KIND_DECIMAL:
        return hg_draft_set_decimal(draft, column, &decimal, err);
    case HG_KIND_TIMESTAMP:
        return hg_draft_set_time(draft, column, INT64_C(1763806630123456) + round, err);
    case HG_KIND_DATE:
        return hg_draft_set_date(draft, column, 20414 + round, err);
    case HG_KIND_TEXT_LIST:
        return hg_draft_set_text_list(draft, column, list, ends, nulls, 3, err);
    case HG_KIND_INET:
        return hg_draft_set_inet(draft, column, &inet, err);
    default:
        return HG_E_INVALID;                    /* a kind that this program is too old to know */
    }
}

/* A draft of the columns that the service may insert (round 0) or update (round 1). Yours. */
static hg_status
draft_of(const trial *trials, const trial *t, int32_t round, hg_draft **out, int *columns, hg_error *err)
{
    hg_draft *draft = t->calls->draft_new();
    hg_status st = draft != NULL ? HG_OK : HG_E_NOMEM;

    *columns = 0;
    for (int32_t i = 0; st == HG_OK && i < t->info->column_count; i++) {
        const hg_column_info *info = column_at(t->info, i);
        uint32_t who = round == 0 ? info->inserters : info->updaters;

        if (who & HG_BIT(HG_ROLE_SERVICE)) {
            st = fill(draft, trials, t, i, round, err);
            *columns += 1;
        }
    }
    if (st != HG_OK) {
        hg_draft_free(draft);
        draft = NULL;
    }
    *out = draft;
    return st;
}

/* ---- The steps of a trial -------------------------------------------------------------------- */

static hg_status
failed(trial *t, const char *step, const char *why)
{
    if (t->failure[0] == '\0')
        snprintf(t->failure, sizeof t->failure, "%s: %s", step, why);
    return HG_E_INTERNAL;
}

static hg_status
passed(trial *t, const char *step, hg_status st, const hg_error *err)
{
    if (st != HG_OK) {
        char why[400];

        snprintf(why, sizeof why, "%s: %s", hg_status_name(st), err->message);
        return failed(t, step, why);
    }
    strncat(t->done, t->done[0] ? " " : "", sizeof t->done - strlen(t->done) - 1);
    strncat(t->done, step, sizeof t->done - strlen(t->done) - 1);
    return HG_OK;
}

/* Whether what the draft sets is the same in got, but for what the role may not read and skip. */
static hg_status
same(trial *t, const hg_draft *draft, const void *got, uint64_t skip)
{
    uint64_t set;
    const void *want = t->calls->row_of(draft, &set);
    hg_status st = HG_OK;

    for (int32_t i = 0; st == HG_OK && i < t->info->column_count; i++) {
        const hg_column_info *info = column_at(t->info, i);
        hg_text *a = NULL, *b = NULL;
        hg_error err;

        if (!(set & HG_BIT(i)) || (skip & HG_BIT(i)) || !(info->readers & HG_BIT(HG_ROLE_SERVICE)))
            continue;
        st = hg_row_column_text(t->info->table, want, i, &a, &err);
        if (st == HG_OK)
            st = hg_row_column_text(t->info->table, got, i, &b, &err);
        if (st != HG_OK)
            st = failed(t, "hg_row_column_text", err.message);
        else if (strcmp(hg_text_ptr(a), hg_text_ptr(b)) != 0) {
            char why[100];

            snprintf(why, sizeof why, "%s comes back as another value", info->name);
            st = failed(t, "compare", why);
        }
        hg_text_free(a);
        hg_text_free(b);
    }
    return st;
}

/* The row as JSON, and from it a draft that holds the same. */
static hg_status
round_trip_json(trial *t, const void *row, hg_error *err)
{
    hg_text *json = NULL;
    hg_draft *draft = NULL;
    hg_status st = t->calls->to_json(row, &json, err);

    if (st == HG_OK)
        st = t->calls->from_json(hg_text_ptr(json), hg_text_len(json), &draft, err);
    st = passed(t, "json", st, err);
    if (st == HG_OK)
        st = same(t, draft, row, 0);
    hg_draft_free(draft);
    hg_text_free(json);
    return st;
}

/* Columns that a trigger writes, whatever an update says. */
static uint64_t
kept_by_triggers(const hg_table_info *info)
{
    return info->version_column >= 0 ? HG_BIT(info->version_column) : 0;
}

static void
try_table(hg_conn *conn, const trial *trials, trial *t)
{
    hg_draft *draft = NULL, *change = NULL;
    const void *row = NULL, *changed = NULL;
    hg_error err = { 0 };
    int columns;
    hg_status st;

    st = draft_of(trials, t, 0, &draft, &columns, &err);
    if (st == HG_OK)
        st = t->calls->insert(conn, draft, &err);
    st = passed(t, "insert", st, &err);
    if (st != HG_OK)
        goto out;

    st = passed(t, "get", t->calls->get(conn, &t->id, &row, &err), &err);
    if (st == HG_OK)
        st = same(t, draft, row, 0);
    if (st == HG_OK)
        st = round_trip_json(t, row, &err);
    if (st == HG_OK)
        st = draft_of(trials, t, 1, &change, &columns, &err);
    if (st != HG_OK)
        goto out;

    if (columns == 0) {                         /* nobody changes these rows: it must be refused */
        st = t->calls->update(conn, &t->id, draft, &err);
        if (st == HG_OK)
            failed(t, "update", "is not refused");
        else
            passed(t, "no-update", HG_OK, &err);
        goto out;
    }
    st = t->calls->update(conn, &t->id, change, &err);
    if (st == HG_OK)
        st = t->calls->get(conn, &t->id, &changed, &err);
    st = passed(t, "update", st, &err);
    if (st == HG_OK)
        same(t, change, changed, kept_by_triggers(t->info));
out:
    t->calls->free_row(changed);
    t->calls->free_row(row);
    hg_draft_free(change);
    hg_draft_free(draft);
}

static void
try_delete(hg_conn *conn, trial *t)
{
    const void *row = NULL;
    hg_error err = { 0 };
    hg_status st = t->calls->remove(conn, &t->id, &err);

    if (t->calls->no_delete && st == HG_E_DENIED)
        passed(t, "no-delete", HG_OK, &err);
    else if (t->calls->no_delete)
        failed(t, "delete", "is not refused");
    else if (passed(t, "delete", st, &err) == HG_OK &&
             t->calls->get(conn, &t->id, &row, &err) != HG_E_NOT_FOUND)
        failed(t, "delete", "the row is still there");
    t->calls->free_row(row);
}

/* ---- All tables ------------------------------------------------------------------------------ */

int
main(int argc, char **argv)
{
    const char *dsn = argc > 1 ? argv[1] : getenv("HOTGIGS_SERVICE_DSN");
    static trial trials[TABLES];
    int32_t count = hg_table_count() < TABLES ? hg_table_count() : TABLES;
    hg_conn *conn = NULL;
    hg_error err = { 0 };
    int tried = 0, failures = 0;
    hg_status st;

    st = hg_conn_open(dsn, NULL, &conn, &err);
    if (st == HG_OK)
        st = hg_tx_begin(conn, NULL, &err);
    if (st != HG_OK)
        goto out;

    for (int32_t i = 0; i < count; i++) {
        trials[i].info = hg_table_describe(i);
        trials[i].calls = calls_of(trials[i].info->singular);
        hg_uuid_new(&trials[i].id);
        snprintf(trials[i].savepoint, sizeof trials[i].savepoint, "before_%s", trials[i].info->singular);
    }
    /* Parents have the lower numbers. A failed statement spoils the transaction up to a savepoint, so
     * a table that fails goes back to its own, and fails those that need its row, which is right. */
    for (int32_t i = 0; st == HG_OK && i < count; i++) {
        st = hg_tx_savepoint(conn, trials[i].savepoint, &err);
        if (st == HG_OK)
            try_table(conn, trials, &trials[i]);
        if (st == HG_OK && trials[i].failure[0] != '\0')
            st = hg_tx_rollback_to(conn, trials[i].savepoint, &err);
        tried++;
    }
    for (int32_t i = count - 1; st == HG_OK && i >= 0; i--) {
        if (trials[i].failure[0] == '\0')
            try_delete(conn, &trials[i]);
        st = hg_tx_rollback_to(conn, trials[i].savepoint, &err);    /* and what stays goes anyway */
    }
    for (int32_t i = 0; i < tried; i++) {
        const trial *t = &trials[i];

        printf("%s  %-22s %d columns: %s%s%s\n", t->failure[0] ? "fail" : "pass", t->info->name,
               (int)t->info->column_count, t->done, t->failure[0] && t->done[0] ? " " : "", t->failure);
        failures += t->failure[0] != '\0';
    }
    printf("%d tables passed, %d failed\n", tried - failures, failures);
out:
    if (st != HG_OK)
        fprintf(stderr, "hotgigs-smoke: %s: %s\n", hg_status_name(st), err.message);
    hg_conn_close(conn);                        /* rolls back */
    return st != HG_OK ? 2 : failures != 0;
}
