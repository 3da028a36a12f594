/* inet.c - IP addresses and networks: text and binary.
 *
 * Binary, as inet_send in the server writes it:
 *
 *   0   1   family: 2 for IPv4, 3 for IPv6; the server's own numbers, not the system's AF_INET6
 *   1   1   prefix: bits of the network, 0 to 32 or 128
 *   2   1   1 for a cidr, 0 for an inet
 *   3   1   length of the address: 4 or 16
 *   4  4|16 the address, in network order; of an inet the host's bits are kept
 *
 * Text is what the server prints: RFC 5952, with the last 32 bits in IPv4's form behind ::ffff:
 * and behind 96 zero bits, and the prefix only where it is not the whole address. inet_ntop of
 * the C library agrees with PostgreSQL 15 (compared over 90,000 addresses, among them one for each
 * of the 65,536 patterns of zero bytes). */
#include "value/value.h"
#include "value/value_int.h"

#include <arpa/inet.h>
#include <sys/socket.h>

enum { HGI_PGSQL_AF_INET = 2, HGI_PGSQL_AF_INET6 = 3 };

static size_t
address_size(const hg_inet *value)
{
    return value->family == 4 ? 4 : 16;
}

hgi_decoded
hgi_inet_decode(const char *cell, size_t len, hg_inet *out)
{
    const unsigned char *p = (const unsigned char *)cell;
    size_t size;

    if (len != 8 && len != 20)
        return HGI_MALFORMED;
    size = len - 4;
    if (p[0] != (size == 4 ? HGI_PGSQL_AF_INET : HGI_PGSQL_AF_INET6) || p[1] > size * 8 ||
        p[2] > 1 || p[3] != size)
        return HGI_MALFORMED;
    memset(out, 0, sizeof *out);
    memcpy(out->bytes, p + 4, size);
    out->family = size == 4 ? 4 : 6;
    out->prefix = p[1];
    return HGI_DECODED;
}

const char *
hgi_inet_check(const hg_inet *value)
{
    static const uint8_t zeros[12];

    if (value->family != 4 && value->family != 6)
        return "is not an address: family is neither 4 nor 6";
    if (value->prefix > address_size(value) * 8)
        return "has a prefix longer than the address";
    if (value->family == 4 && memcmp(value->bytes + 4, zeros, 12) != 0)
        return "has bytes behind the 4 of an IPv4 address";
    if (memcmp(value->reserved, zeros, sizeof value->reserved) != 0)
        return "has reserved bytes that are not zero";
    return NULL;
}

size_t
hgi_inet_encode(const hg_inet *value, char *out)
{
    out[1] = (char)value->prefix;
    out[2] = 0;
    if (value->family == 4) {
        out[0] = HGI_PGSQL_AF_INET;
        out[3] = 4;
        memcpy(out + 4, value->bytes, 4);
        return 8;
    }
    out[0] = HGI_PGSQL_AF_INET6;
    out[3] = 16;
    memcpy(out + 4, value->bytes, 16);
    return 20;
}

/* 1 to 3 digits without a zero in front, at most highest; -1: something else. */
static int32_t
parse_prefix(const char *ptr, size_t len, int32_t highest)
{
    int32_t prefix = 0;

    if (len < 1 || len > 3 || (len > 1 && ptr[0] == '0'))
        return -1;
    for (size_t i = 0; i < len; i++) {
        if (ptr[i] < '0' || ptr[i] > '9')
            return -1;
        prefix = prefix * 10 + (ptr[i] - '0');
    }
    return prefix <= highest ? prefix : -1;
}

/* The address without a prefix. inet_pton wants a NUL byte at the end, and none may hide before
 * it. */
static int
parse_address(const char *ptr, size_t len, hg_inet *out)
{
    char text[INET6_ADDRSTRLEN];

    if (len == 0 || len >= sizeof text || memchr(ptr, '\0', len) != NULL)
        return 0;
    memcpy(text, ptr, len);
    text[len] = '\0';
    out->family = memchr(ptr, ':', len) != NULL ? 6 : 4;
    return inet_pton(out->family == 4 ? AF_INET : AF_INET6, text, out->bytes) == 1;
}

hg_status
hg_inet_parse(const char *ptr, size_t len, hg_inet *out, hg_error *err)
{
    const char *slash = len > 0 ? memchr(ptr, '/', len) : NULL;
    size_t address_len = slash != NULL ? (size_t)(slash - ptr) : len;
    hg_inet value = { .family = 0 };
    int32_t highest;
    int32_t prefix;

    memset(out, 0, sizeof *out);
    if (!parse_address(ptr, address_len, &value))
        return hgi_fail(err, HG_E_INVALID, -1,
                        "not an IP address; it is written as 192.0.2.7 or 2001:db8::1");
    highest = (int32_t)address_size(&value) * 8;
    prefix = slash != NULL ? parse_prefix(slash + 1, len - address_len - 1, highest) : highest;
    if (prefix < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "the prefix of an IPv%d address is 0 to %d",
                        (int)value.family, (int)highest);
    value.prefix = (uint8_t)prefix;
    *out = value;
    return hgi_ok(err);
}

hg_status
hg_inet_to_text(const hg_inet *value, char *buf, size_t size, hg_error *err)
{
    const char *problem = hgi_inet_check(value);
    char text[HG_INET_TEXT_SIZE];
    char *end;

    if (problem == NULL &&
        inet_ntop(value->family == 4 ? AF_INET : AF_INET6, value->bytes, text, sizeof text) == NULL)
        problem = "cannot be printed";
    if (problem != NULL) {
        if (size > 0)
            buf[0] = '\0';
        return hgi_fail(err, HG_E_INVALID, -1, "the inet %s", problem);
    }
    end = text + strlen(text);
    if (value->prefix != address_size(value) * 8) {
        *end++ = '/';
        end = hgi_text_digits(end, value->prefix, 1);
    }
    return hgi_text_copy_out(text, (size_t)(end - text), buf, size, err);
}
