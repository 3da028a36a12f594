/* main.c - hotgigs-gen CONNINFO ROOT [--check]: the steps, in their order.
 *
 * CONNINFO leads to a database that has run sql/migrations of the checkout ROOT. With --check nothing is written, and
 * the exit status is 1 if a file differs from what would be written. */
#include <stdio.h>
#include <string.h>

#include "gen/gen.h"

int
main(int argc, char **argv)
{
    int check = argc == 4 && strcmp(argv[3], "--check") == 0;
    model m = {0};

    if (argc != 3 && !check) {
        fputs("usage: hotgigs-gen CONNINFO ROOT [--check]\n", stderr);
        return 2;
    }
    m.root = argv[2];
    m.version = (uint32_t)header_version(m.root);
    m.old = read_snapshot(m.root);
    m.migrations = read_migrations(m.root);
    database_open(argv[1]);
    read_catalogue(&m);

    lay_out(&m);
    check_names(&m);
    write_headers(&m);
    write_tables(&m);
    write_doors(&m);
    write_migrations(&m);
    write_catalogue();
    database_close();

    m.headers = read_headers(m.root);
    collect_facts(&m);
    check_append_only(&m);
    write_map(&m);
    write_ffi(&m);
    write_layout(&m);

    if (check)
        return output_check(m.root);
    output_finish(m.root);
    return 0;
}
