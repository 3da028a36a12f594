/* memory/alloc - the switch that makes allocations fail does so where it is told to. */
#include "../suites.h"

#include "memory/memory.h"

START_TEST(only_the_nth_allocation_fails)
{
    void *first, *second, *third;

    hgi_fault_at(2);
    first = hgi_alloc(8);
    second = hgi_alloc(8);
    third = hgi_alloc(8);

    ck_assert_msg(first != NULL && second == NULL && third != NULL, "not just the second failed");
    ck_assert_msg(hgi_fault_count() == 3, "counted %ld allocations, want 3", hgi_fault_count());
    hgi_free(first);
    hgi_free(third);
}
END_TEST

START_TEST(all_from_the_nth_on_fail_when_it_is_negative)
{
    void *first, *second, *third;

    hgi_fault_at(-2);
    first = hgi_alloc(8);
    second = hgi_alloc_zero(8);
    third = hgi_realloc(NULL, 8);

    ck_assert_msg(first != NULL && second == NULL && third == NULL, "not just the first succeeded");
    hgi_free(first);
}
END_TEST

START_TEST(a_block_whose_growth_failed_is_as_it_was)
{
    char *block = hgi_alloc(4);

    ck_assert_ptr_nonnull(block);
    block[0] = 'x';
    hgi_fault_at(1);

    ck_assert_msg(hgi_realloc(block, 1 << 20) == NULL, "realloc did not fail");
    ck_assert_msg(block[0] == 'x', "the block changed");
    hgi_free(block);
}
END_TEST

START_TEST(live_blocks_are_those_not_freed)
{
    long before = hgi_live_blocks();
    void *a = hgi_alloc(1);
    void *b = hgi_alloc_zero(1);

    a = hgi_realloc(a, 100);
    ck_assert_msg(hgi_live_blocks() - before == 2, "%ld live, want 2", hgi_live_blocks() - before);
    hgi_free(a);
    hgi_free(b);
    hgi_free(NULL);

    ck_assert_msg(hgi_live_blocks() == before, "%ld live, want none", hgi_live_blocks() - before);
}
END_TEST

START_TEST(no_bytes_are_a_block_too)
{
    void *a = hgi_alloc(0);
    void *b = hgi_alloc_zero(0);

    a = hgi_realloc(a, 0);
    ck_assert_msg(a != NULL && b != NULL, "a request for 0 bytes gave NULL");
    hgi_free(a);
    hgi_free(b);
}
END_TEST

START_TEST(zeroed_memory_is_zero)
{
    char *block = hgi_alloc_zero(100);

    ck_assert_ptr_nonnull(block);
    for (int i = 0; i < 100; i++)
        ck_assert_msg(block[i] == 0, "byte %d is %d", i, block[i]);
    hgi_free(block);
}
END_TEST

Suite *
suite_memory_alloc(void)
{
    Suite *suite = suite_create("memory/alloc");
    TCase *tc = tcase_create("alloc");

    tcase_add_test(tc, only_the_nth_allocation_fails);
    tcase_add_test(tc, all_from_the_nth_on_fail_when_it_is_negative);
    tcase_add_test(tc, a_block_whose_growth_failed_is_as_it_was);
    tcase_add_test(tc, live_blocks_are_those_not_freed);
    tcase_add_test(tc, no_bytes_are_a_block_too);
    tcase_add_test(tc, zeroed_memory_is_zero);
    suite_add_tcase(suite, tc);
    return suite;
}
