/* doors.h - the generated calls of each table behind one form, so that a test can walk all tables through the door that
 * a program uses, and not past it. */
#ifndef TESTS_TABLES_DOORS_H
#define TESTS_TABLES_DOORS_H

#include "hotgigs/hotgigs.h"

typedef struct doors {
    hg_status (*get)(hg_conn *, const hg_uuid *, const void **, hg_error *);
    hg_status (*get_many)(hg_conn *, const hg_uuid *, size_t, void **, hg_error *);
    hg_status (*insert)(hg_conn *, const void *, uint64_t, const void **, hg_error *);
    hg_status (*insert_many)(hg_conn *, const void *, size_t, size_t, uint64_t, void **, hg_error *);
    hg_status (*update)(hg_conn *, const hg_uuid *, const void *, uint64_t, const void **, hg_error *);
    hg_status (*delete)(hg_conn *, const hg_uuid *, hg_error *);
    const void *(*list_rows)(const void *, size_t *, size_t *);
    const void *(*list_at)(const void *, size_t);
    size_t (*list_count)(const void *);
    void (*list_free)(void *);
    void (*free)(const void *);
    hg_draft *(*draft_new)(void);
    const void *(*draft_rows)(const hg_draft *, size_t *, size_t *, uint64_t *);
    hg_status (*to_json)(const void *, hg_text **, hg_error *);
    hg_status (*from_json)(const char *, size_t, hg_draft **, hg_error *);
} doors;

/* By HG_TABLE_*. A call that a table does not have is NULL. */
extern const doors table_doors[];
extern const int table_doors_count;

#endif
