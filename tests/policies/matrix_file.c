/* matrix_file.c - reads matrix.txt, whose head says how it is written. */
#include "policies/policies.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    const char     *path;
    FILE           *file;
    char           *line;
    size_t          size;
    int             number;
    policy_matrix  *matrix;
    policy_section *section;
    policy_verb    *verb;
    char            answered[POLICY_PEOPLE_MAX];
    int             mistakes;
} reader;

static void
complain(reader *r, const char *what, const char *which)
{
    fprintf(stderr, "%s:%d: %s: %s\n", r->path, r->number, what, which);
    r->mistakes++;
}

static void *
grow(void *array, int count, size_t size)
{
    array = realloc(array, (size_t)(count + 1) * size);
    if (array == NULL)
        exit(1);
    memset((char *)array + (size_t)count * size, 0, size);
    return array;
}

/* Every identity has an answer to every verb. */
static void
end_verb(reader *r)
{
    if (r->verb != NULL)
        for (int i = 0; i < policy_people_count; i++)
            if (!r->answered[i])
                complain(r, "no answer above this line for", policy_people[i].name);
    r->verb = NULL;
    memset(r->answered, 0, sizeof r->answered);
}

/* table NAME [by KEY] */
static void
begin_section(reader *r, char *rest)
{
    char *key = strstr(rest, " by ");

    end_verb(r);
    r->matrix->sections = grow(r->matrix->sections, r->matrix->count, sizeof *r->matrix->sections);
    r->section = &r->matrix->sections[r->matrix->count++];
    if (key != NULL)
        *key = '\0';
    r->section->table = strdup(rest);
    r->section->key = strdup(key != NULL ? key + 4 : "id");
}

static void
add_rows(reader *r, char *rest)
{
    char *save = NULL;

    for (char *name = strtok_r(rest, " ", &save); name != NULL; name = strtok_r(NULL, " ", &save)) {
        if (policy_id(name) == NULL || r->section->row_count == POLICY_ROWS_MAX)
            complain(r, "no such row in the fixture", name);
        else
            r->section->rows[r->section->row_count++] = strdup(name);
    }
}

static void
begin_verb(reader *r, int kind, const char *text, const char *rest)
{
    const policy_section *s = r->section;
    char *sql = NULL;
    int length = -1;

    end_verb(r);
    r->section->verbs = grow(r->section->verbs, r->section->verb_count, sizeof *r->section->verbs);
    r->verb = &r->section->verbs[r->section->verb_count++];
    r->verb->kind = kind;
    r->verb->line = r->number;
    r->verb->text = strdup(text);
    if (kind == POLICY_SELECT)
        length = asprintf(&sql, "SELECT %s FROM %s %s", s->key, s->table, rest);
    else if (kind == POLICY_UPDATE)
        length = asprintf(&sql, "UPDATE %s %s RETURNING %s", s->table, rest, s->key);
    else if (kind == POLICY_DELETE)
        length = asprintf(&sql, "DELETE FROM %s %s RETURNING %s", s->table, rest, s->key);
    else
        length = asprintf(&sql, "%s", rest);
    r->verb->sql = length < 0 ? NULL : sql;
}

static uint64_t
row_bit(reader *r, const char *name)
{
    for (int i = 0; i < r->section->row_count; i++)
        if (strcmp(r->section->rows[i], name) == 0)
            return UINT64_C(1) << i;
    complain(r, "no row of this section", name);
    return 0;
}

static int
is_try(const policy_verb *verb)
{
    return verb->kind == POLICY_TRY || verb->kind == POLICY_BARE_TRY;
}

/* The right side of an answer. */
static policy_outcome
read_outcome(reader *r, char *text)
{
    policy_outcome outcome = { .word = "" };
    char *save = NULL;

    if (is_try(r->verb) || strcmp(text, "denied") == 0) {
        snprintf(outcome.word, sizeof outcome.word, "%s", text);
        if (strcmp(text, "ok") != 0 && strcmp(text, "zero") != 0 && strcmp(text, "denied") != 0 &&
            strcmp(text, "refused") != 0 && strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5)
            complain(r, "no outcome of a statement", text);
    } else if (strcmp(text, "all") == 0) {
        outcome.rows = (UINT64_C(1) << r->section->row_count) - 1;
    } else if (strcmp(text, "-") != 0) {
        for (char *name = strtok_r(text, " ", &save); name != NULL; name = strtok_r(NULL, " ", &save))
            outcome.rows |= row_bit(r, name);
    }
    return outcome;
}

/* 0: not meant; 1: meant by name or group; 2: meant as one of the rest. */
static int
is_meant(const policy_person *person, const char *word)
{
    if (strcmp(word, person->name) == 0 || (person->group[0] != '\0' && strcmp(word, person->group) == 0))
        return 1;
    if (strcmp(word, "rest") == 0)
        return 2;
    return strncmp(word, "rest/", 5) == 0 && strcmp(word + 5, policy_role_word(person->role)) == 0 ? 2 : 0;
}

/* IDENTITIES : OUTCOME */
static void
add_answer(reader *r, char *line)
{
    char *colon = strstr(line, " : "), *save = NULL;
    policy_outcome outcome;

    if (colon == NULL || r->verb == NULL) {
        complain(r, "neither a verb nor an answer", line);
        return;
    }
    *colon = '\0';
    outcome = read_outcome(r, colon + 3);
    for (char *word = strtok_r(line, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
        int found = 0;

        for (int i = 0; i < policy_people_count; i++) {
            int meant = is_meant(&policy_people[i], word);

            found += meant != 0;
            if (meant == 0 || (meant == 2 && r->answered[i]))
                continue;
            if (r->answered[i])
                complain(r, "answered twice", policy_people[i].name);
            r->answered[i] = 1;
            r->verb->wanted[i] = outcome;
        }
        if (found == 0)
            complain(r, "no such identity", word);
    }
}

static int
starts(char *line, const char *word, char **rest)
{
    size_t n = strlen(word);

    if (strncmp(line, word, n) != 0 || (line[n] != '\0' && line[n] != ' '))
        return 0;
    *rest = line + n + (line[n] == ' ');
    return 1;
}

static void
take_line(reader *r)
{
    char *line = r->line, *rest, *end = line + strlen(line);

    while (end > line && isspace((unsigned char)end[-1]))
        *--end = '\0';
    if (line[0] == '\0' || line[0] == '#')
        return;
    if (starts(line, "table", &rest))
        begin_section(r, rest);
    else if (r->section == NULL)
        complain(r, "stands before the first table", line);
    else if (line[0] == ' ')
        add_answer(r, line + strspn(line, " "));
    else if (starts(line, "rows", &rest))
        add_rows(r, rest);
    else if (starts(line, "select", &rest))
        begin_verb(r, POLICY_SELECT, line, rest);
    else if (starts(line, "update", &rest))
        begin_verb(r, POLICY_UPDATE, line, rest);
    else if (starts(line, "delete", &rest))
        begin_verb(r, POLICY_DELETE, line, rest);
    else if (starts(line, "try", &rest))
        begin_verb(r, POLICY_TRY, line, rest);
    else if (starts(line, "bare try", &rest))
        begin_verb(r, POLICY_BARE_TRY, line, rest);
    else
        complain(r, "neither a verb nor an answer", line);
}

policy_matrix *
policy_matrix_read(const char *path)
{
    reader r = { .path = path, .file = fopen(path, "r") };

    if (r.file == NULL) {
        fprintf(stderr, "%s cannot be read; run from the root of the checkout\n", path);
        return NULL;
    }
    r.matrix = calloc(1, sizeof *r.matrix);
    while (getline(&r.line, &r.size, r.file) > 0) {
        r.number++;
        take_line(&r);
    }
    end_verb(&r);
    free(r.line);
    fclose(r.file);
    if (r.mistakes == 0)
        return r.matrix;
    policy_matrix_free(r.matrix);
    return NULL;
}

void
policy_matrix_free(policy_matrix *matrix)
{
    if (matrix == NULL)
        return;
    for (int i = 0; i < matrix->count; i++) {
        policy_section *s = &matrix->sections[i];

        for (int v = 0; v < s->verb_count; v++) {
            free(s->verbs[v].text);
            free(s->verbs[v].sql);
        }
        for (int n = 0; n < s->row_count; n++)
            free(s->rows[n]);
        free(s->verbs);
        free(s->table);
        free(s->key);
    }
    free(matrix->sections);
    free(matrix);
}

policy_section *
policy_section_find(policy_matrix *matrix, const char *table)
{
    for (int i = 0; i < matrix->count; i++)
        if (strcmp(matrix->sections[i].table, table) == 0)
            return &matrix->sections[i];
    return NULL;
}
