/* inet.c - fuzzes addresses: the input as a cell of the server, and as text. */
#include "require.h"

#include "value/value.h"

static void
come_back(const hg_inet *value)
{
    char cell[HGI_INET_BYTES];
    char text[HG_INET_TEXT_SIZE];
    hg_inet back;

    REQUIRE(hgi_inet_check(value) == NULL);
    REQUIRE(hgi_inet_decode(cell, hgi_inet_encode(value, cell), &back) == HGI_DECODED);
    REQUIRE(memcmp(value, &back, sizeof back) == 0);
    REQUIRE(hg_inet_to_text(value, text, sizeof text, NULL) == HG_OK);
    REQUIRE(hg_inet_parse(text, strlen(text), &back, NULL) == HG_OK);
    REQUIRE(memcmp(value, &back, sizeof back) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hg_inet value;
    hg_error err;

    if (hgi_inet_decode((const char *)data, size, &value) == HGI_DECODED)
        come_back(&value);
    if (hg_inet_parse((const char *)data, size, &value, &err) == HG_OK)
        come_back(&value);
    return 0;
}
