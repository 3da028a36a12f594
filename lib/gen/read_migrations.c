/* read_migrations.c - the files of sql/migrations, and where in them a table or column is made.
 *
 * PostgreSQL remembers neither files nor lines, and this is not a parser of SQL: places are found by the words that
 * our own files use, CREATE TABLE name, a line that begins with the column, ADD COLUMN name. They stand in error
 * messages and in the first line of generated files, and nothing else depends on them. */
#define _POSIX_C_SOURCE 200809L

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "gen/gen.h"

static const char folder[] = "sql/migrations";

/* Behind word and the spaces that follow it, if p has it; else NULL. */
static const char *
skip_word(const char *p, const char *word)
{
    size_t len = strlen(word);

    if (strncasecmp(p, word, len) != 0 || isalnum((unsigned char)p[len]) || p[len] == '_')
        return NULL;
    p += len;
    return p + strspn(p, " \t\n");
}

/* Whether the text at p is these words, with any spaces between them. A word in brackets may be missing. */
static const char *
skip_words(const char *p, const char *words)
{
    char word[64];

    while (p != NULL && *words != '\0') {
        size_t len = strcspn(words, " ");
        int optional = words[0] == '[';
        const char *behind;

        memcpy(word, words + optional, len - 2 * (size_t)optional);
        word[len - 2 * (size_t)optional] = '\0';
        behind = skip_word(p, word);
        if (behind != NULL || !optional)
            p = behind;
        words += len;
        words += *words == ' ';
    }
    return p;
}

static const char *
skip_line(const char *p)
{
    p += strcspn(p, "\n");
    return *p == '\n' ? p + 1 : p;
}

/* The first line, 1 ..., whose statement is words; 0: none. at, if not NULL, gets what stands behind them. */
static int
line_of(const char *sql, const char *words, const char **at)
{
    int line = 1;

    for (const char *p = sql; *p != '\0'; p = skip_line(p), line++) {
        const char *behind = skip_words(p + strspn(p, " \t"), words);

        if (behind == NULL)
            continue;
        if (at != NULL)
            *at = behind;
        return line;
    }
    return 0;
}

static int
is_concurrent(const migration *m)
{
    int line = line_of(m->sql, "CREATE [UNIQUE] INDEX CONCURRENTLY", NULL);

    if (line > 0 && line_of(m->sql, "BEGIN", NULL) > 0)
        die_at(m->path, line, "CREATE INDEX CONCURRENTLY stands alone in its file, without BEGIN and COMMIT");
    return line > 0;
}

migrations
read_migrations(const char *root)
{
    migrations all = {0};
    size_t count;
    const char **names = list_folder(format("%s/%s", root, folder), ".sql", &count);

    if (count == 0)
        die("%s/%s: no migrations", root, folder);
    for (size_t i = 0; i < count; i++) {
        const char *name = names[i];
        migration *m;

        if (strspn(name, "0123456789") != 3 || name[3] != '_')
            die_at(format("%s/%s", folder, name), 0, "not named like 106_jobs.sql");
        all.items = MORE(all.items, all.count);
        m = &all.items[all.count++];
        m->path = format("%s/%s", folder, name);
        m->version = keep_text(name, 3);
        m->name = keep_text(name + 4, strlen(name) - 4 - strlen(".sql"));
        if (!is_name(m->name))
            die_at(m->path, 0, "not named like 106_jobs.sql");
        if (i > 0 && strcmp(m[-1].version, m->version) == 0)
            die_at(m->path, 0, "has the number of %s", m[-1].path);
        m->sql = read_file(format("%s/%s", root, m->path), &m->sql_len);
        if (strlen(m->sql) != m->sql_len || strchr(m->sql, '\r') != NULL)
            die_at(m->path, 0, "holds a NUL byte or a carriage return");
        m->transaction = !is_concurrent(m);
    }
    return all;
}

place
place_of_table(const migrations *all, const char *name)
{
    const char *const ways[] = {
        format("CREATE TABLE [IF] [NOT] [EXISTS] %s", name),
        format("CREATE TABLE [IF] [NOT] [EXISTS] public.%s", name),
    };

    for (size_t i = 0; i < all->count; i++)
        for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
            int line = line_of(all->items[i].sql, ways[w], NULL);

            if (line > 0)
                return (place){ all->items[i].path, line };
        }
    return (place){ folder, 0 };
}

place
place_of_view(const migrations *all, const char *name)
{
    const char *const ways[] = {
        format("CREATE VIEW hotgigs.%s", name),
        format("CREATE OR REPLACE VIEW hotgigs.%s", name),
    };
    place found = { folder, 0 };

    for (size_t i = 0; i < all->count; i++)
        for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
            int line = line_of(all->items[i].sql, ways[w], NULL);

            if (line > 0)
                found = (place){ all->items[i].path, line };
        }
    return found;
}

/* An ALTER TABLE of a later file adds the column, or a line below CREATE TABLE begins with its name. */
place
place_of_column(const migrations *all, const char *of_table, const char *name)
{
    place table_place = place_of_table(all, of_table);
    const char *const ways[] = {
        format("ALTER TABLE %s ADD COLUMN [IF] [NOT] [EXISTS] %s", of_table, name),
        format("ALTER TABLE public.%s ADD COLUMN [IF] [NOT] [EXISTS] %s", of_table, name),
    };

    for (size_t i = 0; i < all->count; i++) {
        const migration *m = &all->items[i];

        for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
            int line = line_of(m->sql, ways[w], NULL);

            if (line > 0)
                return (place){ m->path, line };
        }
        if (m->path == table_place.file) {
            const char *p = m->sql;
            int line;

            for (line = 1; line < table_place.line; line++)
                p = skip_line(p);
            line = line_of(p, name, NULL);
            if (line > 0)
                return (place){ m->path, table_place.line + line - 1 };
        }
    }
    return table_place;
}
