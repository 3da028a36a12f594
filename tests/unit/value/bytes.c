/* value/bytes - integers in network order, at any address. */
#include "../suites.h"
#include "../hex.h"

#include "value/value.h"

START_TEST(integers_are_put_high_byte_first)
{
    char memory[1 + 14];
    char *odd = memory + 1;         /* not aligned for any of them */
    char hex[29];

    hgi_put16(odd, 0x0102);
    hgi_put32(odd + 2, UINT32_C(0x83040506));
    hgi_put64(odd + 6, UINT64_C(0xF708090A0B0C0D0E));

    ck_assert_str_eq(hex_write(odd, 14, hex), "010283040506f708090a0b0c0d0e");
    ck_assert_uint_eq(hgi_get16(odd), 0x0102);
    ck_assert_uint_eq(hgi_get32(odd + 2), UINT32_C(0x83040506));
    ck_assert_uint_eq(hgi_get64(odd + 6), UINT64_C(0xF708090A0B0C0D0E));
}
END_TEST

Suite *
suite_value_bytes(void)
{
    Suite *suite = suite_create("value/bytes");
    TCase *tc = tcase_create("bytes");

    tcase_add_test(tc, integers_are_put_high_byte_first);
    suite_add_tcase(suite, tc);
    return suite;
}
