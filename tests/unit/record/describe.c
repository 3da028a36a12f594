/* record/describe - what a binding without a header needs is there, and true of the rows. */
#include "../suites.h"

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
    tcase_add_test(tc, the_library_has_the_headers_version);
    suite_add_tcase(suite, tc);
    return suite;
}
