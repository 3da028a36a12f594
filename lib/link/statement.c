/* statement.c - the prepared statements of one connection.
 *
 * A statement is found by its key (shape and role, made by the layers above), prepared at its first use, in the same
 * write as that use, and kept. Its name is a hash of its key and text: behind a pooler that mixes clients' sessions, whoever
 * has prepared the same name has prepared the same statement, so a collision is an error (42P05) and never somebody else's
 * query. Two roles have two names for one text, as they have two plans.
 *
 * When as many are kept as may be, a new one is passing: it runs without a name. It takes the place of the one used longest
 * ago when it comes again and that one has not been used since. So what is used once drives nothing out, and of more shapes in
 * turn than there are places, which would each come just after it has left, those that have places keep them.
 *
 * Order of calls: find, else add; the call in hand marks it prepared once the server has confirmed its Parse. */
#include "link/link_int.h"

#include <string.h>

/* A call uses four at most: its own, its probe, the context row and BEGIN. None of them may push another out.
 *
 * By default as many are kept as a program with a thousand shapes of query needs, since one that comes back after it left is
 * parsed, planned and deallocated at each of its calls. Only those in use cost: the server some 15 KiB for few columns and
 * 40 for the 29 of jobs, a generic plan included (PostgreSQL 15). */
enum { BUCKETS_AT_FIRST = 64, LIMIT_BY_DEFAULT = 1024, LIMIT_AT_LEAST = 8 };

static inline uint64_t
hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0xD6E8FEB86659FD93);
    return hash ^ hash >> 32;
}

/* Eight bytes at a time, since keys are looked up in every call; good enough for buckets and for names. */
static uint64_t
hash_of(const void *ptr, size_t len)
{
    const char *p = ptr;
    uint64_t hash = UINT64_C(0x9E3779B97F4A7C15) ^ len, word;

    for (; len >= sizeof word; p += sizeof word, len -= sizeof word) {
        memcpy(&word, p, sizeof word);
        hash = hash_word(hash, word);
    }
    if (len == 0)
        return hash;
    word = 0;
    memcpy(&word, p, len);
    return hash_word(hash, word);
}

hgi_statements *
hgi_statements_new(int32_t limit)
{
    hgi_statements *all = hgi_alloc_zero(sizeof *all);

    if (all == NULL)
        return NULL;
    all->limit = limit > 0 ? limit : LIMIT_BY_DEFAULT;
    if (all->limit < LIMIT_AT_LEAST)
        all->limit = LIMIT_AT_LEAST;
    all->bucket_count = BUCKETS_AT_FIRST;
    while (all->bucket_count < (size_t)all->limit)
        all->bucket_count *= 2;
    all->buckets = hgi_alloc_zero(all->bucket_count * sizeof(hgi_statement *));
    if (all->buckets == NULL) {
        hgi_free(all);
        return NULL;
    }
    return all;
}

static void
free_ages(hgi_ages *ages)
{
    for (hgi_statement *s = ages->newest, *older; s != NULL; s = older) {
        older = s->older;
        hgi_free(s->expected);
        hgi_free(s);
    }
}

void
hgi_statements_free(hgi_statements *all)
{
    if (all == NULL)
        return;
    free_ages(&all->kept);
    free_ages(&all->passing);
    hgi_free(all->buckets);
    hgi_free(all);
}

void
hgi_statements_forget(hgi_statements *all)
{
    for (hgi_statement *s = all->kept.newest; s != NULL; s = s->older) {
        s->state = HGI_STATEMENT_NEW;
        s->checked = 0;
    }
    all->leaving_count = 0;
}

/* ---- Ages -------------------------------------------------------------------------------------------------------------- */

static void
leave_ages(hgi_statements *all, hgi_statement *s)
{
    hgi_ages *ages = s->kept ? &all->kept : &all->passing;

    *(s->newer != NULL ? &s->newer->older : &ages->newest) = s->older;
    *(s->older != NULL ? &s->older->newer : &ages->oldest) = s->newer;
    ages->count--;
}

static void
join_as_newest(hgi_statements *all, hgi_statement *s)
{
    hgi_ages *ages = s->kept ? &all->kept : &all->passing;

    s->newer = NULL;
    s->older = ages->newest;
    *(ages->newest != NULL ? &ages->newest->newer : &ages->oldest) = s;
    ages->newest = s;
    ages->count++;
}

/* Whether there is a place for one that was last used then. The oldest gives up its own if it has not been used since; its
 * name is kept for the DEALLOCATE that travels with a later call. While a batch is open the limit is passed instead: what it
 * has sent may be that oldest. */
static int
make_place(hg_conn *conn, uint64_t used)
{
    hgi_statements *all = conn->statements;

    while (all->kept.count >= all->limit) {
        hgi_statement *s = all->kept.oldest;

        while (s == conn->context.statement || s == conn->context.timed)
            s = s->newer;
        if (s->used >= used)
            return 0;
        if (conn->batch != NULL)
            return 1;
        if (all->leaving_count == HGI_LEAVING_MAX)
            return 0;
        if (s->state == HGI_STATEMENT_PREPARED)
            memcpy(all->leaving[all->leaving_count++], s->name, sizeof s->name);
        conn->stats.evicted++;
        leave_ages(all, s);
        s->kept = 0;
        s->state = HGI_STATEMENT_NEW;
        join_as_newest(all, s);
    }
    return 1;
}

/* ---- Finding and adding ------------------------------------------------------------------------------------------------ */

hgi_statement *
hgi_statement_find(hg_conn *conn, const void *key, size_t len)
{
    hgi_statements *all = conn->statements;
    uint64_t hash = hash_of(key, len);

    for (hgi_statement *s = all->buckets[hash & (all->bucket_count - 1)]; s != NULL; s = s->chain) {
        if (s->hash == hash && s->key_len == len && memcmp(s->key, key, len) == 0) {
            if (s != all->kept.newest) {
                leave_ages(all, s);
                s->kept = s->kept || make_place(conn, s->used);
                join_as_newest(all, s);
            }
            s->used = ++all->clock;
            return s;
        }
    }
    return NULL;
}

void
hgi_statement_keep(hg_conn *conn, hgi_statement *s)
{
    if (s->kept)
        return;
    leave_ages(conn->statements, s);
    make_place(conn, s->used);
    s->kept = 1;
    join_as_newest(conn->statements, s);
}

/* Nothing is known any more of those that passed longest ago. */
static void
forget_passing(hg_conn *conn)
{
    hgi_statements *all = conn->statements;

    while (all->passing.count >= all->limit && conn->batch == NULL) {
        hgi_statement *s = all->passing.oldest;
        hgi_statement **at = &all->buckets[s->hash & (all->bucket_count - 1)];

        while (*at != s)
            at = &(*at)->chain;
        *at = s->chain;
        leave_ages(all, s);
        hgi_free(s->expected);
        hgi_free(s);
    }
}

/* Also for a statement whose old name the server keeps for something out of date: edition tells them apart. */
void
hgi_statement_rename(hgi_statement *s)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t hash = hash_of(s->sql, strlen(s->sql)) ^ s->hash * UINT64_C(31) ^ s->edition;

    s->edition++;
    memcpy(s->name, "hg_", 3);
    for (int i = 0; i < 16; i++)
        s->name[3 + i] = digits[(hash >> (60 - 4 * i)) & 15];
    s->name[19] = '\0';
}

hgi_statement *
hgi_statement_add(hg_conn *conn, const void *key, size_t len, const char *sql, int32_t param_count,
                  const uint32_t *param_types, hg_error *err)
{
    hgi_statements *all = conn->statements;
    size_t sql_size = strlen(sql) + 1;
    size_t types_size = (size_t)param_count * sizeof(uint32_t);
    size_t key_size = (len + sizeof(uint32_t) - 1) / sizeof(uint32_t) * sizeof(uint32_t);
    hgi_statement *s = hgi_alloc_zero(sizeof *s + key_size + types_size + sql_size);

    if (s == NULL) {
        hgi_nomem(err);
        return NULL;
    }
    forget_passing(conn);

    s->key = (char *)(s + 1);
    s->types = (uint32_t *)(void *)(s->key + key_size);
    s->sql = (char *)s->types + types_size;
    s->key_len = len;
    s->param_count = param_count;
    if (param_count > 0)
        memcpy(s->types, param_types, types_size);
    memcpy(s->key, key, len);
    memcpy(s->sql, sql, sql_size);
    s->hash = hash_of(key, len);
    hgi_statement_rename(s);

    s->chain = all->buckets[s->hash & (all->bucket_count - 1)];
    all->buckets[s->hash & (all->bucket_count - 1)] = s;
    s->kept = all->kept.count < all->limit;
    s->used = ++all->clock;
    join_as_newest(all, s);
    return s;
}

void
hgi_statement_left(hgi_statements *all)
{
    all->leaving_count--;
    memmove(all->leaving[0], all->leaving[1], (size_t)all->leaving_count * sizeof all->leaving[0]);
}

int
hgi_statement_expect(hgi_statement *statement, const uint32_t *types, int32_t count)
{
    statement->expected = hgi_alloc((size_t)count * sizeof *types + 1);
    if (statement->expected == NULL)
        return 0;
    memcpy(statement->expected, types, (size_t)count * sizeof *types);
    statement->expected_count = count;
    return 1;
}

int
hgi_statement_is_checked(const hgi_statement *statement)
{
    return statement->checked;
}

/* rows_seen is one more than the rows, so that a new statement's zero says that nobody knows. */
int64_t
hgi_statement_rows(const hgi_statement *statement)
{
    return (int64_t)statement->rows_seen - 1;
}

void
hgi_statement_gave(hgi_statement *statement, size_t rows)
{
    size_t half = statement->rows_seen / 2;

    statement->rows_seen = rows + 1 > half ? rows + 1 : half;
}
