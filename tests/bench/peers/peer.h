/* peer.h - what a program of another library has to say: it gets jobs by key and lists them all, every column decoded. C and C++.
 *
 * Each peer hands the cells over by its own calls; what it leaves as text the same code makes values of. */
#ifndef PEER_H
#define PEER_H

#include "../text.h"

enum { PEER_COLUMNS = 29 };

#define PEER_GET "SELECT " BENCH_JOB_COLUMNS " FROM public.jobs WHERE id = "
#define PEER_LIST "SELECT " BENCH_JOB_COLUMNS " FROM public.jobs"

#ifdef __cplusplus
extern "C" {
#endif

/* The peer's own: get and list give the sum of what they decoded. */
void     peer_open(const char *dsn);
uint64_t peer_get(const char *id);
uint64_t peer_list(void);
void     peer_close(void);

/* peer.c */
void     peer_die(const char *why);
uint64_t peer_sum_texts(const char *const *texts, const size_t *lengths);   /* a row; NULL is SQL NULL */

#ifdef __cplusplus
}
#endif
#endif
