/* memory.h - all memory of the library: the one place that calls malloc, and where tests make it fail. */
#ifndef HGI_MEMORY_H
#define HGI_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* ---- alloc.c: malloc and friends ---------------------------------------------------------------------------- */

void *hgi_alloc(size_t size);                 /* NULL: out of memory */
void *hgi_alloc_zero(size_t size);
void *hgi_realloc(void *ptr, size_t size);    /* NULL: out of memory, ptr is as it was */
void  hgi_free(void *ptr);

#ifdef HGI_FAULTS
/* Test builds only. Allocation number n from now on fails, and all later ones if n is negative (-n); 0: none does. */
void hgi_fault_at(long n);
long hgi_fault_count(void);                   /* allocations since hgi_fault_at() */
long hgi_live_blocks(void);                   /* allocated and not freed */
#endif

/* ---- buffer.c: text that grows, for SQL, JSON and parameters ------------------------------------------------ */

/* A buffer that failed stays failed: further appends do nothing, and one check at the end suffices. What is in it is
 * always followed by a NUL byte that does not count. Zero it to begin with. */
typedef struct hgi_buffer {
    char   *ptr;
    size_t  len;
    size_t  capacity;
    int32_t failed;           /* 1: out of memory */
    int32_t borrowed;         /* 1: ptr is not this buffer's to free or grow in place: hgi_buffer_on() */
} hgi_buffer;

void hgi_buffer_on(hgi_buffer *buf, char *memory, size_t size); /* starts on the caller's memory, moves when full */
void hgi_buffer_clear(hgi_buffer *buf);                         /* empty, not failed, keeps its memory */
void hgi_buffer_free(hgi_buffer *buf);
void hgi_buffer_empty(hgi_buffer *buf);                         /* clear, or free if it has grown beyond 64 KiB */
/* Makes room for size more bytes and the NUL behind them; 0: failed, and nothing has changed but the mark. */
int   hgi_buffer_grow(hgi_buffer *buf, size_t size);
/* size more bytes, counted; NULL: failed. In the header because a batch of rows asks for each of its values. */
static inline char *
hgi_buffer_room(hgi_buffer *buf, size_t size)
{
    char *room;

    if (buf->failed || (buf->capacity - buf->len <= size && !hgi_buffer_grow(buf, size)))
        return NULL;
    room = buf->ptr + buf->len;
    buf->len += size;
    buf->ptr[buf->len] = '\0';
    return room;
}
void hgi_buffer_add(hgi_buffer *buf, const char *ptr, size_t len);
void hgi_buffer_add_text(hgi_buffer *buf, const char *text);    /* NUL-ended */
void hgi_buffer_add_byte(hgi_buffer *buf, char byte);
void hgi_buffer_add_int(hgi_buffer *buf, int64_t value);        /* in decimal digits */

/* ---- arena.c: many small pieces, freed together ------------------------------------------------------------- */

/* Blocks of at least 64 KiB, doubling to 1 MiB. Zero it to begin with, or let next and end be memory of somebody else's that is to
 * be used up first. */
typedef struct hgi_block hgi_block;
typedef struct hgi_arena {
    hgi_block *first;         /* the block in use; older ones hang behind it */
    char      *next;
    char      *end;
    size_t     grown;         /* bytes in all blocks */
} hgi_arena;

void *hgi_arena_alloc(hgi_arena *arena, size_t size);                        /* aligned to 8; NULL: out of memory */
char *hgi_arena_copy(hgi_arena *arena, const char *ptr, size_t len);         /* with a NUL byte behind it */
void  hgi_arena_clear(hgi_arena *arena);                                     /* empty, keeps a block */
void  hgi_arena_free(hgi_arena *arena);

#endif
