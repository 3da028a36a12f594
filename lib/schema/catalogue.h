/* catalogue.h - what a database is, as sorted lines of text: one query, asked by the generator of the database that it
 * reads, and by hg_schema_verify() of the caller's.
 *
 * No more than texts, since the generator, which knows nothing of connections, links catalogue.c too. */
#ifndef HGI_CATALOGUE_H
#define HGI_CATALOGUE_H

#include <stdint.h>

/* A SELECT without parameters that makes PostgreSQL print names and values alike wherever it runs, up to the end of the
 * transaction. To be run before the query, in its transaction. */
extern const char hgi_catalogue_settings[];

/* The query. Its one column is text, a line a row, in the order of strcmp(). */
extern const char hgi_catalogue_sql[];

/* What the query gave when this library was generated: lib/generated/catalogue.c. */
extern const char *const hgi_catalogue_lines[];
extern const int32_t hgi_catalogue_line_count;

#endif
