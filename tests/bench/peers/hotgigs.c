/* hotgigs.c - the library itself, measured as its peers are. */
#include "peer.h"

static hg_conn *conn;
static hg_query *query, *page;
static hg_uuid user, application;

#define TEXT(literal) { literal, sizeof literal - 1 }

void
peer_open(const char *dsn)
{
    hg_error err;

    if (hg_conn_open(dsn, NULL, &conn, &err) != HG_OK)
        peer_die(err.message);
    query = hg_query_new(HG_TABLE_JOBS);
    page = hg_query_new(HG_TABLE_JOBS);
    if (hg_query_where_bool(page, HG_JOB_IS_PUBLIC, HG_OP_EQ, 1, &err) != HG_OK ||
        hg_query_where_text(page, HG_JOB_EMPLOYMENT_STATUS, HG_OP_EQ, "open", 4, &err) != HG_OK ||
        hg_query_order(page, HG_JOB_CREATED_AT, HG_DESCENDING, HG_NULLS_DEFAULT, &err) != HG_OK ||
        hg_query_limit(page, 50, &err) != HG_OK || hg_uuid_parse(peer_user, 36, &user, &err) != HG_OK ||
        hg_uuid_parse(peer_application, 36, &application, &err) != HG_OK)
        peer_die(err.message);
}

void
peer_close(void)
{
    hg_query_free(query);
    hg_query_free(page);
    hg_conn_close(conn);
}

uint64_t
peer_get(const char *id)
{
    const hg_job *job;
    hg_uuid key;
    uint64_t sum;
    hg_error err;

    if (hg_uuid_parse(id, 36, &key, &err) != HG_OK || hg_job_get(conn, &key, &job, &err) != HG_OK)
        peer_die(err.message);
    sum = bench_sum_job(job);
    hg_job_free(job);
    return sum;
}

static uint64_t
find(const hg_query *what)
{
    hg_job_list *list;
    const hg_job *row;
    size_t count, stride;
    uint64_t sum = 0;
    hg_error err;

    if (hg_job_find(conn, what, &list, &err) != HG_OK)
        peer_die(err.message);
    row = hg_job_list_rows(list, &count, &stride);
    for (size_t i = 0; i < count; i++, row = (const hg_job *)((const char *)row + stride))
        sum += bench_sum_job(row);
    hg_job_list_free(list);
    return sum;
}

uint64_t
peer_list(void)
{
    return find(query);
}

uint64_t
peer_page(void)
{
    return find(page);
}

void
peer_insert(void)
{
    static const uint64_t set = HG_BIT(HG_ANALYTICS_EVENT_ID) | HG_BIT(HG_ANALYTICS_EVENT_USER_ID) |
                                HG_BIT(HG_ANALYTICS_EVENT_EVENT_TYPE) | HG_BIT(HG_ANALYTICS_EVENT_EVENT_DATA) |
                                HG_BIT(HG_ANALYTICS_EVENT_SESSION_ID) | HG_BIT(HG_ANALYTICS_EVENT_IP_ADDRESS) |
                                HG_BIT(HG_ANALYTICS_EVENT_USER_AGENT);
    hg_analytics_event event = {
        .struct_size = sizeof event, .user_id = user, .event_type = TEXT("job_view"), .session_id = TEXT("visit 4711"),
        .event_data = TEXT("{\"job\": \"a1b2c3\", \"from\": \"search\"}"),
        .ip_address = { .bytes = { 192, 0, 2, 1 }, .family = 4, .prefix = 32 },
        .user_agent = TEXT("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0") };
    hg_error err;

    hg_uuid_new(&event.id);
    if (hg_analytics_event_insert(conn, &event, set, NULL, &err) != HG_OK)
        peer_die(err.message);
}

void
peer_transaction(void)
{
    hg_email_log mail = { .struct_size = sizeof mail, .email_type = TEXT("application_update"),
                          .recipient_email = TEXT("candidate@example.com"), .subject = TEXT("Your application") };
    hg_email_log sent = { .struct_size = sizeof sent, .status = HG_EMAIL_LOG_STATUS_SENT,
                          .provider_message_id = TEXT("0102018f-a1b2c3") };
    hg_application_timeline step = { .struct_size = sizeof step, .application_id = application, .status = TEXT("screening"),
                                     .notes = TEXT("A first look") };
    hg_analytics_event event = { .struct_size = sizeof event, .event_type = TEXT("application_update"),
                                 .event_data = TEXT("{\"from\": \"board\"}") };
    hg_system_metric metric = { .struct_size = sizeof metric, .metric_name = TEXT("mails"), .metric_unit = TEXT("1") };
    hg_error err;

    hg_uuid_new(&mail.id);
    if (hg_tx_begin(conn, NULL, &err) != HG_OK ||
        hg_email_log_insert(conn, &mail, HG_BIT(HG_EMAIL_LOG_ID) | HG_BIT(HG_EMAIL_LOG_EMAIL_TYPE) |
                            HG_BIT(HG_EMAIL_LOG_RECIPIENT_EMAIL) | HG_BIT(HG_EMAIL_LOG_SUBJECT), NULL, &err) != HG_OK ||
        hg_email_log_update(conn, &mail.id, &sent, HG_BIT(HG_EMAIL_LOG_STATUS) | HG_BIT(HG_EMAIL_LOG_PROVIDER_MESSAGE_ID),
                            NULL, &err) != HG_OK ||
        hg_application_timeline_insert(conn, &step, HG_BIT(HG_APPLICATION_TIMELINE_APPLICATION_ID) |
                                       HG_BIT(HG_APPLICATION_TIMELINE_STATUS) | HG_BIT(HG_APPLICATION_TIMELINE_NOTES),
                                       NULL, &err) != HG_OK ||
        hg_analytics_event_insert(conn, &event, HG_BIT(HG_ANALYTICS_EVENT_EVENT_TYPE) | HG_BIT(HG_ANALYTICS_EVENT_EVENT_DATA),
                                  NULL, &err) != HG_OK ||
        hg_system_metric_insert(conn, &metric, HG_BIT(HG_SYSTEM_METRIC_METRIC_NAME) | HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT),
                                NULL, &err) != HG_OK ||
        hg_tx_commit(conn, &err) != HG_OK)
        peer_die(err.message);
}
