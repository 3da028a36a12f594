/* buffer.c - text that grows, for SQL, JSON and parameters.
 *
 * ptr has room for capacity bytes, of which len are text and the next is a NUL byte: len <
 * capacity whenever there is memory at all. Growing doubles, so appending n bytes one by one
 * copies fewer than 2n. A buffer on borrowed memory (the stack, most often) moves to its own
 * when that is full and never frees what it was lent.
 *
 * When there is no memory the buffer is marked failed and keeps what it held; all later appends
 * do nothing. */
#include "memory/memory.h"

#include <string.h>

/* A short statement or parameter fits without growing, and malloc serves it from its small bins. */
enum { HGI_BUFFER_FIRST = 256 };

/* What is kept for the next time may grow to this. */
enum { HGI_BUFFER_KEPT = 64 * 1024 };

/* The next capacity that holds need bytes: doubled, or just need where doubling would wrap. */
static size_t
grown_capacity(size_t capacity, size_t need)
{
    size_t grown = capacity < HGI_BUFFER_FIRST ? HGI_BUFFER_FIRST : capacity;

    while (grown < need) {
        if (grown > SIZE_MAX / 2)
            return need;
        grown *= 2;
    }
    return grown;
}

int
hgi_buffer_grow(hgi_buffer *buf, size_t size)
{
    size_t capacity;
    char *moved;

    if (buf->failed || size > SIZE_MAX - buf->len - 1) {
        buf->failed = 1;
        return 0;
    }
    capacity = grown_capacity(buf->capacity, buf->len + size + 1);
    moved = buf->borrowed ? hgi_alloc(capacity) : hgi_realloc(buf->ptr, capacity);
    if (moved == NULL) {
        buf->failed = 1;
        return 0;
    }
    if (buf->borrowed && buf->len > 0)
        memcpy(moved, buf->ptr, buf->len);
    buf->ptr = moved;
    buf->capacity = capacity;
    buf->borrowed = 0;
    return 1;
}

void
hgi_buffer_on(hgi_buffer *buf, char *memory, size_t size)
{
    *buf = (hgi_buffer){ .ptr = memory, .capacity = size, .borrowed = 1 };
    if (size > 0)
        memory[0] = '\0';
}

void
hgi_buffer_clear(hgi_buffer *buf)
{
    buf->len = 0;
    buf->failed = 0;
    if (buf->capacity > 0)
        buf->ptr[0] = '\0';
}

void
hgi_buffer_empty(hgi_buffer *buf)
{
    if (buf->capacity > HGI_BUFFER_KEPT)
        hgi_buffer_free(buf);
    else
        hgi_buffer_clear(buf);
}

void
hgi_buffer_free(hgi_buffer *buf)
{
    if (!buf->borrowed)
        hgi_free(buf->ptr);
    *buf = (hgi_buffer){ 0 };
}

void
hgi_buffer_add(hgi_buffer *buf, const char *ptr, size_t len)
{
    char *room = hgi_buffer_room(buf, len);

    if (room != NULL && len > 0)    /* {NULL, 0} is a text too, but memcpy may not be given NULL */
        memcpy(room, ptr, len);
}

void
hgi_buffer_add_text(hgi_buffer *buf, const char *text)
{
    hgi_buffer_add(buf, text, strlen(text));
}

void
hgi_buffer_add_byte(hgi_buffer *buf, char byte)
{
    char *room = hgi_buffer_room(buf, 1);

    if (room != NULL)
        *room = byte;
}

void
hgi_buffer_add_int(hgi_buffer *buf, int64_t value)
{
    char digits[20];        /* "-9223372036854775808" */
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--at] = '-';
    hgi_buffer_add(buf, digits + at, sizeof digits - at);
}
