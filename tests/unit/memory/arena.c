/* memory/arena - pieces are aligned, apart from each other, and gone together. */
#include "../suites.h"
#include "../random.h"

#include "memory/memory.h"

#include <string.h>

START_TEST(pieces_are_aligned_after_copies_of_any_length)
{
    hgi_arena arena = { 0 };

    for (size_t len = 0; len < 40; len++) {
        ck_assert_ptr_nonnull(
            hgi_arena_copy(&arena, "0123456789012345678901234567890123456789", len));
        ck_assert_msg((uintptr_t)hgi_arena_alloc(&arena, 3) % 8 == 0, "not aligned after %zu bytes",
                      len);
    }
    hgi_arena_free(&arena);
}
END_TEST

START_TEST(a_copy_ends_with_a_nul_byte)
{
    hgi_arena arena = { 0 };
    char *copy = hgi_arena_copy(&arena, "abcdef", 3);
    char *next = hgi_arena_copy(&arena, "xyz", 1);
    char *last = hgi_arena_copy(&arena, "q", 1);
    char *empty = hgi_arena_copy(&arena, NULL, 0);

    ck_assert_msg(strcmp(copy, "abc") == 0, "copy of 3 bytes is \"%s\"", copy);
    ck_assert_msg(strcmp(next, "x") == 0, "copy of 1 byte is \"%s\"", next);
    ck_assert_msg(strcmp(last, "q") == 0, "the copy behind it is \"%s\"", last);
    ck_assert_msg(empty[0] == '\0', "copy of 0 bytes is \"%s\"", empty);
    hgi_arena_free(&arena);
}
END_TEST

START_TEST(pieces_of_all_sizes_do_not_touch_each_other)
{
    enum { PIECES = 2000 };
    static char *pieces[PIECES];
    static size_t sizes[PIECES];
    hgi_arena arena = { 0 };
    uint64_t state = test_seed;

    for (int i = 0; i < PIECES; i++) {
        sizes[i] = random_next(&state) % (i % 100 == 0 ? 300000 : 300);
        pieces[i] = hgi_arena_alloc(&arena, sizes[i]);
        assert_of_many(pieces[i] != NULL, "out of memory");
        memset(pieces[i], i % 251, sizes[i]);
    }

    for (int i = 0; i < PIECES; i++)
        for (size_t at = 0; at < sizes[i]; at++)
            assert_of_many((unsigned char)pieces[i][at] == i % 251,
                           "piece %d, byte %zu (seed %llu)", i, at, (unsigned long long)test_seed);
    hgi_arena_free(&arena);
}
END_TEST

START_TEST(a_large_piece_leaves_the_first_block_in_use)
{
    hgi_arena arena = { 0 };
    char *small = hgi_arena_alloc(&arena, 8);
    void *large = hgi_arena_alloc(&arena, 4 << 20);
    char *next = hgi_arena_alloc(&arena, 8);

    ck_assert_ptr_nonnull(large);
    ck_assert_msg(next == small + 8, "the room left in the first block was lost");
    hgi_arena_free(&arena);
}
END_TEST

START_TEST(an_arena_may_begin_with_a_large_piece)
{
    hgi_arena arena = { 0 };
    char *large = hgi_arena_alloc(&arena, 4 << 20);

    ck_assert_ptr_nonnull(large);
    memset(large, 1, 4 << 20);
    ck_assert_ptr_nonnull(hgi_arena_alloc(&arena, 8));
    hgi_arena_free(&arena);
}
END_TEST

START_TEST(a_size_that_wraps_is_out_of_memory)
{
    hgi_arena arena = { 0 };

    ck_assert_ptr_nonnull(hgi_arena_alloc(&arena, 1));
    ck_assert_ptr_null(hgi_arena_alloc(&arena, SIZE_MAX));
    ck_assert_ptr_null(hgi_arena_copy(&arena, "x", SIZE_MAX));
    hgi_arena_free(&arena);
}
END_TEST

START_TEST(ten_megabytes_in_small_pieces_are_few_blocks)
{
    hgi_arena arena = { 0 };

    hgi_fault_at(0);
    for (int i = 0; i < 100000; i++)
        assert_of_many(hgi_arena_alloc(&arena, 100) != NULL, "out of memory");

    assert_of_many(hgi_fault_count() <= 15, "%ld blocks, budget 15", hgi_fault_count());
    assert_of_many(arena.grown < 13 << 20, "%zu bytes for 10.4 million", arena.grown);
    hgi_arena_free(&arena);
}
END_TEST

START_TEST(every_allocation_fails_once_and_the_arena_goes_on)
{
    long before = hgi_live_blocks();
    int has_failed = 1;

    for (long n = 1; has_failed; n++) {
        hgi_arena arena = { 0 };

        has_failed = 0;
        hgi_fault_at(n);
        for (int i = 0; i < 50; i++)
            has_failed |= hgi_arena_alloc(&arena, 10000) == NULL ||
                          hgi_arena_copy(&arena, "text", 4) == NULL;
        ck_assert_msg(hgi_arena_alloc(&arena, 2000000) != NULL || n == hgi_fault_count(),
                      "allocation %ld: the one behind it failed", n);
        hgi_arena_free(&arena);

        ck_assert_msg(hgi_live_blocks() == before, "allocation %ld leaks", n);
        ck_assert_msg(arena.first == NULL && arena.grown == 0,
                      "allocation %ld: not empty when freed", n);
    }
}
END_TEST

Suite *
suite_memory_arena(void)
{
    Suite *suite = suite_create("memory/arena");
    TCase *tc = tcase_create("arena");

    tcase_add_test(tc, pieces_are_aligned_after_copies_of_any_length);
    tcase_add_test(tc, a_copy_ends_with_a_nul_byte);
    tcase_add_test(tc, pieces_of_all_sizes_do_not_touch_each_other);
    tcase_add_test(tc, a_large_piece_leaves_the_first_block_in_use);
    tcase_add_test(tc, an_arena_may_begin_with_a_large_piece);
    tcase_add_test(tc, a_size_that_wraps_is_out_of_memory);
    tcase_add_test(tc, ten_megabytes_in_small_pieces_are_few_blocks);
    tcase_add_test(tc, every_allocation_fails_once_and_the_arena_goes_on);
    suite_add_tcase(suite, tc);
    return suite;
}
