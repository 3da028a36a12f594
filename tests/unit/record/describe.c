/* record/describe - what a binding without a header needs is there, and true of the rows. */
#include "../suites.h"

#include <stddef.h>
#include <string.h>

#include "hotgigs/tables.h"
#include "record/record_int.h"

START_TEST(tables_are_numbered_without_a_gap)
{
    ck_assert_int_gt(hg_table_count(), 0);
    for (int32_t i = 0; i < hg_table_count(); i++) {
        const hg_table_info *info = hg_table_describe(i);

        ck_assert_msg(info != NULL && info->table == i, "table %d", (int)i);
        ck_assert_msg(info->struct_size == sizeof *info && info->column_stride == sizeof *info->columns,
                      "%s: sizes differ from the header's", info->name);
    }
}
END_TEST

/* What rows' own deletes go by is what a binding is told. */
START_TEST(who_may_delete_is_told)
{
    for (int32_t i = 0; i < hg_table_count(); i++)
        ck_assert_msg(hg_table_describe(i)->deleters ==
                          (hgi_tables[i]->deletable & ~(UINT32_C(1) << HGI_ROLE_OTHER)),
                      "%s", hg_table_describe(i)->name);
    for (int32_t i = 0; i < hg_view_count(); i++)
        ck_assert_uint_eq(hg_table_describe(HG_VIEW_FIRST + i)->deleters, 0);
}
END_TEST

static int
is_described(const char *name, int64_t value)
{
    for (int32_t i = 0; i < hg_constant_count(); i++)
        if (strcmp(hg_constant_describe(i)->name, name) == 0)
            return hg_constant_describe(i)->value == value;
    return 0;
}

START_TEST(constants_structs_and_calls_are_told)
{
    int calls = 0;

    ck_assert(is_described("HG_E_IN_DOUBT", HG_E_IN_DOUBT));
    ck_assert(is_described("HG_KIND_UUID_LIST", HG_KIND_UUID_LIST));
    ck_assert(is_described("HG_TABLE_JOBS", HG_TABLE_JOBS));
    ck_assert(is_described("HG_HEADER_VERSION", HG_HEADER_VERSION));
    for (int32_t i = 0; i < hg_struct_count(); i++)
        if (strcmp(hg_struct_describe(i)->name, "hg_error") == 0) {
            const hg_struct_info *info = hg_struct_describe(i);

            ck_assert_uint_eq(info->size, sizeof(hg_error));
            ck_assert_str_eq(info->fields[6].name, "message");
            ck_assert_str_eq(info->fields[6].type, "char[320]");
            ck_assert_uint_eq(info->fields[6].offset, offsetof(hg_error, message));
        }
    for (int32_t i = 0; i < hg_call_count(); i++)
        if (strcmp(hg_call_describe(i)->name, "hg_uuid_new") == 0) {
            ck_assert_str_eq(hg_call_describe(i)->type, "void (hg_uuid *)");
            calls++;
        }
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(what_is_beyond_the_last_is_null)
{
    ck_assert_ptr_null(hg_constant_describe(-1));
    ck_assert_ptr_null(hg_constant_describe(hg_constant_count()));
    ck_assert_ptr_null(hg_struct_describe(-1));
    ck_assert_ptr_null(hg_struct_describe(hg_struct_count()));
    ck_assert_ptr_null(hg_call_describe(-1));
    ck_assert_ptr_null(hg_call_describe(hg_call_count()));
}
END_TEST

START_TEST(a_number_that_is_no_tables_gives_null)
{
    ck_assert_ptr_null(hg_table_describe(-1));
    ck_assert_ptr_null(hg_table_describe(hg_table_count()));
    ck_assert_ptr_null(hg_table_describe(INT32_MAX));
    ck_assert_ptr_null(hg_table_describe(INT32_MIN));
}
END_TEST

/* Fields stand in the row one behind the other, aligned, in the order of their ordinals in this
 * first version. */
START_TEST(every_column_lies_in_the_row)
{
    for (int32_t i = 0; i < hg_table_count(); i++) {
        const hg_table_info *info = hg_table_describe(i);
        size_t end = sizeof(hgi_row);

        ck_assert_int_le(info->column_count, 64);
        for (int32_t c = 0; c < info->column_count; c++) {
            const hg_column_info *column = &info->columns[c];

            ck_assert_msg(column->name != NULL && column->field != NULL && column->sql_type != NULL, "%s.%d", info->name,
                          (int)c);
            ck_assert_msg(column->kind >= HG_KIND_UUID && column->kind <= HG_KIND_INET, "%s.%s", info->name,
                          column->name);
            ck_assert_msg(column->offset >= end, "%s.%s overlaps", info->name, column->name);
            end = column->offset + hgi_kind_size(column->kind);
            ck_assert_msg(end <= info->row_size, "%s.%s is behind the row's end", info->name, column->name);
            ck_assert_msg((column->kind == HG_KIND_ENUM) == (column->values != NULL && column->value_count > 0),
                          "%s.%s: values", info->name, column->name);
        }
    }
}
END_TEST

START_TEST(the_library_has_the_headers_version)
{
    ck_assert_uint_eq(hg_library_version(), HG_HEADER_VERSION);
}
END_TEST

Suite *
suite_record_describe(void)
{
    Suite *suite = suite_create("record/describe");
    TCase *tc = tcase_create("describe");

    tcase_add_test(tc, tables_are_numbered_without_a_gap);
    tcase_add_test(tc, a_number_that_is_no_tables_gives_null);
    tcase_add_test(tc, every_column_lies_in_the_row);
    tcase_add_test(tc, who_may_delete_is_told);
    tcase_add_test(tc, constants_structs_and_calls_are_told);
    tcase_add_test(tc, what_is_beyond_the_last_is_null);
    tcase_add_test(tc, the_library_has_the_headers_version);
    suite_add_tcase(suite, tc);
    return suite;
}
