/* transactions.c - five statements that belong together, as a company answers an application: the application is changed, and
 * its timeline, a notification, an e-mail and an event are written. */
#include <stdlib.h>

#include "bench.h"

static hg_uuid *application_ids;
static size_t application_count, next;

#define TEXT(literal) { literal, sizeof literal - 1 }

void
transactions_prepare(PGconn *pg)
{
    libpq_prepare_one(pg, "application", "UPDATE public.applications SET recruiter_notes = $2 WHERE id = $1", 2);
  libpq_prepare_one(pg, "timeline", "INSERT INTO public.application_timeline (id, application_id, status, notes)"
                                       " VALUES ($1, $2, $3, $4)", 4);
  libpq_prepare_one(pg, "notification", "INSERT INTO public.notifications (id, notification_type, title, message)"
                                           " VALUES ($1, $2, $3, $4)", 4);
  libpq_prepare_one(pg, "email", "INSERT INTO public.email_logs (id, email_type, recipient_email, subject)"
                                    " VALUES ($1, $2, $3, $4)", 4);
  libpq_prepare_one(pg, "visit", "INSERT INTO public.analytics_events (id, event_type, event_data)"
                                    " VALUES ($1, $2, $3)", 3);
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
    const hg_uuid *application = next_application();
    hg_application change = { .struct_size = sizeof change, .recruiter_notes = TEXT("Looks good; ask about SQL.") };
    hg_application_timeline step = { .struct_size = sizeof step, .application_id = *application, .status = TEXT("screening"),
                                     .notes = TEXT("A first look") };
    hg_notification notice = { .struct_size = sizeof notice, .notification_type = TEXT("application_update"),
                               .title = TEXT("Your application"), .message = TEXT("It is being looked at.") };
    hg_email_log mail = { .struct_size = sizeof mail, .email_type = TEXT("application_update"),
                          .recipient_email = TEXT("candidate@example.com"), .subject = TEXT("Your application") };
    hg_analytics_event event = { .struct_size = sizeof event, .event_type = TEXT("application_update"),
                                 .event_data = TEXT("{\"from\": \"board\"}") };
    hg_error err;

    if (hg_application_update(conn, application, &change, HG_BIT(HG_APPLICATION_RECRUITER_NOTES), NULL, &err) != HG_OK ||
        hg_application_timeline_insert(conn, &step, HG_BIT(HG_APPLICATION_TIMELINE_APPLICATION_ID) |
                                       HG_BIT(HG_APPLICATION_TIMELINE_STATUS) | HG_BIT(HG_APPLICATION_TIMELINE_NOTES),
                                       NULL, &err) != HG_OK ||
        hg_notification_insert(conn, &notice, HG_BIT(HG_NOTIFICATION_NOTIFICATION_TYPE) | HG_BIT(HG_NOTIFICATION_TITLE) |
                               HG_BIT(HG_NOTIFICATION_MESSAGE), NULL, &err) != HG_OK ||
        hg_email_log_insert(conn, &mail, HG_BIT(HG_EMAIL_LOG_EMAIL_TYPE) | HG_BIT(HG_EMAIL_LOG_RECIPIENT_EMAIL) |
                            HG_BIT(HG_EMAIL_LOG_SUBJECT), NULL, &err) != HG_OK ||
        hg_analytics_event_insert(conn, &event, HG_BIT(HG_ANALYTICS_EVENT_EVENT_TYPE) |
                                  HG_BIT(HG_ANALYTICS_EVENT_EVENT_DATA), NULL, &err) != HG_OK)
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
statement(PGconn *pg, const char *name, int count, const char *a, const char *b, const char *c)
{
    char id[HG_UUID_TEXT_SIZE];
    const char *values[] = { id, a, b, c };
    hg_uuid made;

    hg_uuid_new(&made);
    hg_uuid_to_text(&made, id, sizeof id, NULL);
    PQclear(libpq_run(pg, name, count, values, PGRES_COMMAND_OK));
}

void
libpq_transaction(bench *b)
{
    char application[HG_UUID_TEXT_SIZE];
    const char *change[] = { application, "Looks good; ask about SQL." };

    hg_uuid_to_text(next_application(), application, sizeof application, NULL);
    command(b->pg, "BEGIN");
    PQclear(libpq_run(b->pg, "application", 2, change, PGRES_COMMAND_OK));
    statement(b->pg, "timeline", 4, application, "screening", "A first look");
    statement(b->pg, "notification", 4, "application_update", "Your application", "It is being looked at.");
    statement(b->pg, "email", 4, "application_update", "candidate@example.com", "Your application");
    statement(b->pg, "visit", 3, "application_update", "{\"from\": \"board\"}", NULL);
    command(b->pg, "COMMIT");
}
