/* write_descriptor.c - the static description of one table that the engine works by. */
#include <inttypes.h>
#include <string.h>

#include "gen/gen.h"

/*     static const char *const job_type_values[] = { "full_time", "part_time", ... }; */
static void
write_value_lists(text *t, const table *of)
{
    for (size_t i = 0; i < of->column_count; i++) {
        const column *c = &of->columns[i];
        const char **quoted = keep((c->value_count + 1) * sizeof *quoted);

        if (c->kind != &kind_enum)
            continue;
        for (size_t v = 0; v < c->value_count; v++)
            quoted[v] = format("\"%s\"", c->values[v]);
        add_call(t, format("static const char *const %s_values[] = { ", c->name), quoted, c->value_count, " };\n");
    }
    if (has_enum(of))
        add(t, "\n");
}

/* ANON | COMPANY, as enumerated in generated/tables.h */
static const char *
roles(uint32_t mask)
{
    text t = {0};

    if (mask == 0)
        return "0";
    if (mask == (1u << ROLES) - 1)
        return "EVERYONE";
    for (int r = 0; r < ROLES; r++)
        if (mask >> r & 1)
            addf(&t, "%s%s", t.len > 0 ? " | " : "", upper(role_names[r]));
    return t.ptr;
}

void
write_string(text *t, const char *label, const char *what)
{
    addf(t, "        .%s = ", label);
    add_c_string(t, what);
    add(t, ",\n");
}

/* A comment is broken into as many strings as lines are needed; each but the last ends with a space. */
void
write_comment_string(text *t, const char *what)
{
    const char *head = "        .comment = ", *p = what;
    size_t indent = strlen(head), room = LINE_WIDTH - indent - strlen("\"\","), len = strlen(what);

    add(t, head);
    while (len > room) {
        size_t cut = room;

        while (cut > 0 && p[cut - 1] != ' ')
            cut--;
        if (cut == 0)
            break;
        add_c_string(t, keep_text(p, cut));
        add(t, "\n");
        add_spaces(t, indent);
        p += cut;
        len -= cut;
    }
    add_c_string(t, p);
    add(t, ",\n");
}

static void
write_privacy_of(text *t, const privacy_line *p)
{
    text flags = {0};

    if (strcmp(p->export_, "no") != 0 && strcmp(p->export_, "mask") != 0)
        add(&flags, "HG_COLUMN_EXPORTED | ");
    if (strcmp(p->export_, "yes") == 0)
        add(&flags, "HG_COLUMN_PORTABLE | ");
    if (strcmp(p->audit, "plain") != 0)
        add(&flags, "HG_COLUMN_VEILED | ");
    if (strcmp(p->log, "hide") == 0)
        add(&flags, "HG_COLUMN_UNLOGGED | ");
    if (strcmp(p->export_, "mask") == 0 || strcmp(p->export_, "own") == 0)
        add(&flags, "HG_COLUMN_MASKED | ");
    addf(t, "        .data_class = HG_DATA_%s, .erasure = HG_ERASURE_%s,\n", upper(p->class_), upper(p->erasure));
    if (flags.len > 0)
        addf(t, "        .privacy = %.*s,\n", (int)(flags.len - 3), flags.ptr);
}

/*
 *     [HG_JOB_TITLE] = {
 *         .name = "title", .field = "title",
 *         .sql_type = "character varying(255)",
 *         ...
 *     },
 */
static void
write_column(text *t, const table *of, const column *c)
{
    addf(t, "    [%s] = {\n", c->constant);
    addf(t, "        .name = \"%s\", .field = \"%s\",\n", c->name, c->field);
    write_string(t, "sql_type", c->sql_type);
    if (c->default_sql != NULL)
        write_string(t, "default_sql", c->default_sql);
    write_comment_string(t, c->comment);
    if (c->kind == &kind_enum)
        addf(t, "        .values = %s_values, .value_count = %zu,\n", c->name, c->value_count);
    addf(t, "        .kind = %s, .nullable = %d,\n", c->kind->constant, c->nullable);
    addf(t, "        .offset = offsetof(%s, %s),\n", of->row, c->field);
    if (c->length > 0 && strcmp(c->kind->name, "decimal") == 0)
        addf(t, "        .length = %d, .scale = %d,\n", c->length, c->scale);
    else if (c->length > 0)
        addf(t, "        .length = %d,\n", c->length);
    addf(t, "        .readers = %s,\n", roles(c->readers));
    addf(t, "        .inserters = %s,\n", roles(c->inserters));
    addf(t, "        .updaters = %s,\n", roles(c->updaters));
    addf(t, "        .since = 0x%06" PRIx32 ",\n", c->since);
    if (c->privacy != NULL)
        write_privacy_of(t, c->privacy);
    add(t, "    },\n");
}

static void
write_types(text *t, const table *of)
{
    size_t widest = 0;

    for (size_t i = 0; i < of->column_count; i++)
        if (width(of->columns[i].constant) > widest)
            widest = width(of->columns[i].constant);
    add(t, "static const uint32_t types[] = {\n");
    for (size_t i = 0; i < of->column_count; i++) {
        addf(t, "    [%s]", of->columns[i].constant);
        pad_to(t, 4 + widest + 3);
        addf(t, "= %s,\n", of->columns[i].oid);
    }
    add(t, "};\n\n");
}

static void
write_key_list(text *t, const table *of)
{
    if (of->key_count == 0)
        return;
    add(t, "static const hg_key_info keys[] = {\n");
    for (size_t k = 0; k < of->key_count; k++) {
        text columns = {0};

        for (size_t c = 0; c < of->column_count; c++)
            if (of->keys[k].columns >> c & 1)
                addf(&columns, "%sHG_BIT(%s)", columns.len > 0 ? " | " : "", of->columns[c].constant);
        addf(t, "    [%s] = {\n", of->keys[k].constant);
        addf(t, "        .name = \"%s\",\n", of->keys[k].name);
        add(t, "        .columns = ");
        add_words(t, "                   ", columns.ptr, 1);
        add(t, ",\n    },\n");
    }
    add(t, "};\n\n");
}

static void
write_relation_list(text *t, const table *of)
{
    if (of->relation_count == 0)
        return;
    add(t, "static const hg_relation_info relations[] = {\n");
    for (size_t i = 0; i < of->relation_count; i++) {
        const relation *r = &of->relations[i];

        addf(t, "    [%s] = {\n        .name = \"%s\",\n", r->constant, r->name);
        addf(t, "        .table = %s,\n", r->number);
        addf(t, "        .column = %s,\n", of->columns[r->column].constant);
        addf(t, "        .other_column = %s,\n", r->other_constant);
        addf(t, "        .is_many = %d,\n    },\n", r->column == 0);
    }
    add(t, "};\n\n");
}

static void
write_constraint_list(text *t, const table *of)
{
    size_t widest = 0;

    if (of->constraint_count == 0)
        return;
    for (size_t i = 0; i < of->constraint_count; i++)
        if (width(of->constraints[i].name) > widest)
            widest = width(of->constraints[i].name);
    add(t, "static const hgi_constraint constraints[] = {\n");
    for (size_t i = 0; i < of->constraint_count; i++) {
        const constraint *c = &of->constraints[i];

        add(t, "    { ");
        add_c_string(t, c->name);
        add(t, ",");
        pad_to(t, 4 + 2 + widest + 4);
        addf(t, "%s },\n", c->column < 0 ? "-1" : of->columns[c->column].constant);
    }
    add(t, "};\n\n");
}

/* Names the columns in mask, or those that are missing from all if they are fewer. */
static const char *
described(const table *of, uint64_t mask, uint64_t all)
{
    uint64_t named = mask;
    text t = {0};
    int in = 0, out = 0;

    for (size_t c = 0; c < of->column_count; c++) {
        in += (mask >> c & 1) != 0;
        out += ((all & ~mask) >> c & 1) != 0;
    }
    if (out == 0)
        return "all";
    if (out < in) {
        add(&t, "all but ");
        named = all & ~mask;
    }
    for (size_t c = 0; c < of->column_count; c++)
        if (named >> c & 1)
            addf(&t, "%s%s", t.len > 0 && !ends_with(t.ptr, "but ") ? ", " : "", of->columns[c].name);
    return t.ptr;
}

/*
 *     .readable = {
 *         [HG_ROLE_ANON]       = UINT64_C(0x3fdffff),  / * all but ai_generated_content * /
 */
static void
write_masks(text *t, const table *of, const char *label, int privilege)
{
    uint64_t all = role_mask(of, OTHER, privilege);
    int digits = (int)strlen(format("%" PRIx64, all));

    addf(t, "    .%s = {\n", label);
    for (int r = 0; r < ROLES_AND_OTHER; r++) {
        uint64_t mask = role_mask(of, r, privilege);
        text prefix = {0};

        if (mask == 0)
            continue;
        addf(t, "        [%s]", r == OTHER ? "HGI_ROLE_OTHER" : format("HG_ROLE_%s", upper(role_names[r])));
        pad_to(t, 8 + strlen("[HG_ROLE_FREELANCER] "));
        addf(t, "= UINT64_C(0x%0*" PRIx64 "), /* ", digits, mask);
        add(&prefix, "");
        add_spaces(&prefix, last_line_width(t));
        add_words(t, prefix.ptr, described(of, mask, all), 3);
        add(t, " */\n");
    }
    add(t, "    },\n");
}

/*     .lists = HG_BIT(HG_JOB_SEO_KEYWORDS), */
static void
write_lists(text *t, const table *of)
{
    text columns = {0};

    for (size_t i = 0; i < of->column_count; i++)
        if (strcmp(of->columns[i].kind->name, "text_list") == 0)
            addf(&columns, "%sHG_BIT(%s)", columns.len > 0 ? " | " : "", of->columns[i].constant);
    if (columns.len == 0)
        return;
    add(t, "    .lists = ");
    add_words(t, "             ", columns.ptr, 1);
    add(t, ",\n");
}

/* What an insert must give. */
static void
write_required(text *t, const table *of)
{
    text columns = {0};

    for (size_t i = 1; i < of->column_count; i++) {
        const column *c = &of->columns[i];

        if (!c->nullable && c->default_sql == NULL && !c->generated)
            addf(&columns, "%sHG_BIT(%s)", columns.len > 0 ? " | " : "", c->constant);
    }
    if (columns.len == 0)
        return;
    add(t, "    .required = ");
    add_words(t, "                ", columns.ptr, 1);
    add(t, ",\n");
}

/* The roles of a mask that may have HGI_ROLE_OTHER in it. */
static const char *
roles_and_other(uint32_t mask)
{
    uint32_t named = mask & ((1u << ROLES) - 1);

    return named == 0 ? "OTHER" : format("%s | OTHER", roles(named));
}

static void
write_table(text *t, const table *of)
{
    addf(t, "_Static_assert(sizeof(%s) == %zu, \"not the layout of tests/abi/layout.txt\");\n\n", of->row,
         of->row_size);
    addf(t, "const hgi_table hgi_%s = {\n", of->name);
    add(t, "    .info = {\n");
    add(t, "        .struct_size = sizeof(hg_table_info),\n");
    addf(t, "        .table = %s,\n", of->number);
    addf(t, "        .name = \"%s\",\n        .singular = \"%s\",\n", of->name, of->singular);
    write_comment_string(t, of->comment);
    add(t, "        .columns = columns,\n");
    addf(t, "        .column_count = %zu,\n", of->column_count);
    add(t, "        .column_stride = sizeof(hg_column_info),\n");
    addf(t, "        .row_size = sizeof(%s),\n", of->row);
    addf(t, "        .version_column = %s,\n",
         of->version_column < 0 ? "-1" : of->columns[of->version_column].constant);
    if (of->key_count > 0)
        addf(t, "        .keys = keys,\n        .key_count = %zu,\n", of->key_count);
    add(t, "        .key_stride = sizeof(hg_key_info),\n");
    if (has_enum(of))
        addf(t, "        .unknown_offset = offsetof(%s, unknown_text),\n", of->row);
    addf(t, "        .schema = \"%s\",\n", of->is_view ? "hotgigs" : "public");
    if (of->is_view)
        add(t, "        .is_view = 1,\n");
    add(t, "        .relation_stride = sizeof(hg_relation_info),\n");
    if (of->relation_count > 0)
        addf(t, "        .relations = relations,\n        .relation_count = %zu,\n", of->relation_count);
    if (!of->is_view)
        addf(t, "        .deleters = %s,\n", roles(of->deletable & ((1u << ROLES) - 1)));
    add(t, "    },\n");
    addf(t, "    .relation = \"%s\",\n    .types = types,\n", of->relation);
    write_lists(t, of);
    if (has_enum(of))
        addf(t, "    .unknown_offset = offsetof(%s, unknown_text),\n", of->row);
    if (of->constraint_count > 0)
        addf(t, "    .constraint_count = %zu,\n    .constraints = constraints,\n", of->constraint_count);
    write_masks(t, of, "readable", MAY_READ);
    if (!of->is_view) {
        write_required(t, of);
        write_masks(t, of, "insertable", MAY_INSERT);
        write_masks(t, of, "updatable", MAY_UPDATE);
        addf(t, "    .readable_version = %s,\n", roles_and_other(of->readable_version));
        addf(t, "    .deletable = %s,\n", roles_and_other(of->deletable));
    }
    add(t, "};\n");
}

void
write_descriptor(text *t, const table *of)
{
    write_value_lists(t, of);
    add(t, "static const hg_column_info columns[] = {\n");
    for (size_t i = 0; i < of->column_count; i++)
        write_column(t, of, &of->columns[i]);
    add(t, "};\n\n");
    write_types(t, of);
    write_key_list(t, of);
    write_relation_list(t, of);
    write_constraint_list(t, of);
    write_table(t, of);
}
