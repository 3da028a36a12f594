/* mutants.c - an expression as the server prints it, with one arm of an OR or one part of an AND gone.
 *
 * The server prints every operand in parentheses, so that the words AND and OR between two of them, at the depth of a group,
 * are the operators. Text in quotes is stepped over. */
#include "policies/mutation/mutation.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 16 };

char *
mutant_text(const char *format, ...)
{
    va_list arguments;
    char *out = NULL;
    int length;

    va_start(arguments, format);
    length = vasprintf(&out, format, arguments);
    va_end(arguments);
    if (length < 0)
        exit(1);
    return out;
}

void
mutant_add(mutant_list *list, char *what, char *sql)
{
    list->items = realloc(list->items, (size_t)(list->count + 1) * sizeof *list->items);
    if (list->items == NULL)
        exit(1);
    list->items[list->count++] = (mutant){ what, sql };
}

void
mutant_list_free(mutant_list *list)
{
    for (int i = 0; i < list->count; i++) {
        free(list->items[i].what);
        free(list->items[i].sql);
    }
    free(list->items);
    *list = (mutant_list){ NULL, 0 };
}

/* Behind the quoted text that begins at at. */
static const char *
skip_quoted(const char *at)
{
    char quote = *at++;

    while (*at != '\0' && *at != quote)
        at++;
    return *at == '\0' ? at : at + 1;
}

/* The parenthesis that closes the group, or the end. */
static const char *
end_of_group(const char *at)
{
    int depth = 0;

    while (*at != '\0') {
        if (*at == '\'' || *at == '"') {
            at = skip_quoted(at);
            continue;
        }
        if (*at == '(')
            depth++;
        if (*at == ')' && depth-- == 0)
            return at;
        at++;
    }
    return at;
}

static int
is_word(const char *at, const char *begin, const char *word)
{
    size_t n = strlen(word);

    return at > begin && isspace((unsigned char)at[-1]) && strncmp(at, word, n) == 0 && isspace((unsigned char)at[n]);
}

/* The operands of word between begin and end; parts[2i], parts[2i+1] are the bounds of operand i. */
static int
split(const char *begin, const char *end, const char *word, const char *parts[2 * PARTS_MAX])
{
    const char *at = begin;
    int depth = 0, count = 0;

    parts[0] = begin;
    while (at < end) {
        if (*at == '\'' || *at == '"') {
            at = skip_quoted(at);
            continue;
        }
        depth += (*at == '(') - (*at == ')');
        if (depth == 0 && is_word(at, begin, word) && count + 1 < PARTS_MAX) {
            parts[2 * count + 1] = at;
            parts[2 * ++count] = at + strlen(word);
            at += strlen(word);
            continue;
        }
        at++;
    }
    parts[2 * count + 1] = end;
    return count + 1;
}

/* In a SELECT the first operand of a WHERE begins behind that word, and everything before it stays. */
static const char *
behind_clause(const char *begin, const char *end)
{
    const char *out = begin;

    for (const char *at = begin; at + 6 < end; at++) {
        if (*at == '(')
            at = end_of_group(at + 1);
        else if (is_word(at, begin, "WHERE") || is_word(at, begin, "ELSE") || is_word(at, begin, "WHEN"))
            out = at + 5;
    }
    return out;
}

static char *
squeeze(const char *begin, const char *end)
{
    char *out = mutant_text("%.*s", (int)(end - begin), begin), *to = out;

    for (const char *from = out; *from != '\0'; from++)
        if (!isspace((unsigned char)*from) || (to > out && to[-1] != ' '))
            *to++ = isspace((unsigned char)*from) ? ' ' : *from;
    while (to > out && to[-1] == ' ')
        to--;
    *to = '\0';
    return out;
}

static void
mutate_group(const char *whole, const char *begin, const char *end,
             void (*made)(void *context, char *what, char *mutated), void *context)
{
    static const char *const words[] = { "OR", "AND" };
    const char *parts[2 * PARTS_MAX];

    begin = behind_clause(begin, end);
    for (int w = 0; w < 2; w++) {
        int count = split(begin, end, words[w], parts);

        for (int i = 0; count > 1 && i < count; i++) {
            const char *from = i == 0 ? parts[0] : parts[2 * i - 1], *to = i == 0 ? parts[2] : parts[2 * i + 1];
            char *part = squeeze(parts[2 * i], parts[2 * i + 1]);

            made(context, mutant_text("without %s %s", words[w], part),
                 mutant_text("%.*s %s", (int)(from - whole), whole, to));
            if (w == 0 && count > 2)
                made(context, mutant_text("with nothing but %s", part),
                     mutant_text("%.*s %.*s %s", (int)(begin - whole), whole, (int)(parts[2 * i + 1] - parts[2 * i]),
                                 parts[2 * i], end));
            free(part);
        }
    }
}

void
mutate_expression(const char *expression, void (*made)(void *context, char *what, char *mutated), void *context)
{
    mutate_group(expression, expression, expression + strlen(expression), made, context);
    for (const char *at = expression; *at != '\0'; at++) {
        if (*at == '\'' || *at == '"')
            at = skip_quoted(at) - 1;
        else if (*at == '(')
            mutate_group(expression, at + 1, end_of_group(at + 1), made, context);
    }
}

void
mutate_body(const char *body, void (*made)(void *context, char *what, char *mutated), void *context)
{
    for (const char *line = body; *line != '\0'; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] != '\0')) {
        const char *at = line + strspn(line, " "), *end = line + strcspn(line, "\n"), *stop;
        size_t word = strncmp(at, "AND ", 4) == 0 ? 3 : strncmp(at, "WHERE ", 6) == 0 ? 5 : 0;
        char *part;

        stop = word > 0 ? end_of_group(at + word) : end;
        if (word == 0)
            continue;
        if (stop > end) {                         /* goes on in the next line, or the end of the statement */
            stop = end;
            while (stop > at && (stop[-1] == ';' || stop[-1] == ' '))
                stop--;
            if (end_of_group(at + word) > end && memchr(at, '(', (size_t)(end - at)) != NULL &&
                strchr(at, ')') > end)
                continue;
        }
        part = squeeze(at + word, stop);
        made(context, mutant_text("without %s", part),
             mutant_text("%.*s true %s", (int)(at + word - body), body, stop));
        free(part);
    }
}
