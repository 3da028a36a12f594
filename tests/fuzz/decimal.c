/* decimal.c - fuzzes decimals: the input as a cell of the server, and as text.
 *
 * What decodes is a legal decimal, and comes back from its own bytes and text as it is. */
#include "require.h"

#include "value/value.h"

static void
come_back(const hg_decimal *value)
{
    char cell[HGI_DECIMAL_BYTES];
    char text[HG_DECIMAL_TEXT_SIZE];
    hg_decimal back;
    size_t size;

    REQUIRE(hgi_decimal_check(value, 0, 0) == NULL);
    size = hgi_decimal_encode(value, cell);
    REQUIRE(size <= sizeof cell && hgi_decimal_decode(cell, size, &back) == HGI_DECODED);
    REQUIRE(hgi_decimal_compare(value, &back) == 0 && value->scale == back.scale);
    REQUIRE(hg_decimal_to_text(value, text, sizeof text, NULL) == HG_OK);
    REQUIRE(hg_decimal_parse(text, strlen(text), &back, NULL) == HG_OK);
    REQUIRE(hgi_decimal_compare(value, &back) == 0 && value->scale == back.scale);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hg_decimal value;
    hg_error err;

    if (hgi_decimal_decode((const char *)data, size, &value) == HGI_DECODED)
        come_back(&value);
    if (hg_decimal_parse((const char *)data, size, &value, &err) == HG_OK)
        come_back(&value);
    (void)hgi_decimal_check(&value, 5, 2);
    return 0;
}
