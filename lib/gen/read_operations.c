/* read_operations.c - the files of operations: what their heads say, and the statement below.
 *
 *     -- job_set_state: opens, closes or hides one job.        sentence, and on until an empty line
 *     --
 *     -- A soft close is ...                                   detail
 *     --
 *     -- group: jobs · rows: one · rights: caller              keys
 *     -- $2 status? = jobs.employment_status  NULL leaves it   parameters
 *     -- > id  The job.                                        columns
 *     -- NOT_FOUND  no such job                                errors
 *     UPDATE ...
 *
 * sql/operations/README.md has the whole of it. What is wrong is told with its line. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

const char *const rows_names[ROWS_KINDS] = { "none", "one", "maybe", "many", "count" };
const char *const rights_names[RIGHTS_KINDS] = { "caller", "definer", "service" };

static const char *const errors[] = { "NOT_FOUND", "CONFLICT", "CONSTRAINT", "DENIED", "INVALID", "STATE", "HELD" };
static const char *const keys[] = { "group", "rows", "rights", "by", "row" };

/* What the paragraph that is being read belongs to. */
enum { IN_SENTENCE, IN_DETAIL, IN_ITEMS };

typedef struct reader {
    operation  *of;
    const char *at;
    int         line;
    int         part;
    const char **last;       /* the comment that a deeper line goes on with; NULL: none */
    int         seen;        /* bit key */
} reader;

_Noreturn static void
refuse(const reader *r, const char *what)
{
    die_at(r->of->path, r->line, "%s", what);
}

static const char *
joined(const char *before, const char *words)
{
    return *before == '\0' ? words : format("%s %s", before, words);
}

static char *
trimmed(const char *ptr, size_t len)
{
    while (len > 0 && isspace((unsigned char)*ptr)) {
        ptr++;
        len--;
    }
    while (len > 0 && isspace((unsigned char)ptr[len - 1]))
        len--;
    return keep_text(ptr, len);
}

/* The number of a word in a list; -1: it is none of them. */
static int
number_in(const char *const *all, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i], word) == 0)
            return (int)i;
    return -1;
}

/* ---- Keys ---------------------------------------------------------------------------------------------------------- */

static void
read_by(reader *r, const char *value)
{
    for (const char *p = value; *p != '\0';) {
        size_t len = strcspn(p, ",");
        const char *word = trimmed(p, len);
        int role = number_in(role_names, ROLES, word);

        if (role < 0)
            refuse(r, format("by: %s is none of anon, candidate, company, freelancer, service", word));
        r->of->by |= UINT32_C(1) << role;
        p += len + (p[len] != '\0');
    }
}

static void
read_key(reader *r, const char *name, const char *value)
{
    int number = number_in(keys, sizeof keys / sizeof *keys, name);

    if (number < 0)
        refuse(r, format("%s: is none of group, rows, rights, by, row", name));
    if (r->seen >> number & 1)
        refuse(r, format("%s: stands twice", name));
    r->seen |= 1 << number;
    r->of->keys_line = r->line;
    switch (number) {
    case 0:
        if (!is_name(value))
            refuse(r, "group: lower-case letters, digits and underscores");
        r->of->group = value;
        break;
    case 1:
        r->of->rows = number_in(rows_names, ROWS_KINDS, value);
        if (r->of->rows < 0)
            refuse(r, format("rows: %s is none of one, maybe, many, count, none", value));
        break;
    case 2:
        r->of->rights = number_in(rights_names, RIGHTS_KINDS, value);
        if (r->of->rights < 0)
            refuse(r, format("rights: %s is none of caller, definer, service", value));
        break;
    case 3:
        read_by(r, value);
        break;
    default:
        r->of->row_name = value;
        break;
    }
}

/* Whether the line has a key at its begin: a line of prose may have a colon too. */
static int
is_keys(const char *line)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (starts_with(line, format("%s:", keys[i])))
            return 1;
    return 0;
}

static void
read_keys(reader *r, const char *line)
{
    static const char dot[] = "\xC2\xB7";

    for (const char *p = line; p != NULL;) {
        const char *end = strstr(p, dot);
        const char *pair = trimmed(p, end != NULL ? (size_t)(end - p) : strlen(p));
        const char *colon = strchr(pair, ':');

        if (colon == NULL)
            refuse(r, format("'%s' is no key", pair));
        read_key(r, trimmed(pair, (size_t)(colon - pair)), trimmed(colon + 1, strlen(colon + 1)));
        p = end != NULL ? end + strlen(dot) : NULL;
    }
}

/* ---- Parameters and columns ------------------------------------------------------------------------------------------ */

/* name? = source  comment */
static head_item
read_item(const reader *r, const char *p)
{
    head_item one = { .comment = "", .line = r->line };
    size_t len;

    if (starts_with(p, "given ")) {
        one.given = 1;
        p += strlen("given ");
        p += strspn(p, " ");
    }
    len = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_");
    one.name = keep_text(p, len);
    p += len;
    one.optional = *p == '?';
    p += one.optional;
    if (!is_name(one.name) || (*p != ' ' && *p != '\0'))
        refuse(r, "a name is lower-case letters, digits and underscores, with a '?' behind it if it may be NULL");
    len = strspn(p, " ");
    p += len;
    if (*p == '=') {
        p++;
        p += strspn(p, " ");
        one.source = keep_text(p, strcspn(p, " "));
        p += strlen(one.source);
        len = strspn(p, " ");
        p += len;
    }
    if (*p != '\0' && len < 2)
        refuse(r, "two spaces stand before what it means");
    one.comment = trimmed(p, strlen(p));
    if (one.given && (one.optional || one.source != NULL))
        refuse(r, "what is asked for with 'given' is a boolean, and needs no more than the name");
    return one;
}

static void
read_parameter(reader *r, const char *line)
{
    operation *of = r->of;
    char *behind;
    long number = strtol(line + 1, &behind, 10);
    head_item *one;

    if (number != (long)of->parameter_count + 1 || *behind != ' ')
        refuse(r, format("the next parameter is $%zu", of->parameter_count + 1));
    of->parameters = MORE(of->parameters, of->parameter_count);
    one = &of->parameters[of->parameter_count++];
    *one = read_item(r, behind + strspn(behind, " "));
    r->last = &one->comment;
    for (head_item *other = of->parameters; other < one; other++)
        if (strcmp(other->name, one->name) == 0 && other->given == one->given)
            refuse(r, format("%s is a parameter already", one->name));
}

static void
read_column(reader *r, const char *line)
{
    operation *of = r->of;
    head_item *one;

    of->columns = MORE(of->columns, of->column_count);
    one = &of->columns[of->column_count++];
    *one = read_item(r, line + 1 + strspn(line + 1, " "));
    r->last = &one->comment;
    if (one->given)
        refuse(r, "'given' is for parameters");
}

/* NOT_FOUND  no such job */
static int
read_error(reader *r, const char *line)
{
    operation *of = r->of;
    size_t len = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
    const char *word = keep_text(line, len);

    if (len < 3 || !starts_with(line + len, "  "))
        return 0;
    if (number_in(errors, sizeof errors / sizeof *errors, word) < 0)
        refuse(r, format("%s is none of NOT_FOUND, CONFLICT, CONSTRAINT, DENIED, INVALID, STATE, HELD", word));
    of->notes = MORE(of->notes, of->note_count);
    of->notes[of->note_count++] = format("HG_E_%s", word);
    of->notes = MORE(of->notes, of->note_count);
    of->notes[of->note_count++] = trimmed(line + len, strlen(line + len));
    r->last = &of->notes[of->note_count - 1];
    return 1;
}

/* ---- The head ---------------------------------------------------------------------------------------------------------- */

static void
read_first(reader *r, const char *line)
{
    operation *of = r->of;
    const char *begin = format("%s: ", of->name);

    if (!starts_with(line, begin))
        refuse(r, format("the first line is -- %s: what it does", of->name));
    of->sentence = trimmed(line + strlen(begin), strlen(line + strlen(begin)));
    if (*of->sentence == '\0')
        refuse(r, "says nothing behind its name");
    r->last = &of->sentence;
}

/* A line without its "--", deep: with more than three spaces before it. */
static void
read_head_line(reader *r, const char *line, int deep)
{
    if (r->line == 1) {
        read_first(r, line);
    } else if (*line == '\0') {
        if (r->part == IN_SENTENCE)
            r->part = IN_DETAIL;
        r->last = NULL;
    } else if (r->part == IN_SENTENCE) {
        r->of->sentence = joined(r->of->sentence, line);
    } else if (deep && r->last != NULL) {
        *r->last = joined(*r->last, line);
    } else if (is_keys(line)) {
        read_keys(r, line);
        r->part = IN_ITEMS;
        r->last = NULL;
    } else if (*line == '$' && isdigit((unsigned char)line[1])) {
        read_parameter(r, line);
        r->part = IN_ITEMS;
    } else if (starts_with(line, "> ")) {
        read_column(r, line);
        r->part = IN_ITEMS;
    } else if (read_error(r, line)) {
        r->part = IN_ITEMS;
    } else if (r->part == IN_DETAIL) {
        r->of->detail = joined(r->of->detail, line);
    } else {
        refuse(r, format("'%s' is no key, parameter, column or error; four spaces before it go on with the line above",
                         line));
    }
}

/* The lines that begin with "--"; what is behind them is the statement. */
static void
read_head(reader *r)
{
    while (starts_with(r->at, "--")) {
        size_t len = strcspn(r->at, "\n");
        size_t spaces = strspn(r->at + 2, " ");

        read_head_line(r, trimmed(r->at + 2, len - 2), spaces >= 4);
        r->at += len;
        if (*r->at == '\n') {
            r->at++;
            r->line++;
        }
    }
    if (r->line == 1)
        refuse(r, format("the first line is -- %s: what it does", r->of->name));
}

static void
refuse_missing(reader *r)
{
    for (int i = 0; i < 3; i++)
        if (!(r->seen >> i & 1))
            refuse(r, format("has no %s:", keys[i]));
    if (r->of->row_name != NULL && (r->of->rows == ROWS_NONE || r->of->rows == ROWS_COUNT))
        refuse(r, format("row: needs rows that come back, and rows: is %s", rows_names[r->of->rows]));
    if ((r->of->rows == ROWS_NONE || r->of->rows == ROWS_COUNT) && r->of->column_count > 0)
        die_at(r->of->path, r->of->columns[0].line, "rows: is %s, so no column comes back", rows_names[r->of->rows]);
    if (r->of->row_name != NULL && r->of->column_count > 0)
        die_at(r->of->path, r->of->columns[0].line, "row: says what comes back; leave the column out");
}

static int
newlines(const char *content, size_t len)
{
    int count = 0;

    for (size_t i = 0; i < len; i++)
        count += content[i] == '\n';
    return count;
}

static void
read_operation(model *m, const char *file)
{
    operation *of;
    reader r = { .line = 1 };
    size_t len;
    char *content;

    m->operations = MORE(m->operations, m->operation_count);
    of = &m->operations[m->operation_count++];
    r.of = of;
    of->path = format("%s/%s", m->operations_folder, file);
    of->name = keep_text(file, strlen(file) - strlen(".sql"));
    of->c_name = format("%s_%s", m->prefix, of->name);
    of->detail = "";
    if (!is_name(of->name))
        die_at(of->path, 0, "an operation's name is lower-case letters, digits and underscores");
    content = read_file(m->is_user ? of->path : format("%s/%s", m->root, of->path), &len);
    if (strcspn(content, "\r") != len)
        die_at(of->path, 1 + newlines(content, strcspn(content, "\r")), "holds a NUL byte or a carriage return");
    r.at = content;
    read_head(&r);
    refuse_missing(&r);

    of->sql_line = r.line;
    len = strlen(r.at);
    while (len > 0 && (isspace((unsigned char)r.at[len - 1]) || r.at[len - 1] == ';'))
        len--;
    if (len == 0)
        refuse(&r, "has no statement");
    of->sql = keep_text(r.at, len);
    for (size_t i = 0; i < of->note_count; i += 2)
        if (strcmp(of->notes[i], "HG_E_NOT_FOUND") == 0)
            of->not_found = of->notes[i + 1];
}

void
read_operations(model *m)
{
    const char *path = m->is_user ? m->operations_folder : format("%s/%s", m->root, m->operations_folder);
    size_t count;
    const char **names = list_folder(path, ".sql", &count);

    if (m->is_user && count == 0)
        die("%s: no operations", m->operations_folder);
    for (size_t i = 0; i < count; i++)
        read_operation(m, names[i]);
}
