/* hotgigs/session.h - on whose behalf a connection acts.
 *
 * PostgreSQL judges every statement under this identity (row-level security). Outside a session a connection is the
 * default persona of its login: anonymous for tenants' logins, the service for the service's own. An identity is its
 * connection's, under the same rule of one thread at a time. */
#ifndef HOTGIGS_SESSION_H
#define HOTGIGS_SESSION_H

#include "hotgigs/conn.h"
#include "hotgigs/detail/begin.h"

/* Personas. The database decides by the user's row whether he may act as one. */
enum {
    HG_ROLE_ANON = 0,        /* a visitor without a user */
    HG_ROLE_CANDIDATE = 1,   /* users.user_type is candidate */
    HG_ROLE_COMPANY = 2,     /* users.user_type is company */
    HG_ROLE_FREELANCER = 3,  /* users.user_type is freelance_recruiter */
    HG_ROLE_SERVICE = 4      /* the application's own jobs; only by the service's login */
};

/* Who acts, and what the audit trail is to know of it. No pointer in it. The texts end with a NUL byte. */
typedef struct hg_identity {
    uint32_t struct_size;     /* sizeof(hg_identity) */
    int32_t  role;            /* HG_ROLE_* */
    hg_uuid  user_id;         /* from a verified token; zero: none, which only anon and service allow */
    char     ip[48];          /* the client's address, or "" */
    char     user_agent[256]; /* a longer one is cut at a character */
    char     request_id[64];  /* the application's, to find its entries by, or "" */
    char     action[64];      /* the application's verb, such as "application.reject", or "" */
} hg_identity;

/* Acts as who from the next call on. No round trip: the identity travels with each statement or transaction and
 * ends with it, so that nothing is left on the server. who is copied.
 * HG_E_INVALID  a role that does not exist, a missing user, a text that is not UTF-8 or has no end, an ip that is none
 * HG_E_STATE    inside a transaction or with an open cursor */
hg_status hg_session_enter(hg_conn *conn, const hg_identity *who, hg_error *err);

/* Back to the login's default persona; inside a transaction at its end. NULL is allowed. */
void hg_session_leave(hg_conn *conn);

/* The persona that the next call acts as: HG_ROLE_*, or -1 when the login acts as a role that is none of them (an
 * installer, a superuser). */
int32_t hg_session_role(const hg_conn *conn);

#include "hotgigs/detail/end.h"
#endif
