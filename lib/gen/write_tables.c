/* write_tables.c - the files that list all tables and views: include/hotgigs/tables.h, lib/generated/tables.h and tables.c. */
#include <string.h>

#include "gen/gen.h"

static const char origin[] = "lib/gen/tables.txt";

static void
write_includes(const model *m, text *t)
{
    for (size_t i = 0; i < m->table_count; i++)
        addf(t, "#include \"hotgigs/%s/%s.h\"\n", m->tables[i].folder, m->tables[i].name);
}

/*
 *     enum {
 *         HG_TABLE_USERS = 0,
 *         ...
 *     };
 *     #include "hotgigs/tables/users.h"
 */
static void
write_public_header(const model *m)
{
    text *t = output("include/hotgigs/tables.h");
    size_t tables = m->table_count - m->view_count;
    enum_constant *all = keep((m->table_count + 1) * sizeof *all);

    add_origin(t, origin);
    add(t, "/* hotgigs/tables.h - all tables and views. */\n"
           "#ifndef HOTGIGS_TABLES_H\n"
           "#define HOTGIGS_TABLES_H\n\n"
           "#include \"hotgigs/detail/begin.h\"\n\n");
    for (size_t i = 0; i < tables; i++)
        all[i] = (enum_constant){ m->tables[i].number, i, in_comment(m->tables[i].comment) };
    write_constants(t, "Numbers of the tables, for calls that take any table.", all, tables);
    all[0] = (enum_constant){ "HG_VIEW_FIRST", FIRST_VIEW, "no table has a number so great" };
    for (size_t i = 0; i < m->view_count; i++)
        all[i + 1] = (enum_constant){ m->tables[tables + i].number, FIRST_VIEW + i, in_comment(m->tables[tables + i].comment) };
    write_constants(t, "Numbers of the views, which are read like tables and never written.", all, m->view_count + 1);
    add(t, "#include \"hotgigs/detail/end.h\"\n\n");
    write_includes(m, t);
    add(t, "\n#endif\n");
}

static void
write_inner_header(const model *m)
{
    text *t = output("lib/generated/tables.h");

    add_origin(t, origin);
    add(t, "/* generated/tables.h - what the generated files share. */\n"
           "#ifndef HGI_GENERATED_TABLES_H\n"
           "#define HGI_GENERATED_TABLES_H\n\n"
           "#include \"hotgigs/tables.h\"\n"
           "#include \"record/record.h\"\n\n"
           "/* Bits of roles, as the descriptors name them. */\n"
           "enum {\n");
    for (int r = 0; r < ROLES; r++) {
        addf(t, "    %s", upper(role_names[r]));
        pad_to(t, 4 + strlen("FREELANCER "));
        addf(t, "= 1 << HG_ROLE_%s,\n", upper(role_names[r]));
    }
    add(t, "    EVERYONE   = ");
    for (int r = 0; r < ROLES; r++)
        addf(t, "%s%s", r > 0 ? " | " : "", upper(role_names[r]));
    add(t, ",\n    OTHER      = 1 << HGI_ROLE_OTHER\n};\n\n");
    for (size_t i = 0; i < m->table_count; i++)
        addf(t, "extern const hgi_table hgi_%s;\n", m->tables[i].name);
    add(t, "\n#endif\n");
}

static void
write_list(const model *m)
{
    text *t = output("lib/generated/tables.c");
    size_t tables = m->table_count - m->view_count;

    add_origin(t, origin);
    add(t, "#include \"generated/tables.h\"\n\n"
           "const hgi_table *const hgi_tables[] = {\n");
    for (size_t i = 0; i < tables; i++)
        addf(t, "    [%s] = &hgi_%s,\n", m->tables[i].number, m->tables[i].name);
    add(t, "};\n"
           "const int32_t hgi_table_count = sizeof hgi_tables / sizeof *hgi_tables;\n\n"
           "/* The last one is not counted: there may be no views. */\n"
           "const hgi_table *const hgi_views[] = {\n");
    for (size_t i = tables; i < m->table_count; i++)
        addf(t, "    [%s - HG_VIEW_FIRST] = &hgi_%s,\n", m->tables[i].number, m->tables[i].name);
    addf(t, "    [%zu] = 0,\n", m->view_count);
    add(t, "};\n"
           "const int32_t hgi_view_count = sizeof hgi_views / sizeof *hgi_views - 1;\n");
}

void
write_tables(const model *m)
{
    write_public_header(m);
    write_inner_header(m);
    write_list(m);
}
