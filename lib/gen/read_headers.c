/* read_headers.c - what the public headers declare: a small reader of the C that public headers may hold.
 *
 *     typedef struct hg_conn hg_conn;          opaque
 *     typedef hg_str hg_json;                  type
 *     typedef struct hg_uuid { ... } hg_uuid;  struct
 *     enum { HG_OK = 0, ... };                 constants
 *     void hg_uuid_new(hg_uuid *out);          function
 *
 * Nothing else is in them: lines that begin with '#' and comments are passed over, and the rest is refused. A header
 * that is about to be generated is read from memory, any other from the disk. Structs get the offsets that a compiler
 * for 64-bit machines gives them, and one with a hole is refused. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "gen/gen.h"

static const char include[] = "include/";
static const char umbrella[] = "include/hotgigs/hotgigs.h";

static const struct { const char *name; size_t size; } builtin[] = {
    { "char", 1 },     { "uint8_t", 1 },  { "int8_t", 1 },   { "uint16_t", 2 }, { "int16_t", 2 },
    { "int32_t", 4 },  { "uint32_t", 4 }, { "int64_t", 8 },  { "uint64_t", 8 }, { "size_t", 8 },
};

typedef struct reader {
    headers    *all;
    header     *into;
    const char *at;
    int         line;
    char       *token;       /* a name, a number or one character; "" at the end */
} reader;

static void
next(reader *r)
{
    const char *p = r->at, *start;

    for (;;) {
        if (*p == '\n') {
            r->line++;
            p++;
        } else if (isspace((unsigned char)*p)) {
            p++;
        } else if (starts_with(p, "/*")) {
            for (p += 2; *p != '\0' && !starts_with(p, "*/"); p++)
                r->line += *p == '\n';
            p += *p != '\0' ? 2 : 0;
        } else if (*p == '#' && (p == r->into->content || p[-1] == '\n')) {
            p += strcspn(p, "\n");
        } else {
            break;
        }
    }
    start = p;
    while (isalnum((unsigned char)*p) || *p == '_')
        p++;
    if (p == start && *p != '\0')
        p++;
    r->token = keep_text(start, (size_t)(p - start));
    r->at = p;
}

static int
is(const reader *r, const char *what)
{
    return strcmp(r->token, what) == 0;
}

static void
expect(reader *r, const char *what)
{
    if (!is(r, what))
        die_at(r->into->path, r->line, "'%s' where a public header has '%s'", r->token, what);
    next(r);
}

static char *
take_name(reader *r)
{
    char *name = r->token;

    if (!isalpha((unsigned char)*name) && *name != '_')
        die_at(r->into->path, r->line, "'%s' where a public header has a name", name);
    next(r);
    return name;
}

static declaration *
declare(reader *r, int kind, const char *name)
{
    header *h = r->into;
    declaration *d;

    for (size_t i = 0; i < r->all->count; i++)
        for (size_t k = 0; k < r->all->items[i].count; k++)
            if (strcmp(r->all->items[i].declarations[k].name, name) == 0)
                die_at(h->path, r->line, "%s is declared in %s already", name, r->all->items[i].path);
    for (size_t k = 0; k < h->count; k++)
        if (strcmp(h->declarations[k].name, name) == 0)
            die_at(h->path, r->line, "%s is declared in line %d already", name, h->declarations[k].line);
    h->declarations = MORE(h->declarations, h->count);
    d = &h->declarations[h->count++];
    d->kind = kind;
    d->name = name;
    d->line = r->line;
    return d;
}

const declaration *
find_declaration(const headers *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        for (size_t k = 0; k < all->items[i].count; k++)
            if (strcmp(all->items[i].declarations[k].name, name) == 0)
                return &all->items[i].declarations[k];
    return NULL;
}

/* A type with its stars, spaced as we write it: const char *const * */
static char *
take_type(reader *r)
{
    text t = {0};

    if (is(r, "const")) {
        add(&t, "const ");
        next(r);
    }
    add(&t, take_name(r));
    while (is(r, "*") || is(r, "const")) {
        addf(&t, "%s%s", t.ptr[t.len - 1] == '*' ? "" : " ", r->token);
        next(r);
    }
    return t.ptr;
}

static void
measure(const reader *r, const char *type, size_t *size, size_t *align)
{
    const declaration *d;

    if (ends_with(type, "*") || ends_with(type, "*const")) {
        *size = *align = 8;
        return;
    }
    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++)
        if (strcmp(builtin[i].name, type) == 0) {
            *size = *align = builtin[i].size;
            return;
        }
    d = find_declaration(r->all, type);
    for (size_t k = 0; d == NULL && k < r->into->count; k++)
        if (strcmp(r->into->declarations[k].name, type) == 0)
            d = &r->into->declarations[k];
    if (d != NULL && d->kind == IS_TYPE) {
        measure(r, d->type, size, align);
    } else if (d != NULL && d->kind == IS_STRUCT) {
        *size = d->size;
        *align = d->align;
    } else {
        die_at(r->into->path, r->line, "a field's type %s is not known", type);
    }
}

/* From behind '{' to behind '}'. */
static void
read_members(reader *r, declaration *d)
{
    size_t offset = 0;

    d->align = 1;
    while (!is(r, "}")) {
        member *m;
        size_t align;

        d->members = MORE(d->members, d->member_count);
        m = &d->members[d->member_count++];
        m->type = take_type(r);
        m->name = take_name(r);
        m->elements = 1;
        if (is(r, "[")) {
            next(r);
            m->elements = strtoul(r->token, NULL, 0);
            next(r);
            expect(r, "]");
        }
        measure(r, m->type, &m->size, &align);
        m->size *= m->elements;
        if (offset % align != 0)
            die_at(r->into->path, r->line, "%s.%s would stand behind a hole", d->name, m->name);
        m->offset = offset;
        offset += m->size;
        if (align > d->align)
            d->align = align;
        expect(r, ";");
    }
    if (offset % d->align != 0)
        die_at(r->into->path, r->line, "%s would end with a hole", d->name);
    d->size = offset;
    next(r);
}

/* From behind typedef. */
static void
read_typedef(reader *r)
{
    if (is(r, "struct")) {
        char *tag, *name;

        next(r);
        tag = take_name(r);
        if (is(r, "{")) {
            declaration *d = declare(r, IS_STRUCT, tag);

            next(r);
            read_members(r, d);
        } else {
            declare(r, IS_OPAQUE, tag);
        }
        name = take_name(r);
        if (strcmp(tag, name) != 0)
            die_at(r->into->path, r->line, "struct %s is named %s", tag, name);
    } else {
        char *type = take_type(r);

        declare(r, IS_TYPE, take_name(r))->type = type;
    }
    expect(r, ";");
}

/* From behind enum. */
static void
read_enum(reader *r)
{
    int64_t value = 0;

    expect(r, "{");
    while (!is(r, "}")) {
        declaration *d = declare(r, IS_CONSTANT, take_name(r));

        if (is(r, "=")) {
            int negative;

            next(r);
            negative = is(r, "-");
            if (negative)
                next(r);
            value = strtoll(r->token, NULL, 0) * (negative ? -1 : 1);
            next(r);
        }
        d->value = value++;
        if (!is(r, "}"))
            expect(r, ",");
    }
    next(r);
    expect(r, ";");
}

/* hg_status hg_job_get(hg_conn *conn, ...) is kept as: hg_status (hg_conn *, ...). The names of parameters are no
 * part of the promise. */
static void
read_function(reader *r)
{
    text signature = {0};
    declaration *d;

    addf(&signature, "%s (", take_type(r));
    d = declare(r, IS_FUNCTION, take_name(r));
    expect(r, "(");
    for (int i = 0; !is(r, ")"); i++) {
        addf(&signature, "%s%s", i > 0 ? ", " : "", take_type(r));
        if (!is(r, ",") && !is(r, ")"))
            take_name(r);
        if (is(r, ","))
            next(r);
    }
    add(&signature, ")");
    d->type = signature.ptr;
    next(r);
    expect(r, ";");
}

static void
read_includes(header *h)
{
    static const char begin[] = "#include \"";

    for (const char *p = h->content; *p != '\0';) {
        size_t len = strcspn(p, "\n");

        if (starts_with(p, begin)) {
            const char *start = p + strlen(begin);
            char *name = keep_text(start, strcspn(start, "\"\n"));

            h->includes = MORE(h->includes, h->include_count);
            h->includes[h->include_count++] = name;
        }
        p += len + (p[len] != '\0');
    }
}

static const char *
content_of(const char *root, const char *path)
{
    const char *content = output_text(path);

    return content != NULL ? content : read_file(format("%s/%s", root, path), NULL);
}

/* Reads a header after those that it includes. */
static void
read_header(headers *all, const char *root, const char *path)
{
    header h = { .path = path };
    reader r = { .all = all, .into = &h, .line = 1 };

    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].path, path) == 0)
            return;
    h.content = content_of(root, path);
    if (h.content == NULL)
        die_at(path, 0, "is missing");
    read_includes(&h);
    for (size_t i = 0; i < h.include_count; i++)
        if (!starts_with(h.includes[i], "hotgigs/detail/"))
            read_header(all, root, format("%s%s", include, h.includes[i]));
    r.at = h.content;
    next(&r);
    while (!is(&r, "")) {
        if (is(&r, "typedef")) {
            next(&r);
            read_typedef(&r);
        } else if (is(&r, "enum")) {
            next(&r);
            read_enum(&r);
        } else {
            read_function(&r);
        }
    }
    all->items = MORE(all->items, all->count);
    all->items[all->count++] = h;
}

headers
read_headers(const char *root)
{
    headers all = {0};
    size_t count;
    const char **names = list_folder(format("%s/%shotgigs", root, include), ".h", &count);

    read_header(&all, root, umbrella);
    all.reached = all.count;
    for (size_t i = 0; i < count; i++)
        read_header(&all, root, format("%shotgigs/%s", include, names[i]));
    return all;
}

int64_t
header_version(const char *root)
{
    static const char path[] = "include/hotgigs/core.h";
    headers all = {0};
    const declaration *d;

    read_header(&all, root, path);
    d = find_declaration(&all, "HG_HEADER_VERSION");
    if (d == NULL)
        die_at(path, 0, "has no HG_HEADER_VERSION");
    return d->value;
}
