/* write_door.c - lib/generated/<table>.c: the descriptor, and behind it the doors.
 *
 *     hg_status
 *     hg_job_delete(hg_conn *conn, const hg_uuid *id, hg_error *err)
 *     {
 *         return hgi_delete(conn, &hgi_jobs, id, err);
 *     }
 */
#include <string.h>

#include "gen/gen.h"

/* A call whose line would be too long is broken behind its commas. */
static void
add_code(text *t, const char *code)
{
    for (const char *p = code; *p != '\0';) {
        size_t len = strcspn(p, "\n");
        char *line = keep_text(p, len);
        const char *bracket = strchr(line, '('), *items[16];
        size_t count = 0;

        p += len + (p[len] != '\0');
        if (width(line) <= LINE_WIDTH || bracket == NULL) {
            addf(t, "%s\n", line);
            continue;
        }
        for (const char *item = bracket + 1; count < sizeof items / sizeof *items; count++) {
            const char *comma = strstr(item, ", ");

            if (comma == NULL) {
                items[count++] = keep_text(item, strlen(item) - strlen(");"));
                break;
            }
            items[count] = keep_text(item, (size_t)(comma - item));
            item = comma + strlen(", ");
        }
        add_call(t, keep_text(line, (size_t)(bracket + 1 - line)), items, count, ");\n");
    }
}

static void
write_door(text *t, const table *of, const call *c)
{
    const char *parameters[sizeof c->parameters / sizeof *c->parameters];
    size_t count = 0;

    while (c->parameters[count] != NULL) {
        parameters[count] = filled(c->parameters[count], of);
        count++;
    }
    addf(t, "\n%s\n", filled(c->result, of));
    add_call(t, format("%s_%s(", of->row, c->verb), parameters, count, ")\n");
    add(t, "{\n");
    add_code(t, filled(c->body, of));
    add(t, "}\n");
}

static void
write_enum_doors(text *t, const table *of, const column *c)
{
    addf(t, "\nconst char *\n%s_%s_name(int32_t value)\n{\n", of->row, c->name);
    add_code(t, format("    return hgi_enum_name(&hgi_%s, %s, value);\n", of->name, c->constant));
    add(t, "}\n");
    addf(t, "\nint32_t\n%s_%s_parse(const char *ptr, size_t len)\n{\n", of->row, c->name);
    add_code(t, format("    return hgi_enum_parse(&hgi_%s, %s, ptr, len);\n", of->name, c->constant));
    add(t, "}\n");
}

void
write_doors(const model *m)
{
    for (size_t i = 0; i < m->table_count; i++) {
        const table *of = &m->tables[i];
        text *t = output(format("lib/generated/%s.c", of->name));

        add_origin(t, of->place.file);
        addf(t, "#include \"hotgigs/%s/%s.h\"\n\n", of->folder, of->name);
        add(t, "#include <stddef.h>\n\n"
               "#include \"generated/tables.h\"\n"
               "#include \"query/query.h\"\n"
               "#include \"record/record.h\"\n"
               "#include \"value/value.h\"\n\n");
        write_descriptor(t, of);
        for (size_t c = 0; c < call_count; c++)
            if (has_call(of, &calls[c]))
                write_door(t, of, &calls[c]);
        for (size_t c = 0; c < of->column_count; c++)
            if (of->columns[c].kind == &kind_enum)
                write_enum_doors(t, of, &of->columns[c]);
    }
}
