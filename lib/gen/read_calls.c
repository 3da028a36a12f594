/* read_calls.c - which words of a statement may be calls of functions: a name before a bracket, with its schema if there is
 * one. Comments and strings are passed over, and keywords such as IN ( are harmless: no function is called so. */
#include <ctype.h>
#include <string.h>

#include "gen/gen.h"

/* Behind what is neither a name nor a bracket, if p is at its begin; else p. */
static const char *
skip_quoted(const char *p)
{
    if (starts_with(p, "--"))
        return p + strcspn(p, "\n");
    if (starts_with(p, "/*")) {
        int depth = 1;

        for (p += 2; *p != '\0' && depth > 0; p++) {
            depth += starts_with(p, "/*") ? 1 : starts_with(p, "*/") ? -1 : 0;
            p += starts_with(p, "/*") || starts_with(p, "*/");
        }
        return p;
    }
    if (*p == '\'') {
        for (p++; *p != '\0' && *p != '\''; p++)
            continue;
        return p + (*p != '\0');
    }
    if (*p == '$' && !isdigit((unsigned char)p[1])) {
        size_t len = 1 + strspn(p + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        const char *end;

        if (p[len] != '$')
            return p + 1;
        end = strstr(p + len + 1, keep_text(p, len + 1));
        return end != NULL ? end + len + 1 : p + strlen(p);
    }
    return p;
}

/* The name at p, folded as the server folds it; "" if there is none. */
static const char *
name_at(const char **p)
{
    const char *start = *p;
    char *name;

    if (*start == '"') {
        size_t len = strcspn(start + 1, "\"");

        *p = start + 1 + len + (start[1 + len] != '\0');
        return keep_text(start + 1, len);
    }
    while (isalnum((unsigned char)**p) || **p == '_' || (unsigned char)**p >= 0x80)
        (*p)++;
    name = keep_text(start, (size_t)(*p - start));
    for (char *c = name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return name;
}

called *
called_functions(const char *sql, size_t *count)
{
    called *all = NULL;
    const char *schema = "";

    *count = 0;
    for (const char *p = sql; *p != '\0';) {
        const char *behind = skip_quoted(p), *name;

        if (behind != p) {
            p = behind;
            continue;
        }
        if (!isalpha((unsigned char)*p) && *p != '_' && *p != '"') {
            p++;
            continue;
        }
        name = name_at(&p);
        if (*p == '.') {
            schema = name;
            p++;
            continue;
        }
        if (p[strspn(p, " \t\n")] == '(') {
            all = MORE(all, *count);
            all[(*count)++] = (called){ schema, name };
        }
        schema = "";
    }
    return all;
}
