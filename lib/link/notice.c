/* notice.c - notices and warnings of the server, kept until they are fetched: there are no callbacks. */
#include "link/link_int.h"

#include <string.h>

enum { KEPT = 16, TEXT = 256 };

struct hgi_notices {
    size_t first;                /* number of the oldest that is kept */
    size_t next;                 /* number of the next that comes */
    char   texts[KEPT][TEXT];
};

hgi_notices *
hgi_notices_new(void)
{
    return hgi_alloc_zero(sizeof(hgi_notices));
}

void
hgi_notices_free(hgi_notices *notices)
{
    hgi_free(notices);
}

static void
put(hgi_notices *notices, const char *text)
{
    hgi_text_put(notices->texts[notices->next % KEPT], TEXT, text);
    notices->next++;
    if (notices->next - notices->first > KEPT)
        notices->first++;
}

void
hgi_notice(hg_conn *conn, const char *text)
{
    put(conn->notices, text);
}

/* The last words of a server that ends an idle session come as a notice, too. */
void
hgi_notices_take(void *arg, const PGresult *result)
{
    hg_conn *conn = arg;
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (sqlstate != NULL && strncmp(sqlstate, "57P", 3) == 0)
        conn->broken = 1;
    put(conn->notices, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
}

hg_status
hg_conn_next_notice(hg_conn *conn, hg_text **out, hg_error *err)
{
    hgi_notices *notices;
    hgi_buffer text = { 0 };

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    if (conn == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "conn is NULL");
    notices = conn->notices;
    if (notices->first == notices->next)
        return hgi_ok(err);
    hgi_buffer_add_text(&text, notices->texts[notices->first % KEPT]);
    if (!text.failed)
        notices->first++;
    return hgi_text_new(&text, out, err);
}
