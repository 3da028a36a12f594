/* arena.c - many small pieces, freed together: the rows and texts of a list.
 *
 *   first -> [older|size|pieces ... next    end] -> [older|size|pieces] -> NULL
 *
 * Each block has twice the size of the one before, from 64 KiB to 1 MiB, so that a short list
 * costs one malloc and a long one few. A piece larger than the next block gets a block of its
 * own, hung behind the first, so that the room left in the first is not lost. Only
 * hgi_arena_alloc() aligns; copied texts lie byte to byte. */
#include "memory/memory.h"

#include <string.h>

enum {
    HGI_BLOCK_FIRST = 64 * 1024,
    HGI_BLOCK_LAST = 1024 * 1024,
    HGI_BLOCK_HEAD = 16             /* sizeof(hgi_block) or more, so that pieces begin aligned */
};

struct hgi_block {
    hgi_block *older;
    size_t     size;                /* bytes, the head included */
};

_Static_assert(sizeof(hgi_block) <= HGI_BLOCK_HEAD, "a block's head has 16 bytes");

/* Bytes left in the first block; of an arena without one, none. */
static size_t
room_left(const hgi_arena *arena)
{
    return (size_t)((uintptr_t)arena->end - (uintptr_t)arena->next);
}

static size_t
next_block_size(const hgi_arena *arena)
{
    if (arena->first == NULL)
        return HGI_BLOCK_FIRST;
    return arena->first->size < HGI_BLOCK_LAST / 2 ? arena->first->size * 2 : HGI_BLOCK_LAST;
}

static hgi_block *
add_block(hgi_arena *arena, size_t size)
{
    hgi_block *block = hgi_alloc(size);

    if (block == NULL)
        return NULL;
    block->size = size;
    block->older = NULL;
    arena->grown += size;
    return block;
}

/* A piece in a block of its own. It hangs behind the first one, which stays in use. */
static char *
alloc_alone(hgi_arena *arena, size_t size)
{
    hgi_block *block = add_block(arena, size + HGI_BLOCK_HEAD);

    if (block == NULL)
        return NULL;
    block->older = arena->first->older;
    arena->first->older = block;
    return (char *)block + HGI_BLOCK_HEAD;
}

/* Starts a new first block and cuts the piece from its beginning. */
static char *
alloc_next_block(hgi_arena *arena, size_t block_size, size_t size)
{
    hgi_block *block = add_block(arena, block_size);

    if (block == NULL)
        return NULL;
    block->older = arena->first;
    arena->first = block;
    arena->next = (char *)block + HGI_BLOCK_HEAD + size;
    arena->end = (char *)block + block_size;
    return (char *)block + HGI_BLOCK_HEAD;
}

/* A piece that the first block has no room for. */
static char *
alloc_elsewhere(hgi_arena *arena, size_t size)
{
    size_t block_size = next_block_size(arena);

    if (size > SIZE_MAX - HGI_BLOCK_HEAD)
        return NULL;
    if (size <= block_size - HGI_BLOCK_HEAD)
        return alloc_next_block(arena, block_size, size);
    if (arena->first != NULL)
        return alloc_alone(arena, size);
    /* The arena begins with this piece: without a first block to hang behind, it is one, and
     * full. */
    return alloc_next_block(arena, size + HGI_BLOCK_HEAD, size);
}

void *
hgi_arena_alloc(hgi_arena *arena, size_t size)
{
    size_t left = room_left(arena);
    size_t skip = (size_t)(-(uintptr_t)arena->next & 7);
    char *piece;

    if (left < skip || left - skip < size || arena->next == NULL)
        return alloc_elsewhere(arena, size);
    piece = arena->next + skip;
    arena->next = piece + size;
    return piece;
}

char *
hgi_arena_copy(hgi_arena *arena, const char *ptr, size_t len)
{
    char *copy = arena->next;

    if (len >= room_left(arena)) {
        if (len == SIZE_MAX)
            return NULL;
        copy = alloc_elsewhere(arena, len + 1);
        if (copy == NULL)
            return NULL;
    } else {
        arena->next += len + 1;
    }
    if (len > 0)
        memcpy(copy, ptr, len);
    copy[len] = '\0';
    return copy;
}

static void
free_blocks(hgi_block *block)
{
    while (block != NULL) {
        hgi_block *older = block->older;

        hgi_free(block);
        block = older;
    }
}

/* The block in use stays, unless it was made for one huge piece. */
void
hgi_arena_clear(hgi_arena *arena)
{
    hgi_block *kept = arena->first;

    if (kept == NULL)
        return;
    if (kept->size > HGI_BLOCK_LAST) {
        hgi_arena_free(arena);
        return;
    }
    free_blocks(kept->older);
    kept->older = NULL;
    arena->next = (char *)kept + HGI_BLOCK_HEAD;
    arena->end = (char *)kept + kept->size;
    arena->grown = kept->size;
}

void
hgi_arena_free(hgi_arena *arena)
{
    free_blocks(arena->first);
    *arena = (hgi_arena){ 0 };
}
