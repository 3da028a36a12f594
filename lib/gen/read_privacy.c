/* read_privacy.c - sql/privacy/columns.txt: what is done with each column for the sake of the person it is about.
 *
 *     table users: id, scrub
 *         email   contact   pseudonym   yes   plain   hide
 *
 * The page is read twice: without a database, to write the migration that the database's own functions go by, and against
 * the catalogue, of whose tables every column must have its line. */
#include <string.h>

#include "gen/gen.h"

static const char path[] = "sql/privacy/columns.txt";

const char *const privacy_classes[] = { "none", "key", "record", "identity", "contact", "profile", "setting", "content",
                                        "opinion", "inferred", "financial", "technical", "secret", NULL };
const char *const privacy_erasures[] = { "keep", "row", "null", "empty", "false", "pseudonym", "link", "redact", NULL };
static const char *const actions[] = { "delete", "scrub", "redact", "keep", NULL };
static const char *const exports[] = { "no", "mask", "own", "access", "yes", NULL };
static const char *const audits[] = { "plain", "secret", "digest", "omit", NULL };
static const char *const logs[] = { "show", "hide", NULL };

int
word_among(const char *word, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

/* The word at *at, which moves behind it. */
static const char *
take_word(const char **at, int line, const char *const *among, const char *what)
{
    const char *start = *at + strspn(*at, " ");
    size_t len = strcspn(start, " ");
    char *word = keep_text(start, len);

    if (len == 0)
        die_at(path, line, "a column has five words behind its name: class, erasure, export, audit, log; %s is missing", what);
    if (among != NULL && word_among(word, among) < 0)
        die_at(path, line, "%s is no %s", word, what);
    *at = start + len;
    return word;
}

/* table users: id, scrub */
static privacy_line
read_table(const char *content, int line)
{
    const char *colon = strchr(content, ':'), *comma = strrchr(content, ',');
    privacy_line p = { .line = line };

    if (colon == NULL || comma == NULL || comma < colon + 2)
        die_at(path, line, "a table's line is: table NAME: PATH, ACTION");
    p.table = keep_text(content + 6, (size_t)(colon - content - 6));
    p.subject = keep_text(colon + 2, (size_t)(comma - colon - 2));
    p.action = keep_text(comma + 1 + strspn(comma + 1, " "), strlen(comma + 1 + strspn(comma + 1, " ")));
    if (word_among(p.action, actions) < 0)
        die_at(path, line, "%s is no action: delete, scrub, redact or keep", p.action);
    return p;
}

static void
read_column(privacy_line *p, const char *content)
{
    p->column = take_word(&content, p->line, NULL, "name");
    p->class_ = take_word(&content, p->line, privacy_classes, "class");
    p->erasure = take_word(&content, p->line, privacy_erasures, "erasure");
    p->export_ = take_word(&content, p->line, exports, "export");
    p->audit = take_word(&content, p->line, audits, "audit");
    p->log = take_word(&content, p->line, logs, "log");
    if (content[strspn(content, " ")] != '\0')
        die_at(path, p->line, "%s is one word too many", content + strspn(content, " "));
}

privacy
read_privacy(const char *root)
{
    const char *content = read_file(format("%s/%s", root, path), NULL);
    privacy all = {0};
    privacy_line head = {0};
    int number = 1;

    for (const char *p = content; p != NULL && *p != '\0'; number++) {
        size_t len = strcspn(p, "\n");
        const char *line = keep_text(p, len);

        p += len + (p[len] == '\n');
        if (line[0] == '#' || line[strspn(line, " ")] == '\0')
            continue;
        if (starts_with(line, "table ")) {
            head = read_table(line, number);
            continue;
        }
        if (head.table == NULL)
            die_at(path, number, "a column stands under its table");
        all.lines = MORE(all.lines, all.count);
        all.lines[all.count] = head;
        all.lines[all.count].line = number;
        read_column(&all.lines[all.count++], line);
    }
    return all;
}

static const privacy_line *
find_line(const privacy *all, const char *of_table, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->lines[i].table, of_table) == 0 && strcmp(all->lines[i].column, name) == 0)
            return &all->lines[i];
    return NULL;
}

static int
has_column(const model *m, const privacy_line *p)
{
    for (size_t t = 0; t < m->table_count; t++)
        for (size_t c = 0; strcmp(m->tables[t].name, p->table) == 0 && c < m->tables[t].column_count; c++)
            if (strcmp(m->tables[t].columns[c].name, p->column) == 0)
                return 1;
    return 0;
}

void
check_privacy(model *m)
{
    privacy all = read_privacy(m->root);

    if (all.count == 0)                        /* a generator's test has none */
        return;
    for (size_t i = 0; i < all.count; i++) {
        if (!has_column(m, &all.lines[i]))
            die_at(path, all.lines[i].line, "there is no column %s.%s", all.lines[i].table, all.lines[i].column);
        if (find_line(&all, all.lines[i].table, all.lines[i].column) != &all.lines[i])
            die_at(path, all.lines[i].line, "%s.%s stands here twice", all.lines[i].table, all.lines[i].column);
    }
    for (size_t t = 0; t < m->table_count; t++)
        for (size_t c = 0; !m->tables[t].is_view && c < m->tables[t].column_count; c++) {
            column *of = &m->tables[t].columns[c];

            of->privacy = find_line(&all, m->tables[t].name, of->name);
            if (of->privacy == NULL)
                die_at(path, 0, "%s.%s has no line", m->tables[t].name, of->name);
        }
}
