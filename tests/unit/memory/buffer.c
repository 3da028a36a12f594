/* memory/buffer - text that grows keeps what it has, whatever happens. */
#include "../suites.h"

#include "memory/memory.h"

#include <string.h>

static void
assert_holds(const hgi_buffer *buf, const char *want)
{
    ck_assert_msg(buf->len == strlen(want) && memcmp(buf->ptr, want, buf->len + 1) == 0,
                  "holds %zu bytes \"%s\", want \"%s\" with a NUL byte", buf->len,
                  buf->ptr != NULL ? buf->ptr : "(no memory)", want);
}

START_TEST(appends_are_joined_and_ended)
{
    hgi_buffer buf = { 0 };

    hgi_buffer_add_text(&buf, "select ");
    hgi_buffer_add(&buf, "id, x", 2);
    hgi_buffer_add_byte(&buf, ' ');
    hgi_buffer_add(&buf, NULL, 0);
    hgi_buffer_add_int(&buf, -7);

    assert_holds(&buf, "select id -7");
    hgi_buffer_free(&buf);
}
END_TEST

static const struct { int64_t value; const char *text; } ints[] = {
    { 0, "0" }, { 9, "9" }, { 10, "10" }, { -1, "-1" },
    { INT64_MAX, "9223372036854775807" }, { INT64_MIN, "-9223372036854775808" },
};

START_TEST(integers_are_written_in_digits)
{
    hgi_buffer buf = { 0 };

    hgi_buffer_add_int(&buf, ints[_i].value);

    assert_holds(&buf, ints[_i].text);
    hgi_buffer_free(&buf);
}
END_TEST

START_TEST(ten_thousand_bytes_one_by_one_grow_few_times)
{
    hgi_buffer buf = { 0 };

    hgi_fault_at(0);
    for (int i = 0; i < 10000; i++)
        hgi_buffer_add_byte(&buf, (char)('a' + i % 26));

    ck_assert_msg(buf.len == 10000 && buf.ptr[9999] == 'a' + 9999 % 26, "bytes were lost");
    ck_assert_msg(hgi_fault_count() <= 8, "grew %ld times, budget 8", hgi_fault_count());
    hgi_buffer_free(&buf);
}
END_TEST

START_TEST(a_full_borrowed_buffer_moves_and_leaves_the_memory_alone)
{
    long before = hgi_live_blocks();
    char memory[8] = "unclean";
    hgi_buffer buf;

    hgi_buffer_on(&buf, memory, sizeof memory);
    assert_holds(&buf, "");
    hgi_buffer_add_text(&buf, "1234567");
    ck_assert_msg(buf.ptr == memory, "moved although 7 bytes and a NUL byte fit into 8");
    hgi_buffer_add_text(&buf, "8");

    assert_holds(&buf, "12345678");
    ck_assert_msg(buf.ptr != memory && memcmp(memory, "1234567", 8) == 0,
                  "the lent memory changed");
    hgi_buffer_free(&buf);
    ck_assert_msg(hgi_live_blocks() == before, "%ld blocks leak", hgi_live_blocks() - before);
}
END_TEST

START_TEST(a_borrowed_buffer_without_memory_works_too)
{
    hgi_buffer buf;

    hgi_buffer_on(&buf, NULL, 0);
    hgi_buffer_clear(&buf);
    hgi_buffer_add_text(&buf, "x");

    assert_holds(&buf, "x");
    hgi_buffer_free(&buf);
}
END_TEST

START_TEST(a_failed_buffer_keeps_its_text_and_ignores_appends)
{
    hgi_buffer buf = { 0 };
    char big[1000] = { 0 };

    hgi_buffer_add_text(&buf, "kept");
    hgi_fault_at(-1);
    hgi_buffer_add(&buf, big, sizeof big);
    hgi_fault_at(0);
    hgi_buffer_add_text(&buf, "x");

    ck_assert_msg(buf.failed == 1, "did not fail");
    ck_assert_msg(hgi_buffer_room(&buf, 1) == NULL, "gives room after a failure");
    assert_holds(&buf, "kept");
    hgi_buffer_clear(&buf);
    hgi_buffer_add_text(&buf, "again");
    assert_holds(&buf, "again");
    hgi_buffer_free(&buf);
}
END_TEST

START_TEST(a_size_that_wraps_fails)
{
    hgi_buffer buf = { 0 };

    hgi_buffer_add_text(&buf, "kept");
    ck_assert_msg(hgi_buffer_room(&buf, SIZE_MAX - 4) == NULL && buf.failed,
                  "4 + SIZE_MAX - 4 + 1 fit");

    assert_holds(&buf, "kept");
    hgi_buffer_free(&buf);
}
END_TEST

START_TEST(every_allocation_fails_once_without_loss_or_leak)
{
    long before = hgi_live_blocks();
    int has_failed = 1;

    for (long n = 1; has_failed; n++) {
        char memory[16];
        hgi_buffer buf;
        size_t len;

        hgi_buffer_on(&buf, memory, sizeof memory);
        hgi_fault_at(n);
        for (int i = 0; i < 100; i++)
            hgi_buffer_add_text(&buf, "0123456789");
        has_failed = buf.failed;
        len = buf.len;

        ck_assert_msg(len % 10 == 0 && buf.ptr[len] == '\0', "allocation %ld: text of %zu bytes", n,
                      len);
        ck_assert_msg(has_failed || len == 1000, "allocation %ld: %zu bytes, want 1000", n, len);
        hgi_buffer_free(&buf);
        ck_assert_msg(hgi_live_blocks() == before, "allocation %ld leaks", n);
    }
}
END_TEST

Suite *
suite_memory_buffer(void)
{
    Suite *suite = suite_create("memory/buffer");
    TCase *tc = tcase_create("buffer");

    tcase_add_test(tc, appends_are_joined_and_ended);
    tcase_add_loop_test(tc, integers_are_written_in_digits, 0, (int)(sizeof ints / sizeof ints[0]));
    tcase_add_test(tc, ten_thousand_bytes_one_by_one_grow_few_times);
    tcase_add_test(tc, a_full_borrowed_buffer_moves_and_leaves_the_memory_alone);
    tcase_add_test(tc, a_borrowed_buffer_without_memory_works_too);
    tcase_add_test(tc, a_failed_buffer_keeps_its_text_and_ignores_appends);
    tcase_add_test(tc, a_size_that_wraps_fails);
    tcase_add_test(tc, every_allocation_fails_once_without_loss_or_leak);
    suite_add_tcase(suite, tc);
    return suite;
}
