/* write_operations.c - the typed calls of operations: hotgigs/operations/<group>.h and its .c, and what lists them all.
 *
 *     hg_status
 *     hg_job_set_state(hg_conn *conn, const hg_job_set_state_params *params, const hg_job_set_state_row **out, hg_error *err)
 *     {
 *         const void *row = NULL;
 *         hg_status st = hg_operation_run_row(conn, &hgi_operation_job_set_state, params, out != NULL ? &row : NULL, err);
 *
 * A user's own go by the same way, <group>.h and <group>.c in a folder of his. */
#include <ctype.h>
#include <string.h>

#include "gen/gen.h"

/* ---- What a call is of ---------------------------------------------------------------------------------------------- */

/* The struct of its rows, and what its lists are called. */
static const char *
row_of(const operation *of)
{
    return of->of != NULL ? of->of->row : of->row.row;
}

static const char *
list_of(const operation *of)
{
    return format("%s_list", of->of != NULL ? of->of->row : of->c_name);
}

static const char *
description_of(const model *m, const operation *of)
{
    return m->is_user ? format("operation_%s", of->name) : format("hgi_operation_%s", of->name);
}

static const char *
capital(const char *words)
{
    char *made = keep_text(words, strlen(words));

    made[0] = (char)toupper((unsigned char)made[0]);
    return made;
}

static const char *
for_whom(const operation *of)
{
    const char *names[ROLES];
    size_t count = 0;

    for (int r = 0; r < ROLES; r++)
        if (of->roles >> r & 1)
            names[count++] = role_names[r];
    if (of->rights == RIGHTS_SERVICE)
        return "For the service alone.";
    return format("%s %s.", of->rights == RIGHTS_CALLER ? "Under the caller's policies, for" : "A step with rights of its own,"
                                                                                               " for",
                  count == ROLES ? "every role" : listed(names, count));
}

/* ---- Headers ----------------------------------------------------------------------------------------------------------- */

/* out, changed: the parameter in which it answers, or NULL. */
static const char *
answer_of(const operation *of)
{
    switch (of->rows) {
    case ROWS_NONE:  return NULL;
    case ROWS_COUNT: return "int64_t *changed";
    case ROWS_MANY:  return format("%s **out", list_of(of));
    default:         return format("const %s **out", row_of(of));
    }
}

static void
add_signature(text *t, const operation *of, const char *begin, const char *end)
{
    const char *parameters[4] = { "hg_conn *conn", format("const %s *params", of->params.row) };
    size_t count = 2;

    if (answer_of(of) != NULL)
        parameters[count++] = answer_of(of);
    parameters[count++] = "hg_error *err";
    if (width(begin) + width(of->c_name) + width(parameters[1]) + 2 > LINE_WIDTH - 20 && ends_with(begin, " "))
        begin = "hg_status\n";
    add_call(t, format("%s%s(", begin, of->c_name), parameters, count, end);
}

static const char *
answer_words(const operation *of)
{
    const char *free_call = of->of != NULL ? format("%s_free()", of->of->row) : format("%s_row_free()", of->c_name);

    switch (of->rows) {
    case ROWS_COUNT: return "how many; may be NULL";
    case ROWS_MANY:  return format("yours: %s_free(). May be NULL.", list_of(of));
    case ROWS_MAYBE: return format("the row, yours: %s; NULL, with success, if there is none. May be NULL.", free_call);
    default:         return format("the row, yours: %s. May be NULL.", free_call);
    }
}

static void
write_call(text *t, const operation *of)
{
    const char *words = format("%s%s", capital(of->sentence), ends_with(of->sentence, ".") ? "" : ".");
    size_t label_width = strlen("HG_E_DENIED");
    int required = 0, denied = 0;

    for (size_t i = 0; i < of->params.column_count; i++)
        required |= !of->params.columns[i].nullable;
    for (size_t i = 0; i < of->note_count; i += 2) {
        denied |= strcmp(of->notes[i], "HG_E_DENIED") == 0;
        label_width = width(of->notes[i]) > label_width ? width(of->notes[i]) : label_width;
    }
    comment_open(t, in_comment(words));
    if (*of->detail != '\0') {
        add(t, " ");
        add_words(t, " * ", in_comment(of->detail), 3);
    }
    add(t, " ");
    add_words(t, " * ", for_whom(of), 3);
    add(t, "\n *");
    if (!required)
        comment_note(t, "params", label_width, "may be NULL");
    if (answer_of(of) != NULL)
        comment_note(t, of->rows == ROWS_COUNT ? "changed" : "out", label_width, answer_words(of));
    for (size_t i = 0; i < of->note_count; i += 2)
        comment_note(t, of->notes[i], label_width, in_comment(of->notes[i + 1]));
    if (!denied)
        comment_note(t, "HG_E_DENIED", label_width, "not for this role; nothing was sent");
    comment_close(t);
    add_signature(t, of, "hg_status ", ");\n\n");
}

/* Items between commas, broken behind them. */
static void
add_parameters(text *t, const char *head, const char *parameters, const char *end)
{
    const char *all[4];
    size_t count = 0;

    for (const char *p = parameters; *p != '\0'; p += strspn(p, ", ")) {
        size_t len = strcspn(p, ",");

        all[count++] = keep_text(p, len);
        p += len;
    }
    add_call(t, head, all, count, end);
}

/* A call beside it: what it gives, its ending, its parameters. */
static void
write_helper(text *t, const operation *of, const char *result, const char *ending, const char *parameters,
             const char *words)
{
    const char *gap = ends_with(result, "*") ? "" : " ";

    comment_open(t, words);
    comment_close(t);
    if (width(result) + width(of->c_name) + width(ending) + width(parameters) + 5 > LINE_WIDTH && width(result) > 10)
        gap = "\n";
    add_parameters(t, format("%s%s%s_%s(", result, gap, of->c_name, ending), parameters, ");\n");
    add(t, "\n");
}

static void
write_row_calls(text *t, const operation *of)
{
    if (of->of != NULL || of->row.column_count == 0)
        return;
    if (of->rows == ROWS_MANY) {
        write_helper(t, of, format("const %s *", of->row.row), "list_rows",
                     format("const %s_list *list, size_t *count, size_t *stride", of->c_name),
                     "The first row, how many there are, and the bytes from one to the next, as of a table's list."
                     " Borrowed from the list. NULL and 0 of an empty list and of NULL.");
        write_helper(t, of, format("const %s *", of->row.row), "list_at",
                     format("const %s_list *list, size_t i", of->c_name),
                     "Row i, borrowed from the list; NULL if there are not so many.");
        write_helper(t, of, "size_t", "list_count", format("const %s_list *list", of->c_name), "How many rows; 0 of NULL.");
        write_helper(t, of, "void", "list_free", format("%s_list *list", of->c_name),
                     "Frees a list with all its rows; NULL is allowed. Any thread.");
    } else {
        write_helper(t, of, "void", "row_free", format("const %s *row", of->row.row),
                     "Frees a row that the call gave; NULL is allowed. Any thread.");
    }
    write_helper(t, of, "hg_status", "row_to_json", format("const %s *row, hg_text **out, hg_error *err", of->row.row),
                 "A row as a JSON object, its members named like the columns. out: yours, hg_text_free().");
}

static void
write_draft_calls(text *t, const operation *of)
{
    if (of->params.column_count == 0)
        return;
    write_helper(t, of, "hg_draft *", "draft_new", "void",
                 "A draft of its parameters, yours: hg_draft_free(). NULL: out of memory.");
    write_helper(t, of, format("const %s *", of->params.row), "draft_params", "const hg_draft *draft",
                 "The params of a draft, with their set. Borrowed until the draft is changed or freed. NULL: not a draft of"
                 " this operation.");
}

static void
write_declarations(text *t, const operation *of)
{
    addf(t, "/* ---- %s ", of->name);
    while (last_line_width(t) < LINE_WIDTH - 3)
        add(t, "-");
    add(t, " */\n\n");
    if (of->params.column_count > 0)
        write_ordinals(t, &of->params, format("The parameters of %s, by ordinal: bits of set.", of->name));
    write_fields(t, &of->params, format("The parameters of %s.", of->name));
    if (of->row.column_count > 0) {
        write_ordinals(t, &of->row, format("The columns of %s, by ordinal.", of->name));
        write_fields(t, &of->row, format("One row of %s. Columns that are not marked NOT NULL may be SQL NULL.",
                                         of->name));
        if (of->rows == ROWS_MANY) {
            comment_open(t, "A list of such rows: opaque, unchangeable, may be read from any thread.");
            comment_close(t);
            addf(t, "typedef struct %s_list %s_list;\n\n", of->c_name, of->c_name);
        }
    }
    write_call(t, of);
    write_row_calls(t, of);
    write_draft_calls(t, of);
}

/* ---- Doors --------------------------------------------------------------------------------------------------------------- */

static void
write_door(text *t, const model *m, const operation *of)
{
    const char *description = description_of(m, of);

    add(t, "\n");
    add_signature(t, of, "hg_status\n", ")\n");
    add(t, "{\n");
    switch (of->rows) {
    case ROWS_NONE:
        addf(t, "    return hg_operation_run(conn, &%s, params, err);\n", description);
        break;
    case ROWS_COUNT:
        addf(t, "    return hg_operation_run_count(conn, &%s, params, changed, err);\n", description);
        break;
    case ROWS_MANY:
        addf(t, "    hg_operation_list *list = NULL;\n"
                "    hg_status st = hg_operation_run_list(conn, &%s, params,\n"
                "                                         out != NULL ? &list : NULL, err);\n\n"
                "    if (out != NULL)\n"
                "        *out = (%s *)list;\n"
                "    return st;\n", description, list_of(of));
        break;
    default:
        addf(t, "    const void *row = NULL;\n"
                "    hg_status st = hg_operation_run_row(conn, &%s, params,\n"
                "                                        out != NULL ? &row : NULL, err);\n\n"
                "    if (out != NULL)\n"
                "        *out = row;\n"
                "    return st;\n", description);
        break;
    }
    add(t, "}\n");
}

/* A call of one line. */
static void
write_small_door(text *t, const operation *of, const char *result, const char *ending, const char *parameters,
                 const char *body)
{
    addf(t, "\n%s\n", result);
    add_parameters(t, format("%s_%s(", of->c_name, ending), parameters, ")\n");
    addf(t, "{\n    %s\n}\n", body);
}

static void
write_row_doors(text *t, const model *m, const operation *of)
{
    if (of->of != NULL || of->row.column_count == 0)
        return;
    if (of->rows == ROWS_MANY) {
        const char *list = format("const %s_list *list", of->c_name), *row = format("const %s *", of->row.row);

        write_small_door(t, of, row, "list_rows", format("%s, size_t *count, size_t *stride", list),
                         "return hg_operation_list_rows((const hg_operation_list *)list, count, stride);");
        write_small_door(t, of, row, "list_at", format("%s, size_t i", list),
                         "return hg_operation_list_at((const hg_operation_list *)list, i);");
        write_small_door(t, of, "size_t", "list_count", list,
                         "return hg_operation_list_count((const hg_operation_list *)list);");
        write_small_door(t, of, "void", "list_free", format("%s_list *list", of->c_name),
                         "hg_operation_list_free((hg_operation_list *)list);");
    } else {
        write_small_door(t, of, "void", "row_free", format("const %s *row", of->row.row),
                         "hg_operation_row_free(row);");
    }
    write_small_door(t, of, "hg_status", "row_to_json",
                     format("const %s *row, hg_text **out, hg_error *err", of->row.row),
                     format("return hg_operation_row_to_json(&%s, row, out, err);", description_of(m, of)));
}

static void
write_draft_doors(text *t, const model *m, const operation *of)
{
    if (of->params.column_count == 0)
        return;
    write_small_door(t, of, "hg_draft *", "draft_new", "void",
                     format("return hg_operation_draft_new(&%s);", description_of(m, of)));
    write_small_door(t, of, format("const %s *", of->params.row), "draft_params", "const hg_draft *draft",
                     format("return hg_operation_draft_params(&%s, draft);", description_of(m, of)));
}

/* ---- Groups ---------------------------------------------------------------------------------------------------------------- */

static int
is_first_of_group(const model *m, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(m->operations[k].group, m->operations[i].group) == 0)
            return 0;
    return 1;
}

static void
write_group_header(const model *m, const char *group)
{
    const char *where = m->is_user ? "" : "hotgigs/operations/";
    const char *guard = format("%s_%s_H", m->is_user ? "OPERATIONS" : "HOTGIGS_OPERATIONS", upper(group));
    text *t = output(m->is_user ? format("%s.h", group) : format("include/hotgigs/operations/%s.h", group));
    text names = {0};

    for (size_t i = 0; i < m->operation_count; i++)
        if (strcmp(m->operations[i].group, group) == 0)
            addf(&names, "%s%s", names.len > 0 ? ", " : "", m->operations[i].name);
    add_origin(t, m->operations_folder);
    comment_open(t, format("%s%s.h - operations: %s.", where, group, names.ptr));
    comment_rules(t);
    comment_close(t);
    addf(t, "#ifndef %s\n#define %s\n\n", guard, guard);
    add(t, "#include \"hotgigs/core.h\"\n"
           "#include \"hotgigs/conn.h\"\n"
           "#include \"hotgigs/draft.h\"\n"
           "#include \"hotgigs/tables.h\"\n"
           "#include \"hotgigs/detail/begin.h\"\n\n");
    for (size_t i = 0; i < m->operation_count; i++)
        if (strcmp(m->operations[i].group, group) == 0)
            write_declarations(t, &m->operations[i]);
    add(t, "#include \"hotgigs/detail/end.h\"\n#endif\n");
}

static void
write_group_code(const model *m, const char *group)
{
    text *t = output(m->is_user ? format("%s.c", group) : format("lib/generated/operations/%s.c", group));

    add_origin(t, m->operations_folder);
    addf(t, "#include \"%s%s.h\"\n\n", m->is_user ? "" : "hotgigs/operations/", group);
    addf(t, "#include <stddef.h>\n\n%s\n", m->is_user ? "#include \"hotgigs/operation.h\""
                                                     : "#include \"generated/operations.h\"");
    for (size_t i = 0; i < m->operation_count; i++) {
        const operation *of = &m->operations[i];

        if (strcmp(of->group, group) != 0)
            continue;
        addf(t, "\n/* ---- %s ", of->name);
        while (last_line_width(t) < LINE_WIDTH - 3)
            add(t, "-");
        add(t, " */\n\n");
        write_operation_descriptor(t, m, of);
        write_door(t, m, of);
        write_row_doors(t, m, of);
        write_draft_doors(t, m, of);
    }
}

/* ---- All of the library's ---------------------------------------------------------------------------------------------- */

static const operation *
operation_number(const model *m, size_t number)
{
    for (size_t i = 0; i < m->operation_count; i++)
        if (m->operations[i].number == number)
            return &m->operations[i];
    die("no operation has number %zu", number);
}

static void
write_umbrella(const model *m)
{
    text *t = output("include/hotgigs/operations.h");

    add_origin(t, m->operations_folder);
    add(t, "/* hotgigs/operations.h - all operations. */\n"
           "#ifndef HOTGIGS_OPERATIONS_H\n"
           "#define HOTGIGS_OPERATIONS_H\n\n");
    if (m->operation_count > 0) {
        enum_constant *all = keep(m->operation_count * sizeof *all);

        for (size_t i = 0; i < m->operation_count; i++)
            all[i] = (enum_constant){ format("HG_OPERATION_%s", upper(operation_number(m, i)->name)), i,
                                 in_comment(operation_number(m, i)->sentence) };
        add(t, "#include \"hotgigs/detail/begin.h\"\n\n");
        write_constants(t, "Numbers of the operations, for hg_operation_describe().", all, m->operation_count);
        add(t, "#include \"hotgigs/detail/end.h\"\n\n");
    }
    for (size_t i = 0; i < m->operation_count; i++)
        if (is_first_of_group(m, i))
            addf(t, "#include \"hotgigs/operations/%s.h\"\n", m->operations[i].group);
    add(t, m->operation_count > 0 ? "\n#endif\n" : "#endif\n");
}

static void
write_inner_header(const model *m)
{
    text *t = output("lib/generated/operations.h");

    add_origin(t, m->operations_folder);
    add(t, "/* generated/operations.h - the operations' descriptions, as they refer to each other. */\n"
           "#ifndef HGI_GENERATED_OPERATIONS_H\n"
           "#define HGI_GENERATED_OPERATIONS_H\n\n"
           "#include \"hotgigs/operation.h\"\n"
           "#include \"record/record.h\"\n\n");
    for (size_t i = 0; i < m->operation_count; i++)
        addf(t, "extern const hg_operation_info hgi_operation_%s;\n", m->operations[i].name);
    add(t, m->operation_count > 0 ? "\n#endif\n" : "#endif\n");
}

static void
write_list(const model *m)
{
    text *t = output("lib/generated/operations.c");

    add_origin(t, m->operations_folder);
    add(t, "#include \"generated/operations.h\"\n\n"
           "#include \"hotgigs/operations.h\"\n\n"
           "const hg_operation_info *const hgi_operations[] = {\n");
    for (size_t i = 0; i < m->operation_count; i++)
        addf(t, "    [HG_OPERATION_%s] = &hgi_operation_%s,\n", upper(operation_number(m, i)->name),
             operation_number(m, i)->name);
    if (m->operation_count == 0)
        add(t, "    0,\n");
    addf(t, "};\nconst int32_t hgi_operation_count = %zu;\n", m->operation_count);
}

void
write_operations(const model *m)
{
    for (size_t i = 0; i < m->operation_count; i++)
        if (is_first_of_group(m, i)) {
            write_group_header(m, m->operations[i].group);
            write_group_code(m, m->operations[i].group);
        }
    if (m->is_user)
        return;
    write_umbrella(m);
    write_inner_header(m);
    write_list(m);
}
