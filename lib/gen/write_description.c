/* write_description.c - lib/generated/description.c: constants, structs and calls as hotgigs/describe.h hands them out.
 *
 *     static const hg_constant_info constants[] = {
 *         { "HG_OK", 0, 0x000100, 0 },
 *     static const hg_field_info hg_uuid_fields[] = {
 *         { "bytes", "uint8_t[16]", 0, 16 },
 *     static const hg_struct_info structs[] = {
 *         { "hg_uuid", hg_uuid_fields, 1, 16, 0x000100, 0 },
 *     static const hg_call_info calls[] = {
 *         { "hg_library_version", "uint32_t (void)", 0x000100, 0 },
 */
#include <inttypes.h>
#include <string.h>

#include "gen/gen.h"

int
is_of_operations(const header *of)
{
    return strstr(of->path, "/operations/") != NULL;
}

int
is_per_table(const header *of)
{
    return is_of_operations(of) || strstr(of->path, "/tables/") != NULL || strstr(of->path, "/views/") != NULL;
}

uint32_t
since_of(const model *m, const char *kind, const char *name)
{
    const fact *f = find_fact(&m->now, kind, name);

    return f != NULL ? f->since : m->version;
}

/* Calls write for each declaration of a kind in the headers. */
static void
each(const model *m, text *t, int kind, int (*is_left_out)(const header *),
     void (*write)(const model *, text *, const declaration *))
{
    for (size_t h = 0; h < m->headers.reached; h++) {
        const header *of = &m->headers.items[h];

        for (size_t i = 0; !is_left_out(of) && i < of->count; i++)
            if (of->declarations[i].kind == kind)
                write(m, t, &of->declarations[i]);
    }
}

static void
write_constant(const model *m, text *t, const declaration *d)
{
    addf(t, "    { \"%s\", %" PRId64 ", 0x%06" PRIx32 ", 0 },\n", d->name, d->value, since_of(m, "constant", d->name));
}

static void
write_fields_of(const model *m, text *t, const declaration *d)
{
    (void)m;
    addf(t, "static const hg_field_info %s_fields[] = {\n", d->name);
    for (size_t i = 0; i < d->member_count; i++) {
        const member *f = &d->members[i];
        const char *array = f->elements > 1 ? format("[%zu]", f->elements) : "";

        addf(t, "    { \"%s\", \"%s%s\", %zu, %zu },\n", f->name, f->type, array, f->offset, f->size);
    }
    add(t, "};\n");
}

static void
write_struct(const model *m, text *t, const declaration *d)
{
    addf(t, "    { \"%s\", %s_fields, %zu, %zu, 0x%06" PRIx32 ", 0 },\n", d->name, d->name, d->member_count, d->size,
         since_of(m, "struct", d->name));
}

/* A long type is broken at its commas into several strings. */
static void
write_call(const model *m, text *t, const declaration *d)
{
    const char *p = d->type;

    addf(t, "    { \"%s\",\n      ", d->name);
    while (strlen(p) > LINE_WIDTH - 30) {
        size_t cut = LINE_WIDTH - 30;

        while (cut > 1 && !(p[cut - 1] == ' ' && p[cut - 2] == ','))
            cut--;
        if (cut <= 1)
            break;
        addf(t, "\"%.*s\"\n      ", (int)cut, p);
        p += cut;
    }
    addf(t, "\"%s\", 0x%06" PRIx32 ", 0 },\n", p, since_of(m, "symbol", d->name));
}

/* The count, and the one at a place. */
static void
write_getters(text *t, const char *what)
{
    addf(t, "\nint32_t\nhg_%s_count(void)\n{\n    return sizeof %ss / sizeof *%ss;\n}\n", what, what, what);
    addf(t, "\nconst hg_%s_info *\nhg_%s_describe(int32_t i)\n{\n"
            "    return i >= 0 && i < hg_%s_count() ? &%ss[i] : NULL;\n}\n", what, what, what, what);
}

void
write_description(const model *m)
{
    text *t = output("lib/generated/description.c");

    add_origin(t, "include/hotgigs");
    add(t, "#include <stddef.h>\n\n#include \"hotgigs/describe.h\"\n\nstatic const hg_constant_info constants[] = {\n");
    each(m, t, IS_CONSTANT, is_per_table, write_constant);
    add(t, "};\n\n");
    each(m, t, IS_STRUCT, is_per_table, write_fields_of);
    add(t, "\nstatic const hg_struct_info structs[] = {\n");
    each(m, t, IS_STRUCT, is_per_table, write_struct);
    add(t, "};\n\nstatic const hg_call_info calls[] = {\n");
    each(m, t, IS_FUNCTION, is_of_operations, write_call);
    add(t, "};\n");
    write_getters(t, "constant");
    write_getters(t, "struct");
    write_getters(t, "call");
}
