/* check.h - whether a database has the tables that this build knows. */
#ifndef HGI_CHECK_H
#define HGI_CHECK_H

#include "link/link.h"
#include "record/record.h"

/* One query. HG_E_SCHEMA: the first table or column that is missing or has another type. */
hg_status hgi_schema_check(hg_conn *conn, const hgi_table *const *tables, int32_t count, hg_error *err);

#endif
