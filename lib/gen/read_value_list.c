/* read_value_list.c - the values of CHECK (column = ANY ('{a,b}')) or CHECK (column IN ('a', 'b')), from the expression that
 * PostgreSQL prints:
 *
 *     ((status)::text = ANY ('{a,b}'::text[]))                                                     varchar
 *     (status = ANY ('{a,b}'::text[]))                                                             text
 *     ((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))     varchar, IN
 *     (status = ANY (ARRAY['a'::text, 'b'::text]))                                                 text, IN
 *     ((status)::text = 'a'::text)                                                                 IN with one value
 *
 * Without parentheses and casts they are status = ANY '{a,b}', status = ANY ARRAY [ 'a' , 'b' ] and status = 'a'. What is left
 * then must be exactly that; any other check is not a list of values, and says nothing about the column's type. */
#include <ctype.h>
#include <string.h>

#include "gen/gen.h"

typedef struct scanner {
    const char *at;
    char       *token;       /* "" at the end; a string is without quotes, and then is_string is 1 */
    int         is_string;
} scanner;

static int
is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static void
next_raw(scanner *s)
{
    const char *start;

    s->at += strspn(s->at, " \n");
    start = s->at;
    s->is_string = *start == '\'';
    if (s->is_string) {
        text value = {0};

        add(&value, "");
        for (s->at++; *s->at != '\0'; s->at++) {
            if (s->at[0] == '\'' && s->at[1] == '\'')
                s->at++;
            else if (s->at[0] == '\'')
                break;
            add_bytes(&value, s->at, 1);
        }
        s->at += *s->at != '\0';
        s->token = value.ptr;
        return;
    }
    if (is_word(*start))
        while (is_word(*s->at))
            s->at++;
    else if (starts_with(start, "::"))
        s->at += 2;
    else if (*start != '\0')
        s->at++;
    s->token = keep_text(start, (size_t)(s->at - start));
}

static int
is_token(const scanner *s, const char *what)
{
    return !s->is_string && strcmp(s->token, what) == 0;
}

/* The next token that is neither parenthesis nor part of a cast. */
static void
next(scanner *s)
{
    static const char *const types[] = { "character varying", "character", "varchar", "bpchar", "text" };

    for (;;) {
        next_raw(s);
        if (is_token(s, "(") || is_token(s, ")"))
            continue;
        if (!is_token(s, "::"))
            return;
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
            if (starts_with(s->at, types[i]) && !is_word(s->at[strlen(types[i])])) {
                s->at += strlen(types[i]);
                break;
            }
        if (*s->at == '(')
            s->at += strcspn(s->at, ")") + (strchr(s->at, ')') != NULL);
        if (starts_with(s->at, "[]"))
            s->at += 2;
    }
}

/* The elements of an array as PostgreSQL prints it, {a,"b c"}; NULL: none, or more than one dimension, or a NULL among them,
 * beside which a check refuses nothing. */
static const char **
read_elements(const char *array, size_t *count)
{
    const char **elements = NULL, *at = array;

    if (*at++ != '{')
        return NULL;
    do {
        text element = {0};

        add(&element, "");
        if (*at == '"') {
            for (at++; *at != '\0' && *at != '"'; at++) {
                at += *at == '\\';
                add_bytes(&element, at, 1);
            }
            at += *at == '"';
        } else {
            add_bytes(&element, at, strcspn(at, ",{}"));
            at += element.len;
            if (element.len == 0 || strcmp(element.ptr, "NULL") == 0)
                return NULL;
        }
        elements = MORE(elements, *count);
        elements[(*count)++] = element.ptr;
    } while (*at++ == ',');
    return strcmp(at - 1, "}") == 0 ? elements : NULL;
}

const char **
read_value_list(const char *expression, const char *name, size_t *count)
{
    scanner s = { expression, NULL, 0 };
    const char **values = NULL;
    int many;

    *count = 0;
    next(&s);
    if (!is_token(&s, name))
        return NULL;
    next(&s);
    if (!is_token(&s, "="))
        return NULL;
    next(&s);
    many = is_token(&s, "ANY");
    if (many) {
        next(&s);
        if (s.is_string) {
            values = read_elements(s.token, count);
            next(&s);
            return is_token(&s, "") ? values : NULL;
        }
        if (!is_token(&s, "ARRAY"))
            return NULL;
        next(&s);
        if (!is_token(&s, "["))
            return NULL;
        next(&s);
    }
    for (;;) {
        if (!s.is_string)
            return NULL;
        values = MORE(values, *count);
        values[(*count)++] = s.token;
        next(&s);
        if (!many || !is_token(&s, ","))
            break;
        next(&s);
    }
    if (many) {
        if (!is_token(&s, "]"))
            return NULL;
        next(&s);
    }
    return is_token(&s, "") ? values : NULL;
}

const char *
value_name(const char *value)
{
    char *made = upper(value);

    for (char *p = made; *p != '\0'; p++)
        if (*p == '-')
            *p = '_';
    return made;
}
