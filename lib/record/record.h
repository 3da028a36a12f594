/* record.h - the engine: one table's descriptor and a call become a statement, its result becomes rows.
 *
 * The generated doors include this and nothing else. Nothing here is written for one table. */
#ifndef HGI_RECORD_H
#define HGI_RECORD_H

#include "hotgigs/conn.h"
#include "hotgigs/describe.h"
#include "hotgigs/draft.h"
#include "hotgigs/session.h"

/* ---- What the generator writes of a table ---------------------------------------------------------------------- */

/* Roles as indexes of masks: HG_ROLE_* and one more for a login that is none of them, which may all that the server
 * lets it. */
enum { HGI_ROLE_OTHER = HG_ROLE_SERVICE + 1, HGI_ROLE_COUNT = HGI_ROLE_OTHER + 1 };

/* A constraint by its name, so that an error can name the column. */
typedef struct hgi_constraint {
    const char *name;
    int32_t     column;           /* ordinal, of the first column if there are several; -1: none */
} hgi_constraint;

typedef struct hgi_table {
    hg_table_info   info;         /* what the public sees */
    const char     *relation;     /* schema-qualified and quoted where needed: public.jobs */
    const uint32_t *types;        /* type id of each column, HGI_OID_* */
    uint64_t        lists;        /* mask of the columns that are lists of text */
    uint64_t        required;     /* mask of those, but for id, that are NOT NULL and have no default */
    uint32_t        unknown_offset; /* of the row's unknown_text; 0: the table has no enumerated column */
    int32_t         constraint_count;
    const hgi_constraint *constraints;
    uint64_t        readable[HGI_ROLE_COUNT];   /* masks of columns: SELECT, */
    uint64_t        insertable[HGI_ROLE_COUNT]; /* INSERT and */
    uint64_t        updatable[HGI_ROLE_COUNT];  /* UPDATE, as the grants in the catalogue say; id never updatable */
    uint32_t        readable_version;           /* bit role: may read what row_version is taken from */
    uint32_t        deletable;                  /* bit role: DELETE is granted */
} hgi_table;

/* All tables, by HG_TABLE_*. */
extern const hgi_table *const hgi_tables[];
extern const int32_t hgi_table_count;

/* All operations, by HG_OPERATION_*. */
extern const hg_operation_info *const hgi_operations[];
extern const int32_t hgi_operation_count;

/* All views, by HG_VIEW_* - HG_VIEW_FIRST; and a table or view by its number, NULL: there is none. */
extern const hgi_table *const hgi_views[];
extern const int32_t hgi_view_count;
const hgi_table *hgi_table_of(int32_t number);

/* The part that all row structs begin with; the columns follow. */
typedef struct hgi_row {
    uint32_t struct_size;
    uint32_t reserved0;
    uint64_t row_version;
    uint64_t null_mask;
    uint64_t loaded_mask;
}
#if defined(__GNUC__)
    __attribute__((may_alias))        /* it is every row's head, whatever struct the caller made */
#endif
    hgi_row;

/* ---- The doors' other side: one function a call, whatever the table ---------------------------------------------- */

typedef struct hgi_list hgi_list;

hg_status hgi_get(hg_conn *conn, const hgi_table *table, const hg_uuid *id, const void **out, hg_error *err);
hg_status hgi_get_many(hg_conn *conn, const hgi_table *table, const hg_uuid *ids, size_t count, hgi_list **out,
                       hg_error *err);
hg_status hgi_insert(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, const void **out,
                     hg_error *err);
hg_status hgi_insert_many(hg_conn *conn, const hgi_table *table, const void *rows, size_t count, size_t stride,
                          uint64_t set, hgi_list **out, hg_error *err);
hg_status hgi_update(hg_conn *conn, const hgi_table *table, const hg_uuid *id, const void *row, uint64_t set,
                     const void **out, hg_error *err);
hg_status hgi_upsert(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, int32_t key,
                     const void **out, hg_error *err);
hg_status hgi_upsert_many(hg_conn *conn, const hgi_table *table, const void *rows, size_t count, size_t stride,
                          uint64_t set, int32_t key, hgi_list **out, hg_error *err);
hg_status hgi_delete(hg_conn *conn, const hgi_table *table, const hg_uuid *id, hg_error *err);

void        hgi_row_free(const void *row);
const void *hgi_list_rows(const hgi_list *list, size_t *count, size_t *stride);
const void *hgi_list_at(const hgi_list *list, size_t i);
size_t      hgi_list_count(const hgi_list *list);
void        hgi_list_free(hgi_list *list);

hg_draft   *hgi_draft_new(const hgi_table *table);
const void *hgi_draft_rows(const hgi_table *table, const hg_draft *draft, size_t *count, size_t *stride,
                           uint64_t *set);
const hgi_table *hgi_draft_table(const hg_draft *draft);
hg_draft   *hgi_draft_new_params(const hg_table_info *params);       /* of an operation; setters keep its set */
const void *hgi_draft_params(const hg_table_info *params, const hg_draft *draft);

hg_status   hgi_row_to_json(const hgi_table *table, const void *row, hg_text **out, hg_error *err);
/* Fills an empty draft, which it takes, whatever the outcome. */
hg_status   hgi_draft_from_json(hg_draft *draft, const char *ptr, size_t len, hg_draft **out, hg_error *err);
hg_status   hgi_row_from_json(const hgi_table *table, const char *ptr, size_t len, hg_draft **out, hg_error *err);

const char *hgi_enum_name(const hgi_table *table, int32_t column, int32_t value);
int32_t     hgi_enum_parse(const hgi_table *table, int32_t column, const char *ptr, size_t len);

#endif
