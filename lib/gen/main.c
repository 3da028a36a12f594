/* main.c - the steps of the generator, in their order.
 *
 *     hotgigs-gen CONNINFO ROOT [--check]
 *
 * CONNINFO leads to a database that has run sql/migrations of the checkout ROOT, as a login that may SET ROLE to each of
 * the library's roles. With --check nothing is written, and the exit status is 1 if a file differs from what would be
 * written.
 *
 *     hotgigs-gen --privacy ROOT [--check]
 *
 * writes the one migration that is generated, from sql/privacy/columns.txt, and comes first.
 *
 *     hotgigs-gen CONNINFO [ROOT] --operations DIR --out DIR [--prefix NAME]
 *
 * writes <group>.h and <group>.c into DIR for a user's own operations, whose names begin with NAME_ in place of hg_. ROOT
 * knows the library's tables: the checkout, which is the default, or share/hotgigs of an installation. */
#include <stdio.h>
#include <string.h>

#include "gen/gen.h"

static int
fail_usage(void)
{
    fputs("usage: hotgigs-gen CONNINFO ROOT [--check]\n"
          "       hotgigs-gen --privacy ROOT [--check]\n"
          "       hotgigs-gen CONNINFO [ROOT] --operations DIR --out DIR [--prefix NAME]\n", stderr);
    return 2;
}

static int
generate_library(model *m, const char *conninfo, int check)
{
    m->operations_folder = "sql/operations";
    m->prefix = "hg";
    m->version = (uint32_t)header_version(m->root);
    m->old = read_snapshot(m->root);
    m->migrations = read_migrations(m->root);
    read_operations(m);
    database_open(conninfo);
    read_catalogue(m);
    check_privacy(m);
    read_relations(m);
    read_views(m);
    prepare_operations(m);

    lay_out(m);
    check_names(m);
    write_headers(m);
    write_tables(m);
    write_doors(m);
    write_operations(m);
    write_migrations(m);
    write_catalogue();
    database_close();

    m->headers = read_headers(m->root);
    collect_facts(m);
    check_append_only(m);
    write_map(m);
    write_ffi(m);
    write_layout(m);
    write_description(m);
    write_json(m);

    if (check)
        return output_check(m->root);
    output_finish(m->root);
    return 0;
}

static int
generate_privacy(const char *root, int check)
{
    write_privacy(root);
    if (check)
        return output_check(root);
    output_finish(root);
    return 0;
}

/* The tables are read as the library knows them, and nothing of them is written. */
static int
generate_user(model *m, const char *conninfo, const char *out)
{
    m->is_user = 1;
    m->old = read_snapshot(m->root);
    read_operations(m);
    database_open(conninfo);
    read_catalogue(m);
    read_views(m);
    prepare_operations(m);
    database_close();

    m->old = (facts){0};
    lay_out(m);
    check_names(m);
    write_operations(m);
    output_finish(out);
    return 0;
}

int
main(int argc, char **argv)
{
    const char *out = NULL;
    int check = 0, at = 2;
    model m = { .root = ".", .prefix = "hg" };

    if (argc < 3)
        return fail_usage();
    if (strcmp(argv[1], "--privacy") == 0)
        return generate_privacy(argv[2], argc > 3 && strcmp(argv[3], "--check") == 0);
    if (!starts_with(argv[at], "--"))
        m.root = argv[at++];
    for (; at < argc; at++) {
        if (strcmp(argv[at], "--check") == 0)
            check = 1;
        else if (strcmp(argv[at], "--operations") == 0 && at + 1 < argc)
            m.operations_folder = argv[++at];
        else if (strcmp(argv[at], "--out") == 0 && at + 1 < argc)
            out = argv[++at];
        else if (strcmp(argv[at], "--prefix") == 0 && at + 1 < argc)
            m.prefix = argv[++at];
        else
            return fail_usage();
    }
    if ((out != NULL) != (m.operations_folder != NULL) || (out != NULL && check))
        return fail_usage();
    return out != NULL ? generate_user(&m, argv[1], out) : generate_library(&m, argv[1], check);
}
