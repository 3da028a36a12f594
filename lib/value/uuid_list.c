/* uuid_list.c - uuid[].
 *
 * array_send and array_recv in the server: dimensions, whether an element is NULL, the element's type; of each dimension
 * its length and lower bound; then each element's length and bytes. An empty array has no dimension and ends there.
 *
 *     00000001 00000000 00000b86   00000002 00000001   00000010 <16 bytes>   00000010 <16 bytes> */
#include "value/value.h"

#include <string.h>

enum { HEAD = 12, HEAD_AND_DIMENSION = 20, ELEMENT = 4 + 16, COUNT_MAX = 40 * 1000 * 1000 /* a length is an int */ };

hgi_decoded
hgi_uuid_list_size(const char *cell, size_t len, size_t *count)
{
    uint32_t dimensions;

    *count = 0;
    if (len < HEAD || hgi_get32(cell + 8) != HGI_OID_UUID)
        return HGI_MALFORMED;
    dimensions = hgi_get32(cell);
    if (dimensions == 0)
        return len == HEAD ? HGI_DECODED : HGI_MALFORMED;
    if (dimensions > 1)
        return HGI_OUT_OF_RANGE;
    if (len < HEAD_AND_DIMENSION)
        return HGI_MALFORMED;
    if (hgi_get32(cell + 4) != 0)
        return HGI_OUT_OF_RANGE;                         /* an element may be NULL */
    if (hgi_get32(cell + 12) != (len - HEAD_AND_DIMENSION) / ELEMENT || (len - HEAD_AND_DIMENSION) % ELEMENT != 0)
        return HGI_MALFORMED;
    for (size_t at = HEAD_AND_DIMENSION; at < len; at += ELEMENT)
        if (hgi_get32(cell + at) != sizeof(hg_uuid))
            return HGI_MALFORMED;
    *count = (len - HEAD_AND_DIMENSION) / ELEMENT;
    return HGI_DECODED;
}

void
hgi_uuid_list_decode(const char *cell, size_t count, hg_uuid *items)
{
    const char *p = cell + HEAD_AND_DIMENSION + 4;

    for (size_t i = 0; i < count; i++, p += ELEMENT)
        memcpy(items[i].bytes, p, sizeof items[i].bytes);
}

const char *
hgi_uuid_list_check(const hg_uuid_list *value)
{
    if (value->items == NULL && value->count > 0)
        return "has a count but no items";
    return value->count > COUNT_MAX ? "has too many items" : NULL;
}

void
hgi_uuid_list_encode(const hg_uuid_list *value, hgi_buffer *out)
{
    size_t head = value->count > 0 ? HEAD_AND_DIMENSION : HEAD;
    char *p = hgi_buffer_room(out, head + ELEMENT * value->count);

    if (p == NULL)
        return;
    hgi_put32(p, value->count > 0);
    hgi_put32(p + 4, 0);
    hgi_put32(p + 8, HGI_OID_UUID);
    if (value->count == 0)
        return;
    hgi_put32(p + 12, (uint32_t)value->count);
    hgi_put32(p + 16, 1);
    p += head;
    for (size_t i = 0; i < value->count; i++, p += ELEMENT) {
        hgi_put32(p, sizeof(hg_uuid));
        memcpy(p + 4, value->items[i].bytes, sizeof(hg_uuid));
    }
}

void
hgi_uuid_list_literal(const hg_uuid_list *value, hgi_buffer *out)
{
    char text[HG_UUID_TEXT_SIZE];

    hgi_buffer_add_byte(out, '{');
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0)
            hgi_buffer_add_byte(out, ',');
        hg_uuid_to_text(&value->items[i], text, sizeof text, NULL);
        hgi_buffer_add_text(out, text);
    }
    hgi_buffer_add_byte(out, '}');
}
