/* hotgigs/hotgigs.h - libhotgigs: typed access to the 25 tables of HotGigs.ai on PostgreSQL.
 *
 * What holds for every call:
 *
 * Outcome   A call that can fail returns hg_status, 0 for success, and fills the caller's hg_error, always the last
 *           parameter, which may be NULL. There is no last-error function and no thread-local state. The library never
 *           exits, aborts, prints or installs a signal handler.
 * Output    *out is NULL, or zero, after any failure. A get without a row is HG_E_NOT_FOUND; a list without rows is
 *           success.
 * Input     is only read, and only during the call. A NULL pointer or handle where the comment does not allow it
 *           is HG_E_INVALID.
 * Memory    What a call returns through out is the caller's, and has one function that frees it, named beside it, which
 *           accepts NULL and may be called from any thread. Everything else that is returned is borrowed, and the
 *           comment says from what. Rows and lists are read-only and may be read from any thread.
 * Threads   One connection, one thread at a time, any thread in turn; only hg_conn_cancel() may run beside a call. The
 *           pool is thread-safe. Calls without a connection may run on any thread.
 * Structs   that a caller fills start with struct_size; zero is the default of every other field. Structs grow at
 *           their end only. Lists are walked by base and stride, since a newer library's rows are longer.
 * Trips     Outside a transaction each call is one round trip, and one transaction of its own.
 *
 * Where to look:
 *
 * query.h                   filters, order, pages, columns, locks; streams; hg_query_explain(), which says why one is slow
 * aggregate.h, related.h    counts and sums by group and by time; rows of other tables for a whole list
 * tables/, views/           the typed calls of each: get, find, count, stream, write; views are what screens show
 * operations/               the steps of the business; searches: hg_job_search(), hg_job_facets(), hg_skill_suggest() in
 *                           jobs.h, hg_candidate_search() in candidates.h, hg_company_search() in companies.h and
 *                           hg_user_search() in identity.h
 */
#ifndef HOTGIGS_HOTGIGS_H
#define HOTGIGS_HOTGIGS_H

#include "hotgigs/core.h"
#include "hotgigs/conn.h"
#include "hotgigs/pool.h"
#include "hotgigs/session.h"
#include "hotgigs/tx.h"
#include "hotgigs/draft.h"
#include "hotgigs/query.h"
#include "hotgigs/aggregate.h"
#include "hotgigs/related.h"
#include "hotgigs/batch.h"
#include "hotgigs/describe.h"
#include "hotgigs/schema.h"
#include "hotgigs/tables.h"
#include "hotgigs/operation.h"
#include "hotgigs/operations.h"
#include "hotgigs/audit.h"
#include "hotgigs/privacy.h"
#include "hotgigs/ledger.h"

#endif
