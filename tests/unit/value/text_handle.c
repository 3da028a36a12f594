/* value/text_handle - a text takes its buffer's memory over, and nothing leaks when there is
 * none. */
#include "../suites.h"

#include "value/value.h"

START_TEST(a_text_holds_what_the_buffer_held)
{
    hgi_buffer buf = { 0 };
    const char *memory;
    hg_text *text;

    hgi_buffer_add_text(&buf, "hello");
    memory = buf.ptr;
    ck_assert_int_eq(hgi_text_new(&buf, &text, NULL), HG_OK);

    ck_assert_msg(hg_text_ptr(text) == memory, "the text was copied");
    ck_assert_str_eq(hg_text_ptr(text), "hello");
    ck_assert_uint_eq(hg_text_len(text), 5);
    ck_assert_msg(buf.ptr == NULL && buf.len == 0, "the buffer still has it");
    hg_text_free(text);
}
END_TEST

START_TEST(a_borrowed_buffer_is_copied)
{
    char memory[16];
    hgi_buffer buf;
    hg_text *text;

    hgi_buffer_on(&buf, memory, sizeof memory);
    hgi_buffer_add_text(&buf, "hello");
    ck_assert_int_eq(hgi_text_new(&buf, &text, NULL), HG_OK);
    memset(memory, 'x', sizeof memory);

    ck_assert_str_eq(hg_text_ptr(text), "hello");
    hg_text_free(text);
}
END_TEST

START_TEST(a_buffer_without_memory_is_an_empty_text)
{
    hgi_buffer buf = { 0 };
    hg_text *text;

    ck_assert_int_eq(hgi_text_new(&buf, &text, NULL), HG_OK);
    ck_assert_str_eq(hg_text_ptr(text), "");
    ck_assert_uint_eq(hg_text_len(text), 0);
    hg_text_free(text);
}
END_TEST

START_TEST(no_text_is_empty_and_may_be_freed)
{
    ck_assert_str_eq(hg_text_ptr(NULL), "");
    ck_assert_uint_eq(hg_text_len(NULL), 0);
    hg_text_free(NULL);
}
END_TEST

START_TEST(every_allocation_fails_once_and_frees_the_buffer)
{
    long before = hgi_live_blocks();
    hg_status st = HG_E_NOMEM;

    for (long n = 1; st != HG_OK; n++) {
        hgi_buffer buf = { 0 };
        hg_text *text = (hg_text *)&buf;
        hg_error err;

        hgi_fault_at(n);
        hgi_buffer_add_text(&buf, "hello");
        st = hgi_text_new(&buf, &text, &err);

        ck_assert_msg(err.status == st &&
                          (st == HG_OK ? text != NULL : st == HG_E_NOMEM && text == NULL),
                      "allocation %ld: status %d", n, (int)st);
        ck_assert_msg(buf.ptr == NULL, "allocation %ld: the buffer still has memory", n);
        hg_text_free(text);
        ck_assert_msg(hgi_live_blocks() == before, "allocation %ld leaks", n);
    }
}
END_TEST

Suite *
suite_value_text_handle(void)
{
    Suite *suite = suite_create("value/text_handle");
    TCase *tc = tcase_create("text_handle");

    tcase_add_test(tc, a_text_holds_what_the_buffer_held);
    tcase_add_test(tc, a_borrowed_buffer_is_copied);
    tcase_add_test(tc, a_buffer_without_memory_is_an_empty_text);
    tcase_add_test(tc, no_text_is_empty_and_may_be_freed);
    tcase_add_test(tc, every_allocation_fails_once_and_frees_the_buffer);
    suite_add_tcase(suite, tc);
    return suite;
}
