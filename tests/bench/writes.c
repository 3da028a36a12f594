/* writes.c - events written one by one, in a batch that is one trip, and a thousand at once beside COPY.
 *
 * Both sides name seven of the eight columns, and make ids alike (version 7), so that the indexes grow alike; what is written by
 * hand makes them by hand, but for COPY. Nobody
 * watches this table for the audit trail, so that what is measured is the call. An insert is told twice: with the row as it
 * became, every column decoded into the struct by both, and with nothing read back. COPY is a superuser's, since row-level
 * security refuses it to everybody else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { MANY = 1000 };

#define COLUMNS "id, user_id, event_type, event_data, session_id, ip_address, user_agent"
#define INSERT "INSERT INTO public.analytics_events (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)"

static const char type[] = "job_view";
static const char data[] = "{\"job\": \"a1b2c3\", \"from\": \"search\"}";
static const char visit[] = "visit 4711";
static const char address[] = "192.0.2.1";
static const char agent[] = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

static PGconn *copier;
static hg_uuid user;
static char user_text[HG_UUID_TEXT_SIZE];

void
writes_prepare(PGconn *pg)
{
    libpq_prepare_one(pg, "event", INSERT, 7);
    libpq_prepare_one(pg, "event and back", INSERT " RETURNING " COLUMNS ", created_at", 7);
}

void
writes_open(bench *b, const char *admin_dsn)
{
    PGresult *id = PQexecParams(b->pg, "SELECT md5('u1')::uuid", 0, NULL, NULL, NULL, NULL, 1);

    memcpy(user.bytes, PQgetvalue(id, 0, 0), sizeof user.bytes);
    PQclear(id);
    hg_uuid_to_text(&user, user_text, sizeof user_text, NULL);
    writes_prepare(b->pg);
    copier = PQconnectdb(admin_dsn);
    if (PQstatus(copier) != CONNECTION_OK)
        bench_die("connecting", PQerrorMessage(copier));
    bench_watch(copier);
}

void
writes_close(void)
{
    bench_unwatch(copier);
    PQfinish(copier);
}

/* ---- Through the library ------------------------------------------------------------------------------------------------ */

static const uint64_t set = HG_BIT(HG_ANALYTICS_EVENT_ID) | HG_BIT(HG_ANALYTICS_EVENT_USER_ID) |
                            HG_BIT(HG_ANALYTICS_EVENT_EVENT_TYPE) | HG_BIT(HG_ANALYTICS_EVENT_EVENT_DATA) |
                            HG_BIT(HG_ANALYTICS_EVENT_SESSION_ID) | HG_BIT(HG_ANALYTICS_EVENT_IP_ADDRESS) |
                            HG_BIT(HG_ANALYTICS_EVENT_USER_AGENT);

static void
fill_row(hg_analytics_event *row)
{
    *row = (hg_analytics_event){ .struct_size = sizeof *row, .user_id = user, .event_type = { type, sizeof type - 1 },
                                 .event_data = { data, sizeof data - 1 }, .session_id = { visit, sizeof visit - 1 },
                                 .ip_address = { .bytes = { 192, 0, 2, 1 }, .family = 4, .prefix = 32 },
                                 .user_agent = { agent, sizeof agent - 1 } };
    hg_uuid_new(&row->id);
}

/* What proves that two sides have the same row back, but for its id and its time. */
static uint64_t
sum_event(const hg_analytics_event *row)
{
    return row->user_id.bytes[15] + row->event_type.len + row->event_data.len + row->session_id.len +
           row->ip_address.bytes[3] + row->ip_address.prefix + row->user_agent.len + (row->created_at > 0) + row->null_mask;
}

void
library_insert_back(bench *b)
{
    const hg_analytics_event *made;
    hg_analytics_event row;
    hg_error err;

    fill_row(&row);
    if (hg_analytics_event_insert(b->conn, &row, set, &made, &err) != HG_OK)
        bench_die("hg_analytics_event_insert", err.message);
    b->checksum += sum_event(made);
    hg_analytics_event_free(made);
}

void
library_insert(bench *b)
{
    hg_analytics_event row;
    hg_error err;

    fill_row(&row);
    if (hg_analytics_event_insert(b->conn, &row, set, NULL, &err) != HG_OK)
        bench_die("hg_analytics_event_insert", err.message);
}

void
library_batch(bench *b)
{
    hg_error err;

    if (hg_batch_begin(b->conn, &err) != HG_OK)
        bench_die("hg_batch_begin", err.message);
    for (int i = 0; i < MANY; i++)
        library_insert(b);
    if (hg_batch_end(b->conn, NULL, &err) != HG_OK)
        bench_die("hg_batch_end", err.message);
}

static void
insert_many(hg_conn *conn, const hg_uuid *whose)
{
    static hg_analytics_event rows[MANY];
    hg_error err;

    for (int i = 0; i < MANY; i++) {
        fill_row(&rows[i]);
        rows[i].user_id = *whose;
    }
    if (hg_analytics_event_insert_many(conn, rows, MANY, sizeof rows[0], set, NULL, &err) != HG_OK)
        bench_die("hg_analytics_event_insert_many", err.message);
}

void library_insert_many(bench *b) { insert_many(b->conn, &user); }
void tenant_insert_many(bench *b) { insert_many(b->tenant, &b->recruiter); }

/* ---- By hand ------------------------------------------------------------------------------------------------------------- */

static PGresult *
insert(bench *b, const char *statement, int expected)
{
    char id[HG_UUID_TEXT_SIZE];
    const char *values[] = { id, user_text, type, data, visit, address, agent };

    libpq_new_id(id);
    return libpq_run(b->pg, statement, 7, values, expected);
}

void
libpq_insert(bench *b)
{
    PQclear(insert(b, "event", PGRES_COMMAND_OK));
}

static void
decode(const PGresult *result, hg_analytics_event *row)
{
    int c = 0;

    *row = (hg_analytics_event){ .struct_size = sizeof *row };
#define NEXT(assign) \
    do { \
        if (PQgetisnull(result, 0, c)) { \
            row->null_mask |= HG_BIT(c); \
        } else { \
            const char *v = PQgetvalue(result, 0, c); \
            size_t n = (size_t)PQgetlength(result, 0, c); \
            assign; \
        } \
        row->loaded_mask |= HG_BIT(c); \
        c++; \
    } while (0)
#define TEXT(field) NEXT(row->field = ((hg_str){ v, n }))
    NEXT(hg_uuid_parse(v, n, &row->id, NULL));
    NEXT(hg_uuid_parse(v, n, &row->user_id, NULL));
    TEXT(event_type);
    TEXT(event_data);
    TEXT(session_id);
    NEXT(hg_inet_parse(v, n, &row->ip_address, NULL));
    TEXT(user_agent);
    NEXT(hg_timestamp_parse(v, n, &row->created_at, NULL));
#undef TEXT
#undef NEXT
}

void
libpq_insert_back(bench *b)
{
    hg_analytics_event *row = malloc(sizeof *row);
    PGresult *result = insert(b, "event and back", PGRES_TUPLES_OK);

    if (row == NULL)
        bench_die("insert", "out of memory");
    decode(result, row);
    b->checksum += sum_event(row);
    PQclear(result);
    free(row);
}

void
libpq_insert_1000(bench *b)
{
    for (int i = 0; i < MANY; i++)
        libpq_insert(b);
}

static void
begin_copy(const char *sql)
{
    PGresult *result = PQexec(copier, sql);

    if (PQresultStatus(result) != PGRES_COPY_IN)
        bench_die("COPY", PQresultErrorMessage(result));
    PQclear(result);
}

static void
end_copy(void)
{
    PGresult *result;

    PQputCopyEnd(copier, NULL);
    while ((result = PQgetResult(copier)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            bench_die("COPY", PQresultErrorMessage(result));
        PQclear(result);
    }
}

/* The texts have nothing that COPY would want escaped but the quotes of JSON, which are none to it. */
void
libpq_copy(bench *b)
{
    char id[HG_UUID_TEXT_SIZE], line[512];
    hg_uuid made;

    (void)b;
    begin_copy("COPY public.analytics_events (" COLUMNS ") FROM STDIN");
    for (int i = 0; i < MANY; i++) {
        hg_uuid_new(&made);
        hg_uuid_to_text(&made, id, sizeof id, NULL);
        PQputCopyData(copier, line, snprintf(line, sizeof line, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", id, user_text, type, data,
                                             visit, address, agent));
    }
    end_copy();
}

static char *
put_field(char *at, const void *value, size_t len)
{
    const unsigned char size[4] = { 0, 0, (unsigned char)(len >> 8), (unsigned char)len };

    memcpy(at, size, 4);
    memcpy(at + 4, value, len);
    return at + 4 + len;
}

/* https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"; jsonb begins with its version, an address with its
 * family, its prefix, whether it is a cidr, and its length. */
void
libpq_copy_binary(bench *b)
{
    static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0", inet[] = { 2, 32, 0, 4, (char)192, 0, 2, 1 };
    char row[512], json[sizeof data] = { 1 };

    (void)b;
    memcpy(json + 1, data, sizeof data - 1);
    begin_copy("COPY public.analytics_events (" COLUMNS ") FROM STDIN (FORMAT binary)");
    PQputCopyData(copier, header, sizeof header);       /* the last NUL byte is the literal's own */
    for (int i = 0; i < MANY; i++) {
        char *at = row + 2;
        hg_uuid made;

        hg_uuid_new(&made);
        memcpy(row, "\0\7", 2);
        at = put_field(at, made.bytes, sizeof made.bytes);
        at = put_field(at, user.bytes, sizeof user.bytes);
        at = put_field(at, type, sizeof type - 1);
        at = put_field(at, json, sizeof json);
        at = put_field(at, visit, sizeof visit - 1);
        at = put_field(at, inet, sizeof inet);
        at = put_field(at, agent, sizeof agent - 1);
        PQputCopyData(copier, row, (int)(at - row));
    }
    PQputCopyData(copier, "\377\377", 2);
    end_copy();
}
