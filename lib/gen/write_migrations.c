/* write_migrations.c - lib/schema/migrations.h and lib/generated/migrations.c: the files of sql/migrations in the
 * library, a line of C for each of their lines. */
#include <inttypes.h>
#include <string.h>

#include "gen/gen.h"

static void
write_migrations_header(void)
{
    text *t = output("lib/schema/migrations.h");

    add_origin(t, "lib/gen/write_migrations.c");
    add(t, "/* migrations.h - the files of sql/migrations, compiled in. */\n"
           "#ifndef HGI_MIGRATIONS_H\n"
           "#define HGI_MIGRATIONS_H\n\n"
           "#include <stddef.h>\n"
           "#include <stdint.h>\n\n"
           "typedef struct hgi_migration {\n"
           "    const char *version;      /* \"106\" */\n"
           "    const char *name;         /* \"jobs\" */\n"
           "    const char *sql;          /* the whole file, its own BEGIN and COMMIT included; NUL-ended */\n"
           "    size_t      sql_len;\n"
           "    uint8_t     sha256[32];   /* of the file */\n"
           "    int32_t     transaction;  /* 0: CREATE INDEX CONCURRENTLY, which has no BEGIN and takes none */\n"
           "    int32_t     reserved;\n"
           "} hgi_migration;\n\n"
           "/* In the order in which they are applied. */\n"
           "extern const hgi_migration hgi_migrations[];\n"
           "extern const int32_t hgi_migration_count;\n\n"
           "#endif\n");
}

/*
 *     static const char sql_106[] =
 *         "-- jobs: ...\n"
 *         "\n"
 */
static void
write_sql(text *t, const migration *m)
{
    addf(t, "\nstatic const char sql_%s[] =", m->version);
    if (m->sql_len == 0)
        add(t, " \"\"");
    for (const char *p = m->sql; *p != '\0';) {
        size_t len = strcspn(p, "\n") + (strchr(p, '\n') != NULL);

        add(t, "\n    ");
        add_c_string(t, keep_text(p, len));
        p += len;
    }
    add(t, ";\n");
}

static void
write_entry(text *t, const migration *m)
{
    const char *digits = database_sha256(m->sql, m->sql_len);
    const char *bytes[32];

    for (int i = 0; i < 32; i++)
        bytes[i] = format("0x%.2s", digits + (size_t)i * 2);
    addf(t, "    {\n"
            "        .version = \"%s\",\n"
            "        .name = \"%s\",\n"
            "        .sql = sql_%s,\n"
            "        .sql_len = sizeof sql_%s - 1,\n", m->version, m->name, m->version, m->version);
    add_call(t, "        .sha256 = { ", bytes, 32, " },\n");
    addf(t, "        .transaction = %d,\n    },\n", m->transaction);
}

void
write_migrations(const model *m)
{
    text *t = output("lib/generated/migrations.c");

    write_migrations_header();
    add_origin(t, "sql/migrations");
    add(t, "#include \"schema/migrations.h\"\n\n"
           "/* ISO C guarantees strings of 4095 characters; gcc and clang have no limit, and warn only if\n"
           " * asked to. */\n"
           "#if defined(__GNUC__)\n"
           "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
           "#endif\n");
    for (size_t i = 0; i < m->migrations.count; i++)
        write_sql(t, &m->migrations.items[i]);
    add(t, "\nconst hgi_migration hgi_migrations[] = {\n");
    for (size_t i = 0; i < m->migrations.count; i++)
        write_entry(t, &m->migrations.items[i]);
    add(t, "};\n"
           "const int32_t hgi_migration_count = sizeof hgi_migrations / sizeof *hgi_migrations;\n");
}
