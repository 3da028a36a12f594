/* value/uuid - uuids are in order, unlike each other, and read strictly. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"

#include "value/value.h"

#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TEXT "0189dcd5-5311-7d40-8db0-9496a2eef37b"

static const struct { const char *name, *text; size_t len; hg_status status; } parses[] = {
    { "lower case",                TEXT,                                     36, HG_OK },
    { "upper case",                "0189DCD5-5311-7D40-8DB0-9496A2EEF37B",   36, HG_OK },
    { "mixed case",                "0189dCD5-5311-7d40-8Db0-9496A2eeF37b",   36, HG_OK },
    { "what follows is not read",  TEXT "ff",                                36, HG_OK },
    { "empty",                     "",                                       0,  HG_E_INVALID },
    { "one short",                 TEXT,                                     35, HG_E_INVALID },
    { "one long",                  TEXT "0",                                 37, HG_E_INVALID },
    { "braces",                    "{" TEXT "}",                             38, HG_E_INVALID },
    { "no hyphens",                "0189dcd553117d408db09496a2eef37b",       32, HG_E_INVALID },
    { "hyphen in another place",   "0189dcd55-311-7d40-8db0-9496a2eef37b",   36, HG_E_INVALID },
    { "no digit",                  "0189dcd5-5311-7d40-8db0-9496a2eef37g",   36, HG_E_INVALID },
    { "space for a digit",         "0189dcd5-5311-7d40-8db0- 496a2eef37b",   36, HG_E_INVALID },
    { "sign for a digit",          "+189dcd5-5311-7d40-8db0-9496a2eef37b",   36, HG_E_INVALID },
    { "0x for two digits",         "0x89dcd5-5311-7d40-8db0-9496a2eef37b",   36, HG_E_INVALID },
    { "NUL byte",                  "0189dcd5-5311-7d40-8db0-9496a2eef37\0",  36, HG_E_INVALID },
};

START_TEST(uuid_parses)
{
    static const char want_hex[] = "0189dcd553117d408db09496a2eef37b";
    char *text = exact_copy(parses[_i].text, parses[_i].len);
    hg_uuid got;
    hg_error err;
    char hex[33];
    hg_status st;

    memset(&got, 0xA5, sizeof got);
    st = hg_uuid_parse(text, parses[_i].len, &got, &err);

    ck_assert_msg(st == parses[_i].status && err.status == st, "%s: \"%s\" gave %s, want %s",
                  parses[_i].name, parses[_i].text, hg_status_name(st),
                  hg_status_name(parses[_i].status));
    hex_write((const char *)got.bytes, 16, hex);
    ck_assert_msg(strcmp(hex, st == HG_OK ? want_hex : "00000000000000000000000000000000") == 0,
                  "%s: \"%s\" gave %s", parses[_i].name, parses[_i].text, hex);
    free(text);
}
END_TEST

START_TEST(printed_in_lower_case_where_37_bytes_are)
{
    char text[HG_UUID_TEXT_SIZE] = "x";
    hg_uuid value;

    ck_assert_int_eq(hg_uuid_parse("0189DCD5-5311-7D40-8DB0-9496A2EEF37B", 36, &value, NULL),
                     HG_OK);
    ck_assert_int_eq(hg_uuid_to_text(&value, text, sizeof text, NULL), HG_OK);
    ck_assert_str_eq(text, TEXT);
    ck_assert_int_eq(hg_uuid_to_text(&value, text, sizeof text - 1, NULL), HG_E_INVALID);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(hg_uuid_to_text(&value, NULL, 0, NULL), HG_E_INVALID);
}
END_TEST

START_TEST(only_sixteen_bytes_are_a_uuid)
{
    char cell[17] = "0123456789abcdef";
    hg_uuid value;
    char out[16];

    ck_assert_int_eq(hgi_uuid_decode(cell, 16, &value), HGI_DECODED);
    ck_assert_uint_eq(hgi_uuid_encode(&value, out), 16);
    ck_assert_mem_eq(out, cell, 16);
    ck_assert_int_eq(hgi_uuid_decode(cell, 15, &value), HGI_MALFORMED);
    ck_assert_int_eq(hgi_uuid_decode(cell, 17, &value), HGI_MALFORMED);
    ck_assert_int_eq(hgi_uuid_decode(cell, 0, &value), HGI_MALFORMED);
}
END_TEST

static uint64_t
milliseconds_of(const hg_uuid *value)
{
    return hgi_get64((const char *)value->bytes) >> 16;
}

START_TEST(version_7_begins_with_the_time)
{
    struct timespec before, after;
    hg_uuid value;

    clock_gettime(CLOCK_REALTIME, &before);
    hg_uuid_new(&value);
    clock_gettime(CLOCK_REALTIME, &after);

    ck_assert_msg(value.bytes[6] >> 4 == 7, "version %d", value.bytes[6] >> 4);
    ck_assert_msg(value.bytes[8] >> 6 == 2, "variant bits %d", value.bytes[8] >> 6);
    ck_assert_msg(milliseconds_of(&value) >=
                          (uint64_t)before.tv_sec * 1000 + (uint64_t)before.tv_nsec / 1000000 &&
                      milliseconds_of(&value) <=
                          (uint64_t)after.tv_sec * 1000 + (uint64_t)after.tv_nsec / 1000000,
                  "%llu milliseconds, now %lld s", (unsigned long long)milliseconds_of(&value),
                  (long long)after.tv_sec);
}
END_TEST

START_TEST(a_hundred_thousand_in_a_row_ascend)
{
    hg_uuid last, next;

    hg_uuid_new(&last);
    for (int i = 0; i < 100000; i++) {
        hg_uuid_new(&next);
        assert_of_many(memcmp(&last, &next, sizeof last) < 0,
                       "uuid %d is not greater than the one before", i);
        last = next;
    }
}
END_TEST

START_TEST(many_at_once_ascend_at_any_stride_and_leave_the_rest_alone)
{
    enum { ROWS = 1000 };
    static struct { uint64_t before; hg_uuid id; uint64_t after; } rows[ROWS];
    hg_uuid first, last;

    hg_uuid_new(&first);
    hgi_uuid_new_many(&rows[0].id, ROWS, sizeof rows[0]);
    hg_uuid_new(&last);
    hgi_uuid_new_many(&first, 0, sizeof first);

    assert_of_many(memcmp(&first, &rows[0].id, 16) < 0,
                   "the first is not above the one made before");
    assert_of_many(memcmp(&rows[ROWS - 1].id, &last, 16) < 0,
                   "the last is not below the one made after");
    for (int i = 0; i < ROWS; i++) {
        assert_of_many(rows[i].before == 0 && rows[i].after == 0,
                       "row %d: more than the id was written", i);
        assert_of_many(rows[i].id.bytes[6] >> 4 == 7 && rows[i].id.bytes[8] >> 6 == 2,
                       "row %d: no version 7", i);
        if (i > 0)
            assert_of_many(memcmp(&rows[i - 1].id, &rows[i].id, 16) < 0,
                           "row %d is not above the one before", i);
    }
}
END_TEST

/* Each of the 62 random bits is set in about half of 4000 uuids: 1800 is six standard deviations
 * away. */
START_TEST(every_random_bit_is_random)
{
    enum { UUIDS = 4000 };
    static hg_uuid uuids[UUIDS];

    hgi_uuid_new_many(uuids, UUIDS / 2, sizeof uuids[0]);
    for (int i = UUIDS / 2; i < UUIDS; i++)
        hg_uuid_new(&uuids[i]);

    for (int bit = 66; bit < 128; bit++) {
        int set = 0;

        for (int i = 0; i < UUIDS; i++)
            set += uuids[i].bytes[bit / 8] >> (7 - bit % 8) & 1;
        ck_assert_msg(set > 1800 && set < 2200, "bit %d is set in %d of 4000", bit, set);
    }
}
END_TEST

enum { THREADS = 4, OF_EACH = 20000 };

static void *
make_uuids(void *memory)
{
    hg_uuid *uuids = memory;

    for (int i = 0; i < OF_EACH; i++)
        hg_uuid_new(&uuids[i]);
    return NULL;
}

static int
compare_uuids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(hg_uuid));
}

static int
compare_random(const void *a, const void *b)
{
    return memcmp((const char *)a + 8, (const char *)b + 8, 8);
}

START_TEST(threads_ascend_each_and_never_make_the_same_time)
{
    hg_uuid (*uuids)[OF_EACH] = malloc(THREADS * sizeof *uuids);
    pthread_t threads[THREADS];

    for (int t = 0; t < THREADS; t++)
        ck_assert_int_eq(pthread_create(&threads[t], NULL, make_uuids, uuids[t]), 0);
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);

    for (int t = 0; t < THREADS; t++)
        for (int i = 1; i < OF_EACH; i++)
            assert_of_many(memcmp(&uuids[t][i - 1], &uuids[t][i], 16) < 0, "thread %d, uuid %d", t,
                           i);
    qsort(uuids, (size_t)THREADS * OF_EACH, sizeof(hg_uuid), compare_uuids);
    for (int i = 1; i < THREADS * OF_EACH; i++)
        assert_of_many(memcmp(&uuids[0][0] + i - 1, &uuids[0][0] + i, 8) < 0,
                       "two have the same tick");
    qsort(uuids, (size_t)THREADS * OF_EACH, sizeof(hg_uuid), compare_random);
    for (int i = 1; i < THREADS * OF_EACH; i++)
        assert_of_many(compare_random(&uuids[0][0] + i - 1, &uuids[0][0] + i) < 0,
                       "two have the same random bits");
    free(uuids);
}
END_TEST

/* Random bits are fetched ahead, and a fork copies what has been fetched. */
START_TEST(parent_and_forked_child_have_no_random_bits_in_common)
{
    enum { EACH = 40 };
    hg_uuid uuids[2 * EACH];
    int ends[2], status;
    pid_t child;

    hg_uuid_new(&uuids[0]);
    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    for (int i = 0; i < EACH; i++)
        hg_uuid_new(&uuids[i]);
    if (child == 0)
        _exit(write(ends[1], uuids, EACH * sizeof uuids[0]) != EACH * sizeof uuids[0]);
    ck_assert_int_eq(read(ends[0], uuids + EACH, EACH * sizeof uuids[0]), EACH * sizeof uuids[0]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    close(ends[0]), close(ends[1]);

    qsort(uuids, 2 * EACH, sizeof uuids[0], compare_random);
    for (int i = 1; i < 2 * EACH; i++)
        ck_assert_msg(compare_random(&uuids[i - 1], &uuids[i]) < 0, "the child's uuid has the random bits of the parent's");
}
END_TEST

START_TEST(version_4_is_random)
{
    hg_uuid a, b;

    hg_uuid_random(&a);
    hg_uuid_random(&b);

    ck_assert_msg(memcmp(&a, &b, sizeof a) != 0, "two are the same");
    ck_assert_msg(a.bytes[6] >> 4 == 4 && a.bytes[8] >> 6 == 2, "no version 4");
}
END_TEST

START_TEST(random_uuids_come_back_from_text)
{
    uint64_t state = test_seed;

    for (int i = 0; i < 10000; i++) {
        char text[HG_UUID_TEXT_SIZE];
        hg_uuid value, back;

        hgi_put64((char *)value.bytes, random_next(&state));
        hgi_put64((char *)value.bytes + 8, random_next(&state));
        assert_of_many(hg_uuid_to_text(&value, text, sizeof text, NULL) == HG_OK,
                       "refused (seed %llu)", (unsigned long long)test_seed);
        assert_of_many(hg_uuid_parse(text, 36, &back, NULL) == HG_OK &&
                           memcmp(&value, &back, 16) == 0,
                       "%s (seed %llu)", text, (unsigned long long)test_seed);
    }
}
END_TEST

Suite *
suite_value_uuid(void)
{
    Suite *suite = suite_create("value/uuid");
    TCase *tc = tcase_create("uuid");

    tcase_add_loop_test(tc, uuid_parses, 0, (int)(sizeof parses / sizeof parses[0]));
    tcase_add_test(tc, printed_in_lower_case_where_37_bytes_are);
    tcase_add_test(tc, only_sixteen_bytes_are_a_uuid);
    tcase_add_test(tc, version_7_begins_with_the_time);
    tcase_add_test(tc, a_hundred_thousand_in_a_row_ascend);
    tcase_add_test(tc, many_at_once_ascend_at_any_stride_and_leave_the_rest_alone);
    tcase_add_test(tc, every_random_bit_is_random);
    tcase_add_test(tc, threads_ascend_each_and_never_make_the_same_time);
    tcase_add_test(tc, parent_and_forked_child_have_no_random_bits_in_common);
    tcase_add_test(tc, version_4_is_random);
    tcase_add_test(tc, random_uuids_come_back_from_text);
    suite_add_tcase(suite, tc);
    return suite;
}
