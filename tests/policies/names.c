/* names.c - the names of the fixture's rows, from the lines "\set name 'id'" of fixture.sql. */
#include "policies/policies.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 512, ID_LENGTH = 36 };

static struct {
    char name[32];
    char id[ID_LENGTH + 1];
} names[NAMES_MAX];
static int name_count;

static void
read_names(void)
{
    FILE *file;
    char line[512];

    if (name_count > 0)
        return;
    file = fopen("tests/policies/fixture.sql", "r");
    if (file == NULL) {
        fprintf(stderr, "tests/policies/fixture.sql cannot be read; run from the root of the checkout\n");
        exit(1);
    }
    while (fgets(line, sizeof line, file) != NULL && name_count < NAMES_MAX)
        if (sscanf(line, "\\set %31s '%36[0-9a-f-]'", names[name_count].name, names[name_count].id) == 2)
            name_count++;
    fclose(file);
}

const char *
policy_id_at(int i)
{
    read_names();
    return i < name_count ? names[i].id : NULL;
}

const char *
policy_id(const char *name)
{
    read_names();
    for (int i = 0; i < name_count; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].id;
    return NULL;
}

const char *
policy_name(const char *id)
{
    read_names();
    for (int i = 0; i < name_count; i++)
        if (strcmp(names[i].id, id) == 0)
            return names[i].name;
    return id;
}

hg_uuid
policy_uuid(const char *name)
{
    const char *id = policy_id(name);
    hg_uuid uuid;

    if (id == NULL || hg_uuid_parse(id, strlen(id), &uuid, NULL) != HG_OK) {
        fprintf(stderr, "the fixture has no row called %s\n", name);
        exit(1);
    }
    return uuid;
}

static size_t
name_length(const char *text)
{
    size_t n = 0;

    while (islower((unsigned char)text[n]) || isdigit((unsigned char)text[n]) || text[n] == '_')
        n++;
    return n;
}

char *
policy_sql(const char *sql, const char *self)
{
    char *out = NULL, name[32];
    size_t size, n;
    FILE *stream = open_memstream(&out, &size);

    for (const char *at = sql; *at != '\0'; at++) {
        n = at[0] == ':' && at[1] != ':' && (at == sql || at[-1] != ':') ? name_length(at + 1) : 0;
        if (n > 0 && n < sizeof name) {
            memcpy(name, at + 1, n);
            name[n] = '\0';
            if (strcmp(name, "self") == 0 || policy_id(name) != NULL) {
                const char *id = strcmp(name, "self") == 0 ? self : policy_id(name);
                fprintf(stream, id != NULL ? "'%s'" : "NULL", id);
                at += n;
                continue;
            }
        }
        fputc(*at, stream);
    }
    fclose(stream);
    return out;
}
