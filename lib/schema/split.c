/* split.c - the statements of a script, as psql finds them: semicolons end them, but not inside quotes, dollar quotes,
 * comments and brackets.
 *
 * It is not a parser of SQL. The files are our own, and what they may not have is refused when their build is applied
 * for the first time: a body that begins with BEGIN ATOMIC. */
#include "schema/schema_int.h"

#include <string.h>
#include <strings.h>

static int
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int
is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

static int
has_two(const char *p, const char *end, const char *two)
{
    return end - p >= 2 && p[0] == two[0] && p[1] == two[1];
}

/* Comments of this kind hold others. */
static const char *
skip_block_comment(const char *p, const char *end)
{
    int depth = 0;

    while (p < end) {
        if (has_two(p, end, "/*")) {
            depth++;
            p += 2;
        } else if (has_two(p, end, "*/")) {
            p += 2;
            if (--depth == 0)
                return p;
        } else {
            p++;
        }
    }
    return end;
}

/* Behind the comment at p, or p where there is none. */
static const char *
skip_comment(const char *p, const char *end)
{
    if (has_two(p, end, "--")) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));

        return line_end != NULL ? line_end : end;
    }
    return has_two(p, end, "/*") ? skip_block_comment(p, end) : p;
}

/* Behind the closing quote. A doubled one closes a text and opens the next, which comes to the same. */
static const char *
skip_quoted(const char *p, const char *end, int with_escapes)
{
    char quote = *p++;

    while (p < end && *p != quote)
        p += with_escapes && *p == '\\' && end - p > 1 ? 2 : 1;
    return p < end ? p + 1 : end;
}

/* Behind $tag$ ... $tag$, or behind the one character where no such quote begins: $1. */
static const char *
skip_dollar_quoted(const char *p, const char *end)
{
    const char *q = p + 1;
    size_t tag;

    if (q < end && *q >= '0' && *q <= '9')
        return q;
    while (q < end && is_word(*q))
        q++;
    if (q == end || *q != '$')
        return p + 1;
    tag = (size_t)(q + 1 - p);
    for (q++; (size_t)(end - q) >= tag; q++)
        if (memcmp(q, p, tag) == 0)
            return q + tag;
    return end;
}

/* Behind one word, quoted text, comment or other character. */
static const char *
skip_token(const char *p, const char *end)
{
    const char *behind = skip_comment(p, end);

    if (behind != p)
        return behind;
    if (*p == '\'' || *p == '"')
        return skip_quoted(p, end, 0);
    if ((*p == 'e' || *p == 'E') && has_two(p + 1, end, "''"))
        return p + 3;
    if ((*p == 'e' || *p == 'E') && end - p > 1 && p[1] == '\'')
        return skip_quoted(p + 1, end, 1);
    if (*p == '$')
        return skip_dollar_quoted(p, end);
    if (!is_word(*p))
        return p + 1;
    while (p < end && (is_word(*p) || *p == '$'))
        p++;
    return p;
}

static const char *
skip_blank(const char *p, const char *end)
{
    const char *before;

    do {
        before = p;
        while (p < end && is_space(*p))
            p++;
        p = skip_comment(p, end);
    } while (p != before);
    return p;
}

int
hgi_split_next(const char **at, const char *end, hg_str *statement)
{
    const char *p = skip_blank(*at, end);
    const char *last = p;                  /* behind the last character that is no comment */
    int depth = 0;

    statement->ptr = p;
    while (p < end && (*p != ';' || depth > 0)) {
        const char *behind = skip_token(p, end);

        depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
        if (!is_space(*p) && skip_comment(p, end) == p)
            last = behind;
        p = behind;
    }
    statement->len = (size_t)(last - statement->ptr);
    *at = p < end ? p + 1 : end;
    return statement->len > 0 || p < end;
}

int
hgi_split_begins(const hg_str *statement, const char *words, hg_str *behind)
{
    const char *p = statement->ptr, *end = p + statement->len;

    while (*words != '\0') {
        size_t len = strcspn(words, " ");

        if ((size_t)(end - p) < len || strncasecmp(p, words, len) != 0
            || ((size_t)(end - p) > len && is_word(p[len])))
            return 0;
        p = skip_blank(p + len, end);
        words += len;
        words += *words == ' ';
    }
    if (behind != NULL)
        *behind = (hg_str){ p, (size_t)(end - p) };
    return 1;
}

static int
is_exactly(const hg_str *statement, const char *word)
{
    hg_str behind;

    return hgi_split_begins(statement, word, &behind) && behind.len == 0;
}

static int
ends_a_transaction(const hg_str *statement)
{
    static const char *const words[] = { "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (hgi_split_begins(statement, words[i], NULL))
            return 1;
    return 0;
}

static hg_status
fail_file(const hgi_migration *file, const char *what, hg_error *err)
{
    return hgi_fail(err, HG_E_INTERNAL, -1, "%s_%s.sql %s; nothing was done", file->version, file->name, what);
}

hg_status
hgi_split_check(const hgi_migration *file, hg_str *body, hg_error *err)
{
    const char *at = file->sql, *end = at + file->sql_len;
    hg_str statement = { NULL, 0 }, next;
    int more = hgi_split_next(&at, end, &statement);

    *body = (hg_str){ file->sql, file->sql_len };
    if (file->transaction) {
        if (!more || !is_exactly(&statement, "BEGIN"))
            return fail_file(file, "does not begin with BEGIN;", err);
        more = hgi_split_next(&at, end, &statement);
    }
    for (; more && hgi_split_next(&at, end, &next); statement = next)
        if (ends_a_transaction(&statement))
            return fail_file(file, "is not one transaction", err);
    if (file->transaction) {
        if (!is_exactly(&statement, "COMMIT"))
            return fail_file(file, "does not end with COMMIT;", err);
        body->len = (size_t)(statement.ptr - file->sql);
    } else if (more && ends_a_transaction(&statement)) {
        return fail_file(file, "has a transaction", err);
    }
    return HG_OK;
}
