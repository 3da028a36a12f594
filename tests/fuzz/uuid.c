/* uuid.c - fuzzes uuids: the input as a cell of the server, and as text. */
#include "require.h"

#include "value/value.h"

static void
come_back(const hg_uuid *value)
{
    char cell[16];
    char text[HG_UUID_TEXT_SIZE];
    hg_uuid back;

    REQUIRE(hgi_uuid_decode(cell, hgi_uuid_encode(value, cell), &back) == HGI_DECODED);
    REQUIRE(memcmp(value, &back, sizeof back) == 0);
    REQUIRE(hg_uuid_to_text(value, text, sizeof text, NULL) == HG_OK);
    REQUIRE(hg_uuid_parse(text, strlen(text), &back, NULL) == HG_OK);
    REQUIRE(memcmp(value, &back, sizeof back) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hg_uuid value;
    hg_error err;

    if (hgi_uuid_decode((const char *)data, size, &value) == HGI_DECODED)
        come_back(&value);
    if (hg_uuid_parse((const char *)data, size, &value, &err) == HG_OK)
        come_back(&value);
    return 0;
}
