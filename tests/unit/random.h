/* random.h - random values that a seed repeats. The seed is SEED of the environment or the
 * clock; main.c prints it when a test failed, and tests put it into their messages. */
#ifndef TESTS_UNIT_RANDOM_H
#define TESTS_UNIT_RANDOM_H

#include <check.h>
#include <stdint.h>

extern uint64_t test_seed;

/* splitmix64: every seed is good, and its state is one word. */
static inline uint64_t
random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* 64 random bits of which only the lower 0 to 64 are kept: small numbers are as frequent as
 * large ones. */
static inline uint64_t
random_sized(uint64_t *state)
{
    uint64_t bits = random_next(state) % 65;

    return bits == 0 ? 0 : random_next(state) >> (64 - bits);
}

/* ck_assert_msg, for loops of many rounds: Check's own reports every success through a file, 10
 * microseconds each. */
#define assert_of_many(condition, ...)                                                             \
    do {                                                                                           \
        if (!(condition))                                                                          \
            ck_abort_msg(__VA_ARGS__);                                                             \
    } while (0)

#endif
