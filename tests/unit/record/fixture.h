/* fixture.h - a table that no database has, with a column of each kind, for the tests of the engine.
 *
 *     CREATE TABLE parcels (
 *         id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
 *         owner_id    uuid,
 *         title       varchar(10) NOT NULL,
 *         note        text,
 *         details     jsonb DEFAULT '{}',
 *         state       varchar NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'sent', 'lost "twice"')),
 *         class       varchar CHECK (class IN ('letter', 'box')),
 *         mood        varchar CHECK (mood IN ('good')),
 *         pieces      integer DEFAULT 1,
 *         is_fragile  boolean DEFAULT false,
 *         price       numeric(10,2),
 *         rate        numeric,
 *         sent_at     timestamp,
 *         due         date,
 *         tags        text[] DEFAULT '{}',
 *         origin      inet
 *     ) */
#ifndef TESTS_UNIT_RECORD_FIXTURE_H
#define TESTS_UNIT_RECORD_FIXTURE_H

#include "record/record.h"
#include "value/value.h"

enum {
    PARCEL_ID, PARCEL_OWNER_ID, PARCEL_TITLE, PARCEL_NOTE, PARCEL_DETAILS, PARCEL_STATE, PARCEL_CLASS, PARCEL_MOOD,
    PARCEL_PIECES, PARCEL_IS_FRAGILE, PARCEL_PRICE, PARCEL_RATE, PARCEL_SENT_AT, PARCEL_DUE, PARCEL_TAGS,
    PARCEL_ORIGIN, PARCEL_COLUMNS
};

enum { PARCEL_STATE_NEW = 1, PARCEL_STATE_SENT = 2, PARCEL_STATE_LOST_TWICE = 3 };
enum { PARCEL_CLASS_LETTER = 1, PARCEL_CLASS_BOX = 2 };

typedef struct parcel {
    uint32_t struct_size;
    uint32_t reserved0;
    uint64_t row_version;
    uint64_t null_mask;
    uint64_t loaded_mask;
    hg_uuid id;
    hg_uuid owner_id;
    hg_str title;
    hg_str note;
    hg_json details;
    int32_t state;
    int32_t class_;
    int32_t mood;
    int32_t pieces;
    int32_t is_fragile;
    int32_t reserved1;
    hg_decimal price;
    hg_decimal rate;
    hg_timestamp sent_at;
    hg_date due;
    int32_t reserved2;
    hg_str_list tags;
    hg_inet origin;
    const hg_str *unknown_text;
} parcel;

extern const hgi_table parcels;

/* Another table, to be mistaken for parcels. */
extern const hgi_table crates;

enum { PARCEL_ALL = (1 << PARCEL_COLUMNS) - 1 };

/* A row as the library reads it, every column loaded, all of them with a value; its text is static. */
parcel a_loaded_parcel(void);

/* The first difference between what two rows say: a column's name, "null_mask"; NULL: none. Texts and lists are
 * compared by what they hold. Works for rows of every table; loaded_mask and row_version do not count. */
const char *row_difference(const hgi_table *table, const void *a, const void *b);

/* "abc" as an hg_str. */
hg_str str(const char *text);

#endif
