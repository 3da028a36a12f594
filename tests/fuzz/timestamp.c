/* timestamp.c - fuzzes timestamps and dates: the input as a cell of the server, and as text. */
#include "require.h"

#include "value/value.h"

static void
timestamp_comes_back(hg_timestamp value)
{
    char cell[8];
    char text[HG_TIMESTAMP_TEXT_SIZE];
    hg_timestamp back;

    REQUIRE(hgi_timestamp_check(value) == HG_OK);
    REQUIRE(hgi_timestamp_decode(cell, hgi_timestamp_encode(value, cell), &back) == HGI_DECODED);
    REQUIRE(back == value);
    REQUIRE(hg_timestamp_to_text(value, text, sizeof text, NULL) == HG_OK);
    REQUIRE(hg_timestamp_parse(text, strlen(text), &back, NULL) == HG_OK && back == value);
}

static void
date_comes_back(hg_date value)
{
    char cell[4];
    char text[HG_DATE_TEXT_SIZE];
    hg_date back;

    REQUIRE(hgi_date_check(value) == HG_OK);
    REQUIRE(hgi_date_decode(cell, hgi_date_encode(value, cell), &back) == HGI_DECODED);
    REQUIRE(back == value);
    REQUIRE(hg_date_to_text(value, text, sizeof text, NULL) == HG_OK);
    REQUIRE(hg_date_parse(text, strlen(text), &back, NULL) == HG_OK && back == value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *cell = (const char *)data;
    char text[HG_TIMESTAMP_TEXT_SIZE];
    hg_timestamp timestamp;
    hg_date date;
    hg_error err;

    if (hgi_timestamp_decode(cell, size, &timestamp) == HGI_DECODED)
        timestamp_comes_back(timestamp);
    if (hg_timestamp_parse(cell, size, &timestamp, &err) == HG_OK)
        timestamp_comes_back(timestamp);
    if (hgi_date_decode(cell, size, &date) == HGI_DECODED)
        date_comes_back(date);
    if (hg_date_parse(cell, size, &date, &err) == HG_OK)
        date_comes_back(date);
    if (size == 8)              /* any int64 can be printed, if not stored */
        REQUIRE(hg_timestamp_to_text((hg_timestamp)hgi_get64(cell), text, sizeof text, NULL) ==
                HG_OK);
    if (size == 4)
        REQUIRE(hg_date_to_text((hg_date)hgi_get32(cell), text, HG_DATE_TEXT_SIZE, NULL) == HG_OK);
    return 0;
}
