/* uuid.c - uuids: new ones, text and binary.
 *
 * Binary, as uuid_send in the server writes it:
 *
 *   0   16   the uuid, in the order of its text
 *
 * Version 7 as this library makes it (RFC 9562, 5.7, with method 3 of 6.2: the fraction of the
 * millisecond stands where random bits may, so that uuids made in one millisecond are in order
 * too):
 *
 *   0    48 bits   milliseconds since 1970
 *   48    4 bits   version, 7
 *   52   12 bits   fraction of the millisecond, in 1/4096
 *   64    2 bits   variant, binary 10
 *   66   62 bits   random
 *
 * Milliseconds and fraction together are one number, a tick of 244 nanoseconds. The last tick
 * given out is one atomic word for the process: whoever wants n takes max(now, last + 1) and the
 * n - 1 behind it. So uuids ascend in every thread, and across threads, while the clock stands
 * still or steps back, and no thread waits.
 *
 * Random bits for single uuids are fetched ahead, since the system call costs more than all the
 * rest of an insert's encoding: 460 ns for one uuid, 60 for each of sixteen. A thread that finds
 * another at them fetches its own. A forked child throws away what its parent fetched. */
#include "value/value.h"
#include "value/value_int.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <time.h>
#include <uuid/uuid.h>

_Static_assert(sizeof(uuid_t) == sizeof(hg_uuid), "libuuid's uuid and ours are the same bytes");

enum {
    /* Random bytes fetched at a time: the system call costs as much as some hundred bytes. */
    HGI_UUID_BATCH = 128,
    HGI_UUID_AHEAD = 16,
    HGI_UUID_TEXT_LEN = HG_UUID_TEXT_SIZE - 1
};

static _Atomic uint64_t last_tick;

/* Without getrandom (a seccomp filter may forbid it) libuuid's random uuids give the bytes: it
 * has other sources. Bytes 6 and 8 of them hold version and variant, so 8 random bytes are
 * gathered around those. */
static void
fill_random_otherwise(uint64_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uuid_t random;

        uuid_generate_random(random);
        random[6] = random[9];
        random[7] = random[10];
        memcpy(&out[i], random, sizeof out[i]);
    }
}

static void
fill_random(uint64_t *out, size_t count)
{
    char *at = (char *)out;
    size_t left = count * sizeof *out;

    while (left > 0) {
        ssize_t got = getrandom(at, left, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            fill_random_otherwise(out, count);
            return;
        }
        at += got;
        left -= (size_t)got;
    }
}

static struct {
    atomic_flag taken;          /* a thread is at the rest */
    int         forgets;        /* 1: a fork is told of */
    size_t      left;
    uint64_t    words[HGI_UUID_AHEAD];
} ahead = { .taken = ATOMIC_FLAG_INIT };

/* In the child, where no other thread is. */
static void
forget_random_ahead(void)
{
    ahead.left = 0;
    atomic_flag_clear(&ahead.taken);
}

static uint64_t
take_random(void)
{
    uint64_t word;

    if (atomic_flag_test_and_set_explicit(&ahead.taken, memory_order_acquire)) {
        fill_random(&word, 1);
        return word;
    }
    if (ahead.left == 0) {
        if (!ahead.forgets)
            ahead.forgets = pthread_atfork(NULL, NULL, forget_random_ahead) == 0;
        ahead.left = ahead.forgets ? HGI_UUID_AHEAD : 1;
        fill_random(ahead.words, ahead.left);
    }
    word = ahead.words[--ahead.left];
    ahead.words[ahead.left] = 0;
    atomic_flag_clear_explicit(&ahead.taken, memory_order_release);
    return word;
}

static uint64_t
tick_now(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < 0)
        return 0;               /* the last tick's successor is taken then */
    return (uint64_t)now.tv_sec * (1000 * 4096) + (uint64_t)now.tv_nsec * 4096 / 1000000;
}

/* Takes count ticks in a row and gives back the first. */
static uint64_t
take_ticks(size_t count)
{
    uint64_t now = tick_now();
    uint64_t last = atomic_load_explicit(&last_tick, memory_order_relaxed);
    uint64_t first;

    do {
        first = now > last ? now : last + 1;
    } while (!atomic_compare_exchange_weak_explicit(&last_tick, &last, first + count - 1,
                                                    memory_order_relaxed, memory_order_relaxed));
    return first;
}

static void
make_version7(hg_uuid *out, uint64_t tick, uint64_t random)
{
    char *bytes = (char *)out->bytes;

    hgi_put64(bytes, (tick >> 12) << 16 | UINT64_C(0x7000) | (tick & 0xFFF));
    hgi_put64(bytes + 8, UINT64_C(1) << 63 | random >> 2);
}

/* Of the 36 characters, in a copy with a NUL byte: libuuid reads digits with strtoul, which
 * takes more than that. */
static int
has_uuid_form(const char *text)
{
    for (size_t i = 0; i < HGI_UUID_TEXT_LEN; i++) {
        char c = text[i];
        int is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        int is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');

        if (is_hyphen ? c != '-' : !is_digit)
            return 0;
    }
    return 1;
}

size_t
hgi_uuid_encode(const hg_uuid *value, char *out)
{
    memcpy(out, value->bytes, sizeof value->bytes);
    return sizeof value->bytes;
}

void
hgi_uuid_new_many(hg_uuid *out, size_t count, size_t stride)
{
    uint64_t random[HGI_UUID_BATCH];
    uint64_t tick;

    if (count == 0)
        return;
    tick = take_ticks(count);
    while (count > 0) {
        size_t batch = count < HGI_UUID_BATCH ? count : HGI_UUID_BATCH;

        fill_random(random, batch);
        for (size_t i = 0; i < batch; i++) {
            make_version7(out, tick++, random[i]);
            out = (hg_uuid *)((char *)out + stride);
        }
        count -= batch;
    }
}

void
hg_uuid_new(hg_uuid *out)
{
    uint64_t tick = take_ticks(1);

    make_version7(out, tick, take_random());
}

void
hg_uuid_random(hg_uuid *out)
{
    uuid_generate_random(out->bytes);
}

hg_status
hg_uuid_parse(const char *ptr, size_t len, hg_uuid *out, hg_error *err)
{
    char text[HG_UUID_TEXT_SIZE] = "";

    memset(out, 0, sizeof *out);
    if (len == HGI_UUID_TEXT_LEN)
        memcpy(text, ptr, len);
    if (!has_uuid_form(text) || uuid_parse(text, out->bytes) != 0)
        return hgi_fail(err, HG_E_INVALID, -1,
                        "not a uuid; it is written as 36 characters, hexadecimal digits in "
                        "groups of 8-4-4-4-12");
    return hgi_ok(err);
}

hg_status
hg_uuid_to_text(const hg_uuid *value, char *buf, size_t size, hg_error *err)
{
    char text[HG_UUID_TEXT_SIZE];

    uuid_unparse_lower(value->bytes, text);
    return hgi_text_copy_out(text, HGI_UUID_TEXT_LEN, buf, size, err);
}
