/* check.h - whether the database has the tables and columns that this build was generated for; at connect. */
#ifndef HGI_CHECK_H
#define HGI_CHECK_H

#include "link/link.h"
#include "record/record.h"

/* Compares the database's columns with the descriptors, in one trip. What the database has besides is a newer schema's,
 * and fine. Needs no right on the tables, and sends no context row.
 * HG_E_SCHEMA  a table or a column is missing, or has another type: err's table and column name the first */
hg_status hgi_schema_check(hg_conn *conn, const hgi_table *const *tables, int32_t count, hg_error *err);

#endif
