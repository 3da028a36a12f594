/* value/uuid_list - uuid[] both ways, and cells that no server sends. */
#include "suites.h"
#include "value/value.h"

#include <string.h>

static const hg_uuid two[] = { { { 1, 2, 3, 4 } }, { { 0xff, 0xfe } } };

static void
encode(const hg_uuid *items, size_t count, hgi_buffer *out)
{
    hg_uuid_list list = { items, count };

    hgi_uuid_list_encode(&list, out);
    ck_assert_int_eq(out->failed, 0);
}

START_TEST(what_is_encoded_is_decoded)
{
    hgi_buffer cell = { 0 };
    hg_uuid got[2];
    size_t count = 9;

    encode(two, 2, &cell);
    ck_assert_uint_eq(cell.len, 60);
    ck_assert_int_eq(hgi_uuid_list_size(cell.ptr, cell.len, &count), HGI_DECODED);
    ck_assert_uint_eq(count, 2);
    hgi_uuid_list_decode(cell.ptr, count, got);
    ck_assert_mem_eq(got, two, sizeof two);
    hgi_buffer_free(&cell);
}
END_TEST

START_TEST(an_empty_list_has_no_dimension)
{
    hgi_buffer cell = { 0 };
    size_t count = 9;

    encode(NULL, 0, &cell);
    ck_assert_uint_eq(cell.len, 12);
    ck_assert_int_eq(hgi_uuid_list_size(cell.ptr, cell.len, &count), HGI_DECODED);
    ck_assert_uint_eq(count, 0);
    hgi_buffer_free(&cell);
}
END_TEST

/* One word of a good cell is another. */
static const struct { const char *name; size_t at; uint32_t word; hgi_decoded want; } changes[] = {
    { "no dimension, but elements",      0, 0,              HGI_MALFORMED },
    { "two dimensions",                  0, 2,              HGI_OUT_OF_RANGE },
    { "an element may be NULL",          4, 1,              HGI_OUT_OF_RANGE },
    { "elements of text",                8, HGI_OID_TEXT,   HGI_MALFORMED },
    { "more elements than bytes",       12, 3,              HGI_MALFORMED },
    { "fewer elements than bytes",      12, 1,              HGI_MALFORMED },
    { "a count that wraps",             12, UINT32_MAX,     HGI_MALFORMED },
    { "a short element",                20, 15,             HGI_MALFORMED },
    { "a NULL element",                 40, UINT32_MAX,     HGI_MALFORMED },
    { "another lower bound",            16, 7,              HGI_DECODED },
};

START_TEST(a_changed_cell)
{
    hgi_buffer cell = { 0 };
    size_t count;
    hgi_decoded got;

    encode(two, 2, &cell);
    hgi_put32(cell.ptr + changes[_i].at, changes[_i].word);
    got = hgi_uuid_list_size(cell.ptr, cell.len, &count);
    ck_assert_msg(got == changes[_i].want, "%s gave %d, want %d", changes[_i].name, (int)got, (int)changes[_i].want);
    hgi_buffer_free(&cell);
}
END_TEST

START_TEST(a_cell_cut_short_is_malformed)
{
    hgi_buffer cell = { 0 };
    size_t count;

    encode(two, 2, &cell);
    for (size_t len = 0; len < cell.len; len++)
        ck_assert_msg(hgi_uuid_list_size(cell.ptr, len, &count) == HGI_MALFORMED && count == 0, "%zu bytes", len);
    hgi_buffer_free(&cell);
}
END_TEST

START_TEST(the_literal_and_the_check)
{
    hg_uuid_list list = { two, 2 };
    hgi_buffer text = { 0 };

    hgi_uuid_list_literal(&list, &text);
    ck_assert_str_eq(text.ptr, "{01020304-0000-0000-0000-000000000000,fffe0000-0000-0000-0000-000000000000}");
    hgi_buffer_free(&text);
    ck_assert_ptr_null(hgi_uuid_list_check(&list));
    list.items = NULL;
    ck_assert_str_eq(hgi_uuid_list_check(&list), "has a count but no items");
    list.count = 0;
    ck_assert_ptr_null(hgi_uuid_list_check(&list));
}
END_TEST

Suite *
suite_value_uuid_list(void)
{
    Suite *suite = suite_create("value/uuid_list");
    TCase *tcase = tcase_create("uuid_list");

    tcase_add_test(tcase, what_is_encoded_is_decoded);
    tcase_add_test(tcase, an_empty_list_has_no_dimension);
    tcase_add_loop_test(tcase, a_changed_cell, 0, (int)(sizeof changes / sizeof *changes));
    tcase_add_test(tcase, a_cell_cut_short_is_malformed);
    tcase_add_test(tcase, the_literal_and_the_check);
    suite_add_tcase(suite, tcase);
    return suite;
}
