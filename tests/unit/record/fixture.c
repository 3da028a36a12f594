/* fixture.c - see fixture.h. */
#include "fixture.h"

#include <stddef.h>
#include <string.h>

static const char *const state_values[] = { "new", "sent", "lost \"twice\"" };
static const char *const class_values[] = { "letter", "box" };
static const char *const mood_values[] = { "good" };

#define COLUMN(name_, kind_, field_, nullable_) \
    .name = name_, .field = #field_, .kind = kind_, .offset = offsetof(parcel, field_), .nullable = nullable_
#define VALUES(values_) .values = values_, .value_count = (int32_t)(sizeof values_ / sizeof values_[0])

static const hg_column_info columns[] = {
    [PARCEL_ID] = { COLUMN("id", HG_KIND_UUID, id, 0), .default_sql = "gen_random_uuid()" },
    [PARCEL_OWNER_ID] = { COLUMN("owner_id", HG_KIND_UUID, owner_id, 1) },
    [PARCEL_TITLE] = { COLUMN("title", HG_KIND_TEXT, title, 0), .length = 10 },
    [PARCEL_NOTE] = { COLUMN("note", HG_KIND_TEXT, note, 1) },
    [PARCEL_DETAILS] = { COLUMN("details", HG_KIND_JSON, details, 1), .default_sql = "'{}'::jsonb" },
    [PARCEL_STATE] = { COLUMN("state", HG_KIND_ENUM, state, 0), VALUES(state_values), .default_sql = "'new'" },
    [PARCEL_CLASS] = { COLUMN("class", HG_KIND_ENUM, class_, 1), VALUES(class_values) },
    [PARCEL_MOOD] = { COLUMN("mood", HG_KIND_ENUM, mood, 1), VALUES(mood_values) },
    [PARCEL_PIECES] = { COLUMN("pieces", HG_KIND_INT, pieces, 1), .default_sql = "1" },
    [PARCEL_IS_FRAGILE] = { COLUMN("is_fragile", HG_KIND_BOOL, is_fragile, 1), .default_sql = "false" },
    [PARCEL_PRICE] = { COLUMN("price", HG_KIND_DECIMAL, price, 1), .length = 10, .scale = 2 },
    [PARCEL_RATE] = { COLUMN("rate", HG_KIND_DECIMAL, rate, 1) },
    [PARCEL_SENT_AT] = { COLUMN("sent_at", HG_KIND_TIMESTAMP, sent_at, 1) },
    [PARCEL_DUE] = { COLUMN("due", HG_KIND_DATE, due, 1) },
    [PARCEL_TAGS] = { COLUMN("tags", HG_KIND_TEXT_LIST, tags, 1), .default_sql = "'{}'::text[]" },
    [PARCEL_ORIGIN] = { COLUMN("origin", HG_KIND_INET, origin, 1) },
};

static const uint32_t types[] = {
    HGI_OID_UUID, HGI_OID_UUID, HGI_OID_VARCHAR, HGI_OID_TEXT, HGI_OID_JSONB, HGI_OID_VARCHAR, HGI_OID_VARCHAR,
    HGI_OID_VARCHAR, HGI_OID_INT4, HGI_OID_BOOL, HGI_OID_NUMERIC, HGI_OID_NUMERIC, HGI_OID_TIMESTAMP, HGI_OID_DATE,
    HGI_OID_TEXT_ARRAY, HGI_OID_INET
};

const hgi_table parcels = {
    .info = {
        .struct_size = sizeof(hg_table_info), .table = 0, .name = "parcels", .singular = "parcel",
        .columns = columns, .column_count = PARCEL_COLUMNS, .column_stride = sizeof(hg_column_info),
        .row_size = sizeof(parcel), .version_column = -1, .key_stride = sizeof(hg_key_info),
    },
    .relation = "public.parcels",
    .types = types,
    .unknown_offset = offsetof(parcel, unknown_text),
};

const hgi_table crates = {
    .info = {
        .struct_size = sizeof(hg_table_info), .table = 1, .name = "crates", .singular = "crate",
        .columns = columns, .column_count = PARCEL_TITLE + 1, .column_stride = sizeof(hg_column_info),
        .row_size = sizeof(parcel), .version_column = -1, .key_stride = sizeof(hg_key_info),
    },
    .relation = "public.crates",
    .types = types,
};

hg_str
str(const char *text)
{
    return (hg_str){ text, strlen(text) };
}

parcel
a_loaded_parcel(void)
{
    static const hg_str tags[] = { { "a,b", 3 }, { NULL, 0 }, { "", 0 } };
    static const uint8_t nulls[] = { 2 };

    return (parcel){
        .struct_size = sizeof(parcel), .row_version = 7, .loaded_mask = PARCEL_ALL,
        .id = { { 0x01, 0x90, 0xC0, 0xDE, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1 } },
        .owner_id = { { 0xFF, 0xFF } },
        .title = str("C \"11\"\n"), .note = str(""), .details = str("{\"big\": 9007199254740993}"),
        .state = PARCEL_STATE_LOST_TWICE, .class_ = PARCEL_CLASS_LETTER, .mood = 1, .pieces = -2147483647 - 1,
        .is_fragile = 1, .price = { 1250, 2, 0 }, .rate = { -5, 3, 0 },
        .sent_at = INT64_C(1795343830123456), .due = 20779, .tags = { tags, nulls, 3 },
        .origin = { { 192, 0, 2 }, 4, 24, { 0 } },
    };
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static int
same_text(const hg_str *a, const hg_str *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->ptr, b->ptr, a->len) == 0);
}

static int
same_list(const hg_str_list *a, const hg_str_list *b)
{
    if (a->count != b->count)
        return 0;
    for (size_t i = 0; i < a->count; i++)
        if (hgi_text_list_is_null(a, i) != hgi_text_list_is_null(b, i) || !same_text(&a->items[i], &b->items[i]))
            return 0;
    return 1;
}

static size_t
size_of(int32_t kind)
{
    switch (kind) {
    case HG_KIND_UUID:      return sizeof(hg_uuid);
    case HG_KIND_DECIMAL:   return sizeof(hg_decimal);
    case HG_KIND_TIMESTAMP: return sizeof(hg_timestamp);
    case HG_KIND_INET:      return sizeof(hg_inet);
    default:                return sizeof(int32_t);
    }
}

static int
same_field(int32_t kind, const void *a, const void *b)
{
    if (kind == HG_KIND_TEXT || kind == HG_KIND_JSON)
        return same_text(a, b);
    if (kind == HG_KIND_TEXT_LIST)
        return same_list(a, b);
    return memcmp(a, b, size_of(kind)) == 0;
}

const char *
row_difference(const hgi_table *table, const void *a, const void *b)
{
    const hgi_row *head_a = a, *head_b = b;

    if (head_a->null_mask != head_b->null_mask)
        return "null_mask";
    for (int32_t i = 0; i < table->info.column_count; i++) {
        const hg_column_info *column = &table->info.columns[i];

        if (!same_field(column->kind, (const char *)a + column->offset, (const char *)b + column->offset))
            return column->name;
    }
    return NULL;
}
