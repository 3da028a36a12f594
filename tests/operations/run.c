/* operations/run - what the engine does for every operation, tried with those of tests/operations/probe, which the
 * generator has written as it writes a user's own: all kinds of values both ways, NULLs, what was given, each kind of
 * outcome, and that a wrong outcome is told. */
#include "fixture.h"
#include "operations/probe.h"
#include "hotgigs/operation.h"
#include "suites.h"

#include <string.h>

static const hg_uuid ids[] = { { { 1, 2, 3 } }, { { 0xff } } };

static hg_probe_echo_all_params
everything(void)
{
    static const hg_str words[] = { { "one", 3 }, { NULL, 0 }, { "", 0 } };
    static const uint8_t nulls[] = { 2 };

    return (hg_probe_echo_all_params){
        .struct_size = sizeof(hg_probe_echo_all_params),
        .set = (1u << 12) - 1,
        .big = INT64_MIN,
        .ids = { ids, 2 },
        .words = { words, nulls, 3 },
        .price = { 123456, 2, HG_DECIMAL_FINITE },
        .document = str_of("{\"a\": [1, null]}"),
        .moment = 1234567890123456,
        .day = -1,
        .address = { { 192, 0, 2, 7 }, 4, 32, { 0 } },
        .flag = 1,
        .status = HG_APPLICATION_STATUS_OFFER,
        .number = -7,
        .id = ids[0],
    };
}

START_TEST(every_kind_of_value_goes_both_ways)
{
    hg_probe_echo_all_params params = everything();
    const hg_probe_echo_all_row *row = NULL;

    ck_ok(hg_probe_echo_all(service, &params, &row, &err), err);

    ck_assert_uint_eq(row->null_mask, 0);
    ck_assert_int_eq(row->big, INT64_MIN);
    ck_assert_uint_eq(row->ids.count, 2);
    ck_assert_mem_eq(row->ids.items, ids, sizeof ids);
    ck_assert_uint_eq(row->words.count, 3);
    ck_assert_str_eq(row->words.items[0].ptr, "one");
    ck_assert_int_eq(row->words.nulls[0], 2);
    ck_assert_int_eq(row->price.unscaled, 123456);
    ck_assert_int_eq(row->price.scale, 2);
    ck_assert_str_eq(row->document.ptr, "{\"a\": [1, null]}");
    ck_assert_int_eq(row->moment, 1234567890123456);
    ck_assert_int_eq(row->day, -1);
    ck_assert_mem_eq(&row->address, &params.address, sizeof row->address);
    ck_assert_int_eq(row->flag, 1);
    ck_assert_int_eq(row->status, HG_APPLICATION_STATUS_OFFER);
    ck_assert_int_eq(row->status_given, 1);
    ck_assert_int_eq(row->number, -7);
    ck_assert_mem_eq(&row->id, &ids[0], 16);
    hg_probe_echo_all_row_free(row);
}
END_TEST

START_TEST(what_is_left_out_is_null_and_what_is_given_is_told)
{
    hg_probe_echo_all_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_PROBE_ECHO_ALL_STATUS),
                                        .null_mask = HG_BIT(HG_PROBE_ECHO_ALL_STATUS) };
    const hg_probe_echo_all_row *row = NULL;

    ck_ok(hg_probe_echo_all(service, NULL, &row, &err), err);
    ck_assert_uint_eq(row->null_mask, ((1u << 14) - 1) & ~(HG_BIT(HG_PROBE_ECHO_ALL_ROW_STATUS_GIVEN)
                                                           | HG_BIT(HG_PROBE_ECHO_ALL_ROW_FLAG_GIVEN)));
    ck_assert_int_eq(row->status_given, 0);
    hg_probe_echo_all_row_free(row);

    ck_ok(hg_probe_echo_all(service, &params, &row, &err), err);
    ck_assert(row->null_mask >> HG_PROBE_ECHO_ALL_ROW_STATUS & 1);
    ck_assert_int_eq(row->status_given, 1);
    ck_assert_int_eq(row->flag_given, 0);
    hg_probe_echo_all_row_free(row);
}
END_TEST

START_TEST(empty_lists_are_not_null)
{
    hg_probe_echo_all_params params = { .struct_size = sizeof params,
                                        .set = HG_BIT(HG_PROBE_ECHO_ALL_IDS) | HG_BIT(HG_PROBE_ECHO_ALL_WORDS) };
    const hg_probe_echo_all_row *row = NULL;
    hg_text *json = NULL;

    ck_ok(hg_probe_echo_all(service, &params, &row, &err), err);
    ck_assert(!(row->null_mask & 6));
    ck_assert_uint_eq(row->ids.count, 0);
    ck_ok(hg_probe_echo_all_row_to_json(row, &json, &err), err);
    ck_assert_ptr_nonnull(strstr(hg_text_ptr(json), "\"ids\":[],\"words\":[]"));
    hg_text_free(json);
    hg_probe_echo_all_row_free(row);
}
END_TEST

/* A draft, the row as JSON, and a draft of that JSON are the same. */
START_TEST(drafts_and_json_hold_the_new_kinds)
{
    hg_draft *draft = hg_probe_echo_all_draft_new();
    const hg_probe_echo_all_row *row = NULL;
    hg_text *json = NULL;

    ck_ok(hg_draft_set_int(draft, HG_PROBE_ECHO_ALL_BIG, INT64_MIN, &err), err);
    ck_ok(hg_draft_set_uuid_list(draft, HG_PROBE_ECHO_ALL_IDS, ids, 2, &err), err);
    ck_status(hg_draft_set_uuid_list(draft, HG_PROBE_ECHO_ALL_IDS, NULL, 2, &err), HG_E_INVALID, err);
    ck_status(hg_draft_set_uuid_list(draft, HG_PROBE_ECHO_ALL_WORDS, ids, 2, &err), HG_E_INVALID, err);
    ck_status(hg_draft_set_uuid(draft, HG_PROBE_ECHO_ALL_IDS, ids, &err), HG_E_INVALID, err);
    ck_says(err, "hg_draft_set_uuid_list");
    ck_ok(hg_probe_echo_all(service, hg_probe_echo_all_draft_params(draft), &row, &err), err);
    ck_assert_int_eq(row->big, INT64_MIN);
    ck_assert_mem_eq(row->ids.items, ids, sizeof ids);
    ck_ok(hg_probe_echo_all_row_to_json(row, &json, &err), err);
    ck_assert_ptr_nonnull(strstr(hg_text_ptr(json), "{\"big\":-9223372036854775808,\"ids\":[\"01020300-0000-0000-0000-"
                                                    "000000000000\",\"ff000000-0000-0000-0000-000000000000\"],"));
    hg_text_free(json);
    hg_probe_echo_all_row_free(row);

    ck_ok(hg_draft_next_row(draft, &err), err);
    ck_assert_ptr_null(hg_probe_echo_all_draft_params(draft));
    hg_draft_free(draft);
}
END_TEST

static const struct { const char *name, *json; hg_status status; int64_t big; } numbers[] = {
    { "the least",               "-9223372036854775808", HG_OK,        INT64_MIN },
    { "the greatest",            "9223372036854775807",  HG_OK,        INT64_MAX },
    { "one above the greatest",  "9223372036854775808",  HG_E_INVALID, 0 },
    { "one below the least",     "-9223372036854775809", HG_E_INVALID, 0 },
    { "far above",               "99999999999999999999", HG_E_INVALID, 0 },
    { "zero",                    "-0",                   HG_OK,        0 },
    { "a fraction",              "1.0",                  HG_E_INVALID, 0 },
};

START_TEST(bigints_in_json)
{
    const hg_operation_info *op = hg_operation_describe(HG_OPERATION_JOB_SIMILAR);
    char *json = fixture_text("{\"big\":%s}", numbers[_i].json);
    hg_operation_info echo = *op;
    hg_column_info big = { .name = "big", .field = "big", .kind = HG_KIND_BIGINT, .offset = 32, .nullable = 1 };
    hg_table_info params = { .struct_size = sizeof params, .table = -1, .name = "echo", .singular = "echo",
                             .columns = &big, .column_count = 1, .column_stride = sizeof big, .row_size = 40 };
    hg_draft *draft = NULL;
    hg_status st;

    echo.params = &params;
    st = hg_operation_params_from_json(&echo, json, strlen(json), &draft, &err);
    ck_assert_msg(st == numbers[_i].status, "%s gave %s (%s)", numbers[_i].name, hg_status_name(st), err.message);
    if (st == HG_OK) {
        int64_t got;

        memcpy(&got, (const char *)hg_operation_draft_params(&echo, draft) + 32, sizeof got);
        ck_assert_int_eq(got, numbers[_i].big);
    }
    hg_draft_free(draft);
}
END_TEST

START_TEST(a_json_member_that_is_no_parameter_is_told_by_name)
{
    static const char json[] = "{\"mail\":\"x\"}";
    hg_draft *draft = NULL;

    ck_status(hg_operation_params_from_json(hg_operation_describe(HG_OPERATION_USER_CREDENTIALS), json, sizeof json - 1, &draft,
                                            &err), HG_E_INVALID, err);
    ck_says(err, "user_credentials has no parameter mail");
    ck_assert_ptr_null(draft);
}
END_TEST

START_TEST(values_that_do_not_fit_are_told_by_ordinal)
{
    hg_probe_echo_all_params params = everything();

    params.price = (hg_decimal){ 12345, 3, HG_DECIMAL_FINITE };
    ck_status(hg_probe_echo_all(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_PROBE_ECHO_ALL_PRICE);

    params = everything();
    params.ids.items = NULL;
    ck_status(hg_probe_echo_all(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_PROBE_ECHO_ALL_IDS);

    params = everything();
    params.status = HG_APPLICATION_STATUS_WITHDRAWN + 1;
    ck_status(hg_probe_echo_all(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_PROBE_ECHO_ALL_STATUS);

    params = everything();
    params.reserved1 = 1;
    ck_status(hg_probe_echo_all(service, &params, NULL, &err), HG_E_INVALID, err);
}
END_TEST

START_TEST(nothing_back_is_success)
{
    ck_ok(hg_probe_nothing(service, NULL, &err), err);
    ck_status(hg_probe_nothing(NULL, NULL, &err), HG_E_INVALID, err);
}
END_TEST

START_TEST(a_count_is_a_column_or_the_rows_that_were_changed)
{
    hg_uuid users[] = { fixture_user(HG_USER_USER_TYPE_CANDIDATE), fixture_user(HG_USER_USER_TYPE_CANDIDATE), ids[0] };
    hg_probe_count_ids_params counted = { .struct_size = sizeof counted, .set = 1, .ids = { ids, 2 } };
    hg_probe_touch_users_params touched = { .struct_size = sizeof touched, .set = 1, .ids = { users, 3 } };
    int64_t n = -1;

    ck_ok(hg_probe_count_ids(service, &counted, &n, &err), err);
    ck_assert_int_eq(n, 2);
    ck_ok(hg_probe_count_ids(service, NULL, &n, &err), err);
    ck_assert_int_eq(n, 0);
    ck_ok(hg_probe_touch_users(service, &touched, &n, &err), err);
    ck_assert_int_eq(n, 2);
    ck_ok(hg_probe_touch_users(service, &touched, NULL, &err), err);
}
END_TEST

static hg_status
few(int32_t how_many, const hg_probe_few_rows_row **row)
{
    hg_probe_few_rows_params params = { .struct_size = sizeof params, .set = 1, .how_many = how_many };

    return hg_probe_few_rows(service, &params, row, &err);
}

START_TEST(a_row_or_none_or_a_defect)
{
    const hg_probe_few_rows_row *row = NULL;

    ck_ok(few(0, &row), err);
    ck_assert_ptr_null(row);
    ck_ok(few(1, &row), err);
    ck_assert_int_eq(row->number, 1);
    hg_probe_few_rows_row_free(row);
    ck_ok(few(1, NULL), err);
    ck_status(few(2, &row), HG_E_INTERNAL, err);
    ck_says(err, "few_rows gave 2 rows");
    ck_assert_ptr_null(row);
}
END_TEST

START_TEST(a_null_that_the_file_denies_is_told)
{
    const hg_probe_few_rows_row *row = NULL;

    ck_status(few(-1, &row), HG_E_INTERNAL, err);
    ck_column(err, HG_PROBE_FEW_ROWS_ROW_NUMBER);
    ck_assert_ptr_null(row);
}
END_TEST

START_TEST(a_list_is_walked_by_stride)
{
    hg_probe_many_rows_params params = { .struct_size = sizeof params, .set = 1, .how_many = 1000 };
    hg_probe_many_rows_list *list = NULL;
    const char *row;
    size_t count, stride;

    ck_ok(hg_probe_many_rows(service, &params, &list, &err), err);
    row = (const char *)hg_probe_many_rows_list_rows(list, &count, &stride);
    ck_assert_uint_eq(count, 1000);
    for (size_t i = 0; i < count; i++, row += stride) {
        const hg_probe_many_rows_row *one = (const void *)row;

        ck_assert_int_eq(one->number, (int)i + 1);
        ck_assert_str_eq(one->squares.items[1].ptr, fixture_text("%zu", (i + 1) * (i + 1)));
    }
    ck_assert_ptr_null(hg_probe_many_rows_list_at(list, 1000));
    ck_assert_uint_eq(hg_probe_many_rows_list_count(list), 1000);
    hg_probe_many_rows_list_free(list);

    params.how_many = 0;
    ck_ok(hg_probe_many_rows(service, &params, &list, &err), err);
    ck_assert_uint_eq(hg_probe_many_rows_list_count(list), 0);
    hg_probe_many_rows_list_free(list);
}
END_TEST

START_TEST(operations_are_part_of_a_transaction)
{
    hg_probe_many_rows_params params = { .struct_size = sizeof params, .set = 1, .how_many = 3 };

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(hg_probe_many_rows(service, &params, NULL, &err), err);
    ck_ok(hg_probe_nothing(service, NULL, &err), err);
    ck_ok(hg_tx_rollback(service, &err), err);
}
END_TEST

#ifdef HGI_FAULTS
START_TEST(out_of_memory_at_any_place_leaves_nothing)
{
    hg_probe_echo_all_params params = everything();
    const hg_probe_echo_all_row *row = NULL;
    hg_status st = HG_E_NOMEM;

    for (long n = 1; st != HG_OK && n < 100; n++) {
        hgi_fault_at(n);
        st = hg_probe_echo_all(service, &params, &row, &err);
        hgi_fault_at(0);
        ck_assert_msg(st == HG_OK || (st == HG_E_NOMEM && row == NULL), "%s at %ld", hg_status_name(st), n);
    }
    ck_ok(st, err);
    hg_probe_echo_all_row_free(row);
}
END_TEST
#endif

Suite *
suite_operations_run(void)
{
    Suite *suite = suite_create("operations/run");
    TCase *tcase = tcase_create("run");

    tcase_add_checked_fixture(tcase, fixture_open, fixture_close);
    tcase_add_test(tcase, every_kind_of_value_goes_both_ways);
    tcase_add_test(tcase, what_is_left_out_is_null_and_what_is_given_is_told);
    tcase_add_test(tcase, empty_lists_are_not_null);
    tcase_add_test(tcase, drafts_and_json_hold_the_new_kinds);
    tcase_add_loop_test(tcase, bigints_in_json, 0, (int)(sizeof numbers / sizeof *numbers));
    tcase_add_test(tcase, a_json_member_that_is_no_parameter_is_told_by_name);
    tcase_add_test(tcase, values_that_do_not_fit_are_told_by_ordinal);
    tcase_add_test(tcase, nothing_back_is_success);
    tcase_add_test(tcase, a_count_is_a_column_or_the_rows_that_were_changed);
    tcase_add_test(tcase, a_row_or_none_or_a_defect);
    tcase_add_test(tcase, a_null_that_the_file_denies_is_told);
    tcase_add_test(tcase, a_list_is_walked_by_stride);
    tcase_add_test(tcase, operations_are_part_of_a_transaction);
#ifdef HGI_FAULTS
    tcase_add_test(tcase, out_of_memory_at_any_place_leaves_nothing);
#endif
    suite_add_tcase(suite, tcase);
    return suite;
}
