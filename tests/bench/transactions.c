/* transactions.c - five statements that belong together, as a mail goes out: it is written down and then marked as sent, the
 * application's timeline gets a step, and an event and a metric are counted.
 *
 * None of these tables has an audit trail or a helper to be asked: the server does little, so that the client's part is seen.
 * Both sides name the same columns, and look whether the update has found its row. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static hg_uuid *application_ids;
static size_t application_count, next;

#define TEXT(literal) { literal, sizeof literal - 1 }

void
transactions_prepare(PGconn *pg)
{
    libpq_prepare_one(pg, "mail", "INSERT INTO public.email_logs (id, email_type, recipient_email, subject)"
                                  " VALUES ($1, $2, $3, $4)", 4);
    libpq_prepare_one(pg, "sent", "UPDATE public.email_logs SET status = $2, provider_message_id = $3 WHERE id = $1", 3);
    libpq_prepare_one(pg, "step", "INSERT INTO public.application_timeline (id, application_id, status, notes)"
                                  " VALUES ($1, $2, $3, $4)", 4);
    libpq_prepare_one(pg, "visit", "INSERT INTO public.analytics_events (id, event_type, event_data) VALUES ($1, $2, $3)", 3);
    libpq_prepare_one(pg, "metric", "INSERT INTO public.system_metrics (id, metric_name, metric_unit) VALUES ($1, $2, $3)", 3);
}

void
transactions_open(bench *b)
{
    application_ids = bench_read_ids(b->pg, "SELECT id FROM public.applications ORDER BY id LIMIT 20000", &application_count);
    transactions_prepare(b->pg);
}

void
transactions_close(void)
{
    free(application_ids);
}

static const hg_uuid *
next_application(void)
{
    return &application_ids[next++ % application_count];
}

/* ---- Through the library -------------------------------------------------------------------------------------------------- */

static void
five_statements(hg_conn *conn)
{
    hg_email_log mail = { .struct_size = sizeof mail, .email_type = TEXT("application_update"),
                          .recipient_email = TEXT("candidate@example.com"), .subject = TEXT("Your application") };
    hg_email_log sent = { .struct_size = sizeof sent, .status = HG_EMAIL_LOG_STATUS_SENT,
                          .provider_message_id = TEXT("0102018f-a1b2c3") };
    hg_application_timeline step = { .struct_size = sizeof step, .application_id = *next_application(),
                                     .status = TEXT("screening"), .notes = TEXT("A first look") };
    hg_analytics_event event = { .struct_size = sizeof event, .event_type = TEXT("application_update"),
                                 .event_data = TEXT("{\"from\": \"board\"}") };
    hg_system_metric metric = { .struct_size = sizeof metric, .metric_name = TEXT("mails"), .metric_unit = TEXT("1") };
    hg_error err;

    hg_uuid_new(&mail.id);
    if (hg_email_log_insert(conn, &mail, HG_BIT(HG_EMAIL_LOG_ID) | HG_BIT(HG_EMAIL_LOG_EMAIL_TYPE) |
                            HG_BIT(HG_EMAIL_LOG_RECIPIENT_EMAIL) | HG_BIT(HG_EMAIL_LOG_SUBJECT), NULL, &err) != HG_OK ||
        hg_email_log_update(conn, &mail.id, &sent, HG_BIT(HG_EMAIL_LOG_STATUS) | HG_BIT(HG_EMAIL_LOG_PROVIDER_MESSAGE_ID),
                            NULL, &err) != HG_OK ||
        hg_application_timeline_insert(conn, &step, HG_BIT(HG_APPLICATION_TIMELINE_APPLICATION_ID) |
                                       HG_BIT(HG_APPLICATION_TIMELINE_STATUS) | HG_BIT(HG_APPLICATION_TIMELINE_NOTES),
                                       NULL, &err) != HG_OK ||
        hg_analytics_event_insert(conn, &event, HG_BIT(HG_ANALYTICS_EVENT_EVENT_TYPE) |
                                  HG_BIT(HG_ANALYTICS_EVENT_EVENT_DATA), NULL, &err) != HG_OK ||
        hg_system_metric_insert(conn, &metric, HG_BIT(HG_SYSTEM_METRIC_METRIC_NAME) | HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT),
                                NULL, &err) != HG_OK)
        bench_die("five statements", err.message);
}

void
library_transaction(bench *b)
{
    hg_error err;

    if (hg_tx_begin(b->conn, NULL, &err) != HG_OK)
        bench_die("hg_tx_begin", err.message);
    five_statements(b->conn);
    if (hg_tx_commit(b->conn, &err) != HG_OK)
        bench_die("hg_tx_commit", err.message);
}

/* A batch outside a transaction is one itself. */
void
library_transaction_batch(bench *b)
{
    hg_error err;

    if (hg_batch_begin(b->conn, &err) != HG_OK)
        bench_die("hg_batch_begin", err.message);
    five_statements(b->conn);
    if (hg_batch_end(b->conn, NULL, &err) != HG_OK)
        bench_die("hg_batch_end", err.message);
}

/* ---- By hand ---------------------------------------------------------------------------------------------------------------- */

static void
command(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        bench_die(sql, PQresultErrorMessage(result));
    PQclear(result);
}

static void
statement(PGconn *pg, const char *name, int count, const char *const *values)
{
    PGresult *result = libpq_run(pg, name, count, values, PGRES_COMMAND_OK);

    if (strcmp(PQcmdTuples(result), "1") != 0)
        bench_die(name, "no row was written");
    PQclear(result);
}

/* The arguments of the five, and their ids. */
typedef struct five {
    char mail[HG_UUID_TEXT_SIZE], application[HG_UUID_TEXT_SIZE], step[HG_UUID_TEXT_SIZE], visit[HG_UUID_TEXT_SIZE],
        metric[HG_UUID_TEXT_SIZE];
    const char *values[5][4];
} five;

static const struct { const char *name; int count; } statements[5] = {
    { "mail", 4 }, { "sent", 3 }, { "step", 4 }, { "visit", 3 }, { "metric", 3 },
};

static void
fill_five(five *of)
{
    const char *const values[5][4] = {
        { of->mail, "application_update", "candidate@example.com", "Your application" },
        { of->mail, "sent", "0102018f-a1b2c3" },
        { of->step, of->application, "screening", "A first look" },
        { of->visit, "application_update", "{\"from\": \"board\"}" },
        { of->metric, "mails", "1" },
    };

    libpq_new_id(of->mail), libpq_new_id(of->step), libpq_new_id(of->visit), libpq_new_id(of->metric);
    hg_uuid_to_text(next_application(), of->application, sizeof of->application, NULL);
    memcpy(of->values, values, sizeof values);
}

void
libpq_transaction(bench *b)
{
    five all;

    fill_five(&all);
    command(b->pg, "BEGIN");
    for (int i = 0; i < 5; i++)
        statement(b->pg, statements[i].name, statements[i].count, all.values[i]);
    command(b->pg, "COMMIT");
}

/* In a pipeline, which ends as one transaction whether the update has found its row or not: that is seen only afterwards. */
void
libpq_transaction_pipeline(bench *b)
{
    PGresult *result;
    five all;
    int sent;

    fill_five(&all);
    sent = PQenterPipelineMode(b->pg);
    for (int i = 0; i < 5; i++)
        sent &= PQsendQueryPrepared(b->pg, statements[i].name, statements[i].count, all.values[i], NULL, NULL, 0);
    if (!sent || !PQpipelineSync(b->pg))
        bench_die("a pipeline", PQerrorMessage(b->pg));
    for (int i = 0; i < 5; i++) {
        result = PQgetResult(b->pg);
        if (PQresultStatus(result) != PGRES_COMMAND_OK || strcmp(PQcmdTuples(result), "1") != 0)
            bench_die(statements[i].name, PQresultErrorMessage(result));
        PQclear(result);
        PQgetResult(b->pg);                              /* NULL: the end of this one */
    }
    result = PQgetResult(b->pg);
    if (PQresultStatus(result) != PGRES_PIPELINE_SYNC || !PQexitPipelineMode(b->pg))
        bench_die("a pipeline", PQresultErrorMessage(result));
    PQclear(result);
}
