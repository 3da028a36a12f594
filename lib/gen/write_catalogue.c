/* write_catalogue.c - lib/generated/catalogue.c: what a database is that has run the migrations, as sorted lines, for
 * hg_schema_verify() to compare with another database. The query is the library's own, lib/schema/catalogue.c. */
#include <string.h>

#include "gen/gen.h"
#include "schema/catalogue.h"

/* Tells verification whether the lines of trigram indexes are to be expected. */
static const char optional[] = "extension pg_trgm";

/* One string. If it is broken, then behind spaces, and brackets tell compilers that no comma is missing.
 *
 *     "public.jobs column title: character varying(255) not null",
 *     ("public.jobs constraint jobs_company_id_fkey: FOREIGN KEY (company_id) REFERENCES "
 *      "public.companies(id) ON DELETE CASCADE"),
 */
static void
write_line(text *t, const char *line)
{
    int fits = width(line) + strlen("    \"\",") <= LINE_WIDTH;

    add(t, fits ? "    \"" : "    (\"");
    while (*line != '\0') {
        size_t len = strcspn(line, " ");
        text quoted = {0};

        len += strspn(line + len, " ");
        add_c_string(&quoted, keep_text(line, len));
        if (!fits && last_line_width(t) + width(quoted.ptr) - 2 + strlen("\"),") > LINE_WIDTH)
            add(t, "\"\n     \"");
        add_bytes(t, quoted.ptr + 1, quoted.len - 2);
        line += len;
    }
    add(t, fits ? "\",\n" : "\"),\n");
}

void
write_catalogue(void)
{
    text *t = output("lib/generated/catalogue.c");
    int complete = 0;
    rows r;

    database_ask(hgi_catalogue_settings, NULL, 0);
    r = database_ask(hgi_catalogue_sql, NULL, 0);

    add_origin(t, "sql/migrations");
    add(t, "#include \"schema/catalogue.h\"\n\n"
           "const char *const hgi_catalogue_lines[] = {\n");
    for (int i = 0; i < r.count; i++) {
        const char *line = cell(&r, i, 0);

        complete |= strcmp(line, optional) == 0;
        if (i > 0 && strcmp(cell(&r, i - 1, 0), line) >= 0)
            die("the catalogue has no order: %s", line);
        write_line(t, line);
    }
    add(t, "};\n"
           "const int32_t hgi_catalogue_line_count = sizeof hgi_catalogue_lines / sizeof *hgi_catalogue_lines;\n");
    if (!complete)
        die("the server has no extension pg_trgm; generate with one that has it");
}
