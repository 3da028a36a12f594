/* memory.c - memory that is kept until the program ends, and the end of the program.
 *
 * The generator runs for a second and needs some megabytes: nothing is freed in between. At the end all is, so that
 * a leak checker has nothing to say. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

typedef union chunk {
    union chunk *before;
    max_align_t  aligned;
} chunk;

static chunk *last;

static void
free_all(void)
{
    while (last != NULL) {
        chunk *before = last->before;

        free(last);
        last = before;
    }
}

void *
keep(size_t size)
{
    chunk *c = calloc(1, sizeof *c + size);

    if (c == NULL)
        die("out of memory");
    if (last == NULL)
        atexit(free_all);
    c->before = last;
    last = c;
    return c + 1;
}

void *
keep_grown(void *old, size_t old_size, size_t size)
{
    void *grown = keep(size);

    if (old_size > 0)
        memcpy(grown, old, old_size);
    return grown;
}

char *
keep_text(const char *ptr, size_t len)
{
    char *copy = keep(len + 1);

    memcpy(copy, ptr, len);
    return copy;
}

/* Capacity follows from count: 0, 8, 16, 32, ... */
void *
more(void *items, size_t count, size_t size)
{
    if (count != 0 && (count < 8 || (count & (count - 1)) != 0))
        return items;
    return keep_grown(items, count * size, (count == 0 ? 8 : count * 2) * size);
}

char *
format(const char *how, ...)
{
    va_list args;
    int len;
    char *made;

    va_start(args, how);
    len = vsnprintf(NULL, 0, how, args);
    va_end(args);
    made = keep((size_t)len + 1);
    va_start(args, how);
    vsnprintf(made, (size_t)len + 1, how, args);
    va_end(args);
    return made;
}

void
die(const char *how, ...)
{
    va_list args;

    va_start(args, how);
    fputs("gen: ", stderr);
    vfprintf(stderr, how, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

void
die_at(const char *file, int line, const char *how, ...)
{
    va_list args;

    va_start(args, how);
    if (line > 0)
        fprintf(stderr, "%s:%d: ", file, line);
    else
        fprintf(stderr, "%s: ", file);
    vfprintf(stderr, how, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}
