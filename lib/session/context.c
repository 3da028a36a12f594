/* context.c - the identity of a session, and the one row that carries it to the server.
 *
 * Every setting is local to the transaction that the row travels in, so that nothing stays on the connection. The text of
 * the row stands here and nowhere else. A session that is the login's default persona, without a user and without a
 * word for the audit trail, needs no row at all. */
#include "session/session.h"

#include <string.h>

#include "record/record.h"

static const char *const role_names[HGI_ROLE_OTHER] = {
    [HG_ROLE_ANON] = "hotgigs_anon",             [HG_ROLE_CANDIDATE] = "hotgigs_candidate",
    [HG_ROLE_COMPANY] = "hotgigs_company",       [HG_ROLE_FREELANCER] = "hotgigs_freelancer",
    [HG_ROLE_SERVICE] = "hotgigs_service",
};

/* The settings are made from left to right inside one call that is never negative, in a statement without columns and rows:
 * the server has nothing to describe and to send, and libpq nothing to read, which was half of the row's instructions. Each
 * setting is a fifteenth of the row, so what the audit trail is told is one, and where there is no deadline the operator's
 * own stands. TimeZone stays what connect made it, UTC: poolers track that setting. */
#define IDENTITY \
    "SELECT WHERE pg_catalog.num_nulls(pg_catalog.set_config('role', $1, true), " \
    "pg_catalog.set_config('request.jwt.claims', $2, true), pg_catalog.set_config('request.jwt.claim.sub', $3, true)"
#define AUDIT ", pg_catalog.set_config('hotgigs.audit', $4, true)"
#define DEADLINE(number) ", pg_catalog.set_config('statement_timeout', " number ", true)"
#define END ") OPERATOR(pg_catalog.<) 0"

enum { IDENTITY_COUNT = 3, AUDIT_COUNT = 4 };

/* What the context's values point to. */
struct hgi_identity {
    hg_identity who;
    char        user_id[HG_UUID_TEXT_SIZE];
    char        claims[128];
    char        audit[6 * sizeof(hg_identity)]; /* a character is six at most as JSON has it */
};

void
hgi_session_start(hg_conn *conn)
{
    conn->default_role = HGI_ROLE_OTHER;
    for (int32_t i = 0; i < HGI_ROLE_OTHER; i++)
        if (strcmp(conn->login_role, role_names[i]) == 0)
            conn->default_role = i;
    conn->role = conn->default_role;
}

static void
to_default(hg_conn *conn)
{
    conn->context.statement = conn->context.timed = NULL;
    conn->role = conn->default_role;
    conn->leaving = 0;
}

/* ---- Checking an identity ----------------------------------------------------------------------------------------------- */

static hg_status
check_text(const char *text, size_t size, const char *name, hg_error *err)
{
    const char *problem;

    if (memchr(text, '\0', size) == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "%s of the identity has no NUL byte at its end", name);
    problem = hgi_text_check(text, strlen(text), NULL);
    return problem == NULL ? HG_OK : hgi_fail(err, HG_E_INVALID, -1, "%s of the identity %s", name, problem);
}

/* Foreign text of any length: cut at a character rather than refused. */
static hg_status
take_user_agent(hg_identity *who, hg_error *err)
{
    size_t size = sizeof who->user_agent;
    const char *end = memchr(who->user_agent, '\0', size);

    if (end == NULL)
        who->user_agent[hgi_text_cut(who->user_agent, size, size - 1)] = '\0';
    return check_text(who->user_agent, size, "user_agent", err);
}

static int
has_user(const hg_identity *who)
{
    static const hg_uuid none;

    return memcmp(&who->user_id, &none, sizeof none) != 0;
}

static hg_status
check_identity(hg_identity *who, hg_error *err)
{
    hg_inet ip;
    hg_status st;

    if (who->role < HG_ROLE_ANON || who->role > HG_ROLE_SERVICE)
        return hgi_fail(err, HG_E_INVALID, -1, "role of the identity is none of HG_ROLE_*");
    if (!has_user(who) && who->role != HG_ROLE_ANON && who->role != HG_ROLE_SERVICE)
        return hgi_fail(err, HG_E_INVALID, -1, "the identity has no user_id, which its role needs");
    if (has_user(who) && who->role == HG_ROLE_ANON)
        return hgi_fail(err, HG_E_INVALID, -1, "the identity has a user_id, but anon is nobody");
    st = check_text(who->ip, sizeof who->ip, "ip", err);
    if (st == HG_OK && who->ip[0] != '\0' && hg_inet_parse(who->ip, strlen(who->ip), &ip, NULL) != HG_OK)
        st = hgi_fail(err, HG_E_INVALID, -1, "ip of the identity is no IP address");
    if (st == HG_OK)
        st = take_user_agent(who, err);
    if (st == HG_OK)
        st = check_text(who->request_id, sizeof who->request_id, "request_id", err);
    if (st == HG_OK)
        st = check_text(who->action, sizeof who->action, "action", err);
    return st;
}

/* ---- The row -------------------------------------------------------------------------------------------------------------- */

static void
put_value(hgi_context *context, const char *text)
{
    context->values[context->count] = text;
    context->lengths[context->count] = (int)strlen(text);
    context->count++;
}

/* {"sub":"...","role":"hotgigs_candidate"}: the form that PostgREST and Supabase gave the setting. */
static void
write_claims(hgi_identity *identity)
{
    hgi_buffer claims;

    hgi_buffer_on(&claims, identity->claims, sizeof identity->claims);
    hgi_buffer_add_byte(&claims, '{');
    if (identity->user_id[0] != '\0') {
        hgi_buffer_add_text(&claims, "\"sub\":\"");
        hgi_buffer_add_text(&claims, identity->user_id);
        hgi_buffer_add_text(&claims, "\",");
    }
    hgi_buffer_add_text(&claims, "\"role\":\"");
    hgi_buffer_add_text(&claims, role_names[identity->who.role]);
    hgi_buffer_add_text(&claims, "\"}");
}

/* {"ip":"...","request_id":"..."}: what hotgigs.audit_context() reads, without what the caller left empty. */
static void
write_audit(hgi_identity *identity)
{
    const hg_identity *who = &identity->who;
    const struct { const char *key, *value; } members[] = {
        { "\"ip\":", who->ip },
        { "\"user_agent\":", who->user_agent },
        { "\"request_id\":", who->request_id },
        { "\"action\":", who->action },
    };
    const char *before = "{";
    hgi_buffer audit;

    hgi_buffer_on(&audit, identity->audit, sizeof identity->audit);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (members[i].value[0] == '\0')
            continue;
        hgi_buffer_add_text(&audit, before);
        hgi_buffer_add_text(&audit, members[i].key);
        hgi_json_escape(members[i].value, strlen(members[i].value), &audit);
        before = ",";
    }
    hgi_buffer_add_byte(&audit, '}');
}

static int
has_audit(const hg_identity *who)
{
    return who->ip[0] != '\0' || who->user_agent[0] != '\0' || who->request_id[0] != '\0' || who->action[0] != '\0';
}

/* One of the four statements, from the cache. */
static hgi_statement *
context_statement(hg_conn *conn, int audit, int timed, hg_error *err)
{
    static const uint32_t types[AUDIT_COUNT + 1] = {
        HGI_OID_TEXT, HGI_OID_TEXT, HGI_OID_TEXT, HGI_OID_TEXT, HGI_OID_TEXT,
    };
    static const char *const texts[2][2] = {
        { IDENTITY END, IDENTITY DEADLINE("$4") END }, { IDENTITY AUDIT END, IDENTITY AUDIT DEADLINE("$5") END },
    };
    const char *sql = texts[audit][timed];
    int32_t count = (audit ? AUDIT_COUNT : IDENTITY_COUNT) + timed;
    hgi_statement *statement = hgi_statement_find(conn, sql, strlen(sql));

    if (statement == NULL)
        statement = hgi_statement_add(conn, sql, strlen(sql), sql, count, types, err);
    if (statement != NULL)
        hgi_statement_keep(conn, statement);
    return statement;
}

static void
fill_context(hg_conn *conn, hgi_statement *statement, hgi_statement *timed, int audit)
{
    hgi_identity *identity = conn->identity;
    hgi_context *context = &conn->context;

    identity->user_id[0] = '\0';
    if (has_user(&identity->who))
        hg_uuid_to_text(&identity->who.user_id, identity->user_id, sizeof identity->user_id, NULL);
    write_claims(identity);

    context->count = 0;
    put_value(context, role_names[identity->who.role]);
    put_value(context, identity->claims);
    put_value(context, identity->user_id);
    if (audit) {
        write_audit(identity);
        put_value(context, identity->audit);
    }
    context->statement = statement;
    context->timed = timed;
}

/* ---- Public ------------------------------------------------------------------------------------------------------------------ */

static hg_status
may_change(hg_conn *conn, hg_error *err)
{
    hg_status st = hgi_works(conn, err);

    if (st == HG_OK && conn->tx != HGI_TX_NONE)
        st = hgi_fail(err, HG_E_STATE, -1, "a transaction is open; its identity is settled");
    return st;
}

hg_status
hg_session_enter(hg_conn *conn, const hg_identity *who, hg_error *err)
{
    hg_identity known = { .struct_size = sizeof known };
    hgi_statement *statement, *timed;
    hg_status st = may_change(conn, err);

    if (st == HG_OK && who == NULL)
        st = hgi_fail(err, HG_E_INVALID, -1, "who is NULL");
    if (st == HG_OK)
        st = hgi_take_options(who, &known, sizeof known, "hg_identity", err);
    if (st == HG_OK)
        st = check_identity(&known, err);
    if (st != HG_OK)
        return st;

    if (known.role == conn->default_role && !has_user(&known) && !has_audit(&known)) {
        to_default(conn);
        return hgi_ok(err);
    }
    if (conn->identity == NULL && (conn->identity = hgi_alloc_zero(sizeof *conn->identity)) == NULL)
        return hgi_nomem(err);
    statement = context_statement(conn, has_audit(&known), 0, err);
    timed = statement != NULL ? context_statement(conn, has_audit(&known), 1, err) : NULL;
    if (timed == NULL)
        return HG_E_NOMEM;
    conn->identity->who = known;
    fill_context(conn, statement, timed, has_audit(&known));
    conn->role = known.role;
    conn->leaving = 0;
    return hgi_ok(err);
}

hg_status
hgi_session_copy(const hg_conn *from, hg_conn *to, hg_error *err)
{
    hg_status st = may_change(to, err);

    if (st != HG_OK)
        return st;
    if (from->context.statement != NULL)
        return hg_session_enter(to, &from->identity->who, err);
    to_default(to);
    return HG_OK;
}

void
hg_session_leave(hg_conn *conn)
{
    if (conn == NULL)
        return;
    if (conn->tx != HGI_TX_NONE || conn->busy)
        conn->leaving = 1;
    else
        to_default(conn);
}

void
hgi_session_settle(hg_conn *conn)
{
    if (conn->leaving && conn->tx == HGI_TX_NONE && !conn->busy)
        to_default(conn);
}

int32_t
hg_session_role(const hg_conn *conn)
{
    return conn == NULL || conn->role == HGI_ROLE_OTHER ? -1 : conn->role;
}
