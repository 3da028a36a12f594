/* hotgigs/related.h - the rows of another table that belong to the rows of a list, for the whole list in one statement.
 *
 *     hg_job_list_related(conn, jobs, HG_REL_JOB_JOB_SKILLS, NULL, &related, &err);
 *     skills = hg_job_skill_related_list(related);
 *     for (i = 0; i < hg_job_list_count(jobs); i++) {
 *         hg_related_of(related, i, &first, &count);
 *         ... hg_job_skill_list_at(skills, first) and count - 1 behind it: those of job i
 *     }
 *
 * Which rows belong together the foreign keys say; hg_table_describe() lists them, and each table's header has them as
 * HG_REL_<SINGULAR>_<NAME>. Row-level security decides which of them the role sees: the others are not there, and
 * nothing tells that they exist.
 *
 * What is here may be called in any thread. */
#ifndef HOTGIGS_RELATED_H
#define HOTGIGS_RELATED_H

#include "hotgigs/core.h"
#include "hotgigs/detail/begin.h"

/* A list of rows of the other table, and which of them belong to which row. Opaque, unchangeable, may be read from any
 * thread; it needs neither the first list nor the connection any more. */
typedef struct hg_related hg_related;

/* The table that its rows are of, HG_TABLE_*; hg_<singular>_related_list() of that table gives them. -1 of NULL. */
int32_t hg_related_table(const hg_related *related);

/* The rows that belong to row i of the list that was asked about: *first is the place of the first one, *count how many
 * they are, one behind the other. 0 and 0: none, or there is no row i. Either may be NULL. Rows that refer to the same one
 * share it. */
void hg_related_of(const hg_related *related, size_t i, size_t *first, size_t *count);

/* Frees it with all its rows; NULL is allowed. Any thread. */
void hg_related_free(hg_related *related);

#include "hotgigs/detail/end.h"
#endif
