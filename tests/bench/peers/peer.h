/* peer.h - what a program of another library has to say: it reads jobs and writes events, every column decoded. C and C++.
 *
 * Each peer hands the cells over by its own calls; what it leaves as text the same code makes values of. */
#ifndef PEER_H
#define PEER_H

#include "../text.h"

enum { PEER_COLUMNS = 29, PEER_VALUES_MAX = 7 };

#define PEER_GET "SELECT " BENCH_JOB_COLUMNS " FROM public.jobs WHERE id = "
#define PEER_LIST "SELECT " BENCH_JOB_COLUMNS " FROM public.jobs"
#define PEER_PAGE \
    "SELECT " BENCH_JOB_COLUMNS " FROM public.jobs WHERE is_public AND employment_status = 'open'" \
    " ORDER BY created_at DESC, id LIMIT 50"

/* The writes, each with the number of its values: an event alone, and the five statements that tests/bench/transactions.c has. */
enum { PEER_EVENT, PEER_MAIL, PEER_SENT, PEER_STEP, PEER_VISIT, PEER_METRIC, PEER_WRITES };

#define PEER_SQL_OF_WRITES(P1, P2, P3, P4, P5, P6, P7) \
    { "INSERT INTO public.analytics_events (id, user_id, event_type, event_data, session_id, ip_address, user_agent)" \
      " VALUES (" P1 ", " P2 ", " P3 ", " P4 ", " P5 ", " P6 ", " P7 ")", 7 }, \
    { "INSERT INTO public.email_logs (id, email_type, recipient_email, subject) VALUES (" P1 ", " P2 ", " P3 ", " P4 ")", 4 }, \
    { "UPDATE public.email_logs SET status = " P1 ", provider_message_id = " P2 " WHERE id = " P3, 3 }, \
    { "INSERT INTO public.application_timeline (id, application_id, status, notes)" \
      " VALUES (" P1 ", " P2 ", " P3 ", " P4 ")", 4 }, \
    { "INSERT INTO public.analytics_events (id, event_type, event_data) VALUES (" P1 ", " P2 ", " P3 ")", 3 }, \
    { "INSERT INTO public.system_metrics (id, metric_name, metric_unit) VALUES (" P1 ", " P2 ", " P3 ")", 3 },

typedef struct peer_write {
    const char *sql;
    int         values;
} peer_write;

#ifdef __cplusplus
extern "C" {
#endif

/* The peer's own: what reads gives the sum of what it decoded. */
void     peer_open(const char *dsn);
uint64_t peer_get(const char *id);
uint64_t peer_list(void);
uint64_t peer_page(void);
void     peer_insert(void);
void     peer_transaction(void);
void     peer_close(void);

/* Of a peer that is told SQL, for peer_insert() and peer_transaction() in writes.c. */
void     peer_begin(void);
void     peer_write_row(int which, const char *const *values);      /* dies unless one row was written */
void     peer_commit(void);

/* peer.c */
extern const char *peer_user, *peer_application;    /* ids of rows that there are */
void     peer_die(const char *why);
uint64_t peer_sum_texts(const char *const *texts, const size_t *lengths);   /* a row; NULL is SQL NULL */

#ifdef __cplusplus
}
#endif
#endif
