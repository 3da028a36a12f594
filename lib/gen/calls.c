/* calls.c - the calls that every table has: what the header says of each, and what its door does.
 *
 * $r  hg_job        the row struct, and what its calls begin with
 * $t  jobs          the table
 * $o  job           one row, in words
 * $P  HG_JOB        what its constants begin with
 * $S  JOB           the same without HG_
 * $v  updated_at    what row_version is taken from
 * $q  ...           a sentence: the columns that an insert must set
 * $k  ...           a sentence part: the unique keys
 * $i $u $d          sentences: who may insert, update and delete
 * $g  ...           a sentence part: who may not read at all */
#include <string.h>

#include "gen/gen.h"

const call calls[] = {
    {
        .verb = "get",
        .reads = READS_ID,
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_uuid *id", "const $r **out", "hg_error *err" },
        .body = "    const void *row = NULL;\n"
                "    hg_status st = hgi_get(conn, &hgi_$t, id, out != NULL ? &row : NULL, err);\n"
                "\n"
                "    if (out != NULL)\n"
                "        *out = row;\n"
                "    return st;\n",
        .comment = "Reads one $o by its id.",
        .notes = {
            "out", "the row, yours: $r_free(). Columns that this role may not read are not in loaded_mask.",
            "HG_E_NOT_FOUND", "there is none, or it is not visible to this role: they look the same on purpose",
            "HG_E_DENIED", "$g",
        },
    },
    {
        .verb = "get_many",
        .reads = READS_ID,
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_uuid *ids", "size_t count", "$r_list **out",
                        "hg_error *err" },
        .body = "    hgi_list *list = NULL;\n"
                "    hg_status st = hgi_get_many(conn, &hgi_$t, ids, count, out != NULL ? &list : NULL, err);\n"
                "\n"
                "    if (out != NULL)\n"
                "        *out = ($r_list *)list;\n"
                "    return st;\n",
        .comment = "Reads the rows of $t that have one of these ids, in no particular order. An id without a"
                   " row that is visible to this role is no error.",
        .notes = { "out", "yours: $r_list_free()" },
    },
    {
        .verb = "find",
        .reads = READS,
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_query *query", "$r_list **out", "hg_error *err" },
        .body = "    hgi_list *list = NULL;\n"
                "    hg_status st = hgi_find(conn, &hgi_$t, query, out != NULL ? &list : NULL, err);\n"
                "\n"
                "    if (out != NULL)\n"
                "        *out = ($r_list *)list;\n"
                "    return st;\n",
        .comment = "Reads the rows of $t that a query finds, in its order.",
        .notes = {
            "out", "yours: $r_list_free()",
            "HG_E_DENIED", "the query goes by a column that this role may not read; nothing was sent",
        },
    },
    {
        .verb = "count",
        .reads = READS,
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_query *query", "int64_t *out", "hg_error *err" },
        .body = "    return hgi_count(conn, &hgi_$t, query, out, err);\n",
        .comment = "How many rows of $t the filters of a query find that this role may see, whatever its limit and page.",
    },
    {
        .verb = "exists",
        .reads = READS,
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_query *query", "int32_t *out", "hg_error *err" },
        .body = "    return hgi_exists(conn, &hgi_$t, query, out, err);\n",
        .comment = "Whether the filters of a query find any row of $t that this role may see: 1 or 0.",
    },
    {
        .verb = "stream",
        .reads = READS,
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_query *query", "hg_cursor **out", "hg_error *err" },
        .body = "    return hgi_stream(conn, &hgi_$t, query, out, err);\n",
        .comment = "Reads what a query finds row by row, in bounded memory. Inside a transaction other calls may come"
                   " between; outside one the connection is the cursor's until it is closed, and the deadline counts"
                   " from here.",
        .notes = { "out", "yours: hg_cursor_close(); $r_next() gives its rows" },
    },
    {
        .verb = "next",
        .reads = READS,
        .result = "hg_status",
        .parameters = { "hg_cursor *cursor", "const $r **row", "hg_error *err" },
        .body = "    const void *next = NULL;\n"
                "    hg_status st = hgi_next(cursor, &hgi_$t, row != NULL ? &next : NULL, err);\n"
                "\n"
                "    if (row != NULL)\n"
                "        *row = next;\n"
                "    return st;\n",
        .comment = "The next row of a cursor of $t.",
        .notes = {
            "row", "borrowed until the next call on the cursor; NULL at the end, which is success",
            "HG_E_STATE", "its transaction has ended, its connection is closed, or an earlier call lost rows",
        },
    },
    {
        .verb = "insert",
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const $r *row", "uint64_t set", "const $r **out", "hg_error *err" },
        .body = "    const void *made = NULL;\n"
                "    hg_status st = hgi_insert(conn, &hgi_$t, row, set, out != NULL ? &made : NULL, err);\n"
                "\n"
                "    if (out != NULL)\n"
                "        *out = made;\n"
                "    return st;\n",
        .comment = "Inserts one $o. $i",
        .notes = {
            "set", "the columns to write; the others get their DEFAULT, and id a new uuid. $q",
            "out", "NULL: nothing is read back. Else the row as it is stored, yours: $r_free().",
            "HG_E_CONFLICT", "$k",
            "HG_E_CONSTRAINT", "a check, foreign key or NOT NULL refuses it; err names it",
            "HG_E_DENIED", "err's column is not this role's to write, or row-level security refuses the row",
        },
    },
    {
        .verb = "insert_many",
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const $r *rows", "size_t count", "size_t stride", "uint64_t set",
                        "$r_list **out", "hg_error *err" },
        .body = "    hgi_list *made = NULL;\n"
                "    hg_status st = hgi_insert_many(conn, &hgi_$t, rows, count, stride, set,"
                " out != NULL ? &made : NULL, err);\n"
                "\n"
                "    if (out != NULL)\n"
                "        *out = ($r_list *)made;\n"
                "    return st;\n",
        .comment = "Inserts count rows in one round trip, all of them or none. As $r_insert() but for",
        .notes = {
            "stride", "bytes from one row to the next: sizeof($r) in an array of yours",
            "out", "NULL: nothing is read back. Else the rows in the order of rows, yours: $r_list_free().",
        },
    },
    {
        .verb = "update",
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_uuid *id", "const $r *row", "uint64_t set",
                        "const $r **out", "hg_error *err" },
        .body = "    const void *made = NULL;\n"
                "    hg_status st = hgi_update(conn, &hgi_$t, id, row, set, out != NULL ? &made : NULL, err);\n"
                "\n"
                "    if (out != NULL)\n"
                "        *out = made;\n"
                "    return st;\n",
        .comment = "Changes the columns in set of one $o. $u",
        .notes = {
            "row", "The fields in set are written; another that has a value and was not read is refused."
                   " row->row_version, if not 0, must still be current ($v).",
            "out", "NULL: nothing is read back. Else the row as it is now, yours: $r_free().",
            "HG_E_NOT_FOUND", "there is none, or it is not visible to this role",
            "HG_E_CONFLICT", "the row changed since it was read, or a unique key is taken; nothing was written",
            "HG_E_DENIED", "err's column, or this row, is not this role's to change; nothing was written",
        },
    },
    {
        .verb = "update_where",
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_query *query", "const $r *row", "uint64_t set", "int64_t at_most",
                        "int64_t *changed", "hg_error *err" },
        .body = "    return hgi_update_where(conn, &hgi_$t, query, row, set, at_most, changed, err);\n",
        .comment = "Changes the columns in set of every $o that the filters of a query find, or of none.",
        .notes = {
            "query", "filters alone; HG_E_INVALID: it has an order, limit, page, columns or lock",
            "row", "as for $r_update(); its row_version is 0",
            "changed", "how many; may be NULL",
            "HG_E_STATE", "the query finds more than at_most rows; nothing was changed",
        },
    },
    {
        .verb = "upsert",
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const $r *row", "uint64_t set", "int32_t key", "const $r **out",
                        "hg_error *err" },
        .body = "    const void *made = NULL;\n"
                "    hg_status st = hgi_upsert(conn, &hgi_$t, row, set, key, out != NULL ? &made : NULL, err);\n"
                "\n"
                "    if (out != NULL)\n"
                "        *out = made;\n"
                "    return st;\n",
        .comment = "Inserts one $o, or changes the one that has its key already: set without the key's columns, id"
                   " and what this role may not update. For a role that may insert, update and read every column in"
                   " set.",
        .notes = {
            "key", "$P_KEY_*; its columns are in set",
            "out", "NULL: nothing is read back. Else the row as it is now, yours: $r_free().",
            "HG_E_CONFLICT", "another unique key is taken",
            "HG_E_DENIED", "err's column is not this role's to write or read, or row-level security refuses the"
                           " row",
        },
        .needs_key = 1,
    },
    {
        .verb = "upsert_many",
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const $r *rows", "size_t count", "size_t stride", "uint64_t set",
                        "int32_t key", "$r_list **out", "hg_error *err" },
        .body = "    hgi_list *made = NULL;\n"
                "    hg_status st = hgi_upsert_many(conn, &hgi_$t, rows, count, stride, set, key,"
                " out != NULL ? &made : NULL, err);\n"
                "\n"
                "    if (out != NULL)\n"
                "        *out = ($r_list *)made;\n"
                "    return st;\n",
        .comment = "Upserts count rows in one round trip, all of them or none. As $r_upsert() but for",
        .notes = {
            "stride", "bytes from one row to the next: sizeof($r) in an array of yours",
            "out", "NULL: nothing is read back. Else the rows as they are now, yours: $r_list_free().",
            "HG_E_INVALID", "two rows have the same key; the message has their indexes",
        },
        .needs_key = 1,
    },
    {
        .verb = "delete",
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_uuid *id", "hg_error *err" },
        .body = "    return hgi_delete(conn, &hgi_$t, id, err);\n",
        .comment = "Deletes one $o. $d",
        .notes = {
            "HG_E_NOT_FOUND", "there is none, or it is not visible to this role",
            "HG_E_CONSTRAINT", "rows of another table refer to it",
            "HG_E_DENIED", "it is not this role's to delete",
        },
    },
    {
        .verb = "delete_where",
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const hg_query *query", "int64_t at_most", "int64_t *deleted",
                        "hg_error *err" },
        .body = "    return hgi_delete_where(conn, &hgi_$t, query, at_most, deleted, err);\n",
        .comment = "Deletes every $o that the filters of a query find, or none.",
        .notes = {
            "query", "filters alone; HG_E_INVALID: it has an order, limit, page, columns or lock",
            "deleted", "how many; may be NULL",
            "HG_E_STATE", "the query finds more than at_most rows; nothing was deleted",
        },
    },
    {
        .verb = "list_rows",
        .reads = READS,
        .result = "const $r *",
        .parameters = { "const $r_list *list", "size_t *count", "size_t *stride" },
        .body = "    return hgi_list_rows((const hgi_list *)list, count, stride);\n",
        .comment = "The first row, how many there are, and the bytes from one to the next, which is not sizeof($r):"
                   " a newer library's rows are longer. Borrowed from the list. NULL and 0 of an empty list and of"
                   " NULL.",
    },
    {
        .verb = "list_at",
        .reads = READS,
        .result = "const $r *",
        .parameters = { "const $r_list *list", "size_t i" },
        .body = "    return hgi_list_at((const hgi_list *)list, i);\n",
        .comment = "Row i, borrowed from the list; NULL if there are not so many.",
    },
    {
        .verb = "list_count",
        .reads = READS,
        .result = "size_t",
        .parameters = { "const $r_list *list" },
        .body = "    return hgi_list_count((const hgi_list *)list);\n",
        .comment = "How many rows; 0 of NULL.",
    },
    {
        .verb = "list_cursor",
        .reads = READS,
        .result = "hg_status",
        .parameters = { "const $r_list *list", "size_t i", "hg_text **out", "hg_error *err" },
        .body = "    return hgi_list_cursor((const hgi_list *)list, i, out, err);\n",
        .comment = "The place of row i in its query's order, for hg_query_after() and hg_query_before(): a printable text"
                   " that holds the row's sort keys.",
        .notes = { "out", "yours: hg_text_free()" },
    },
    {
        .verb = "list_free",
        .reads = READS,
        .result = "void",
        .parameters = { "$r_list *list" },
        .body = "    hgi_list_free((hgi_list *)list);\n",
        .comment = "Frees a list with all its rows; NULL is allowed. Any thread.",
    },
    {
        .verb = "free",
        .reads = READS,
        .result = "void",
        .parameters = { "const $r *row" },
        .body = "    hgi_row_free(row);\n",
        .comment = "Frees one row that a call gave as out, never a row of a list; NULL is allowed. Any thread.",
    },
    {
        .verb = "list_related",
        .result = "hg_status",
        .parameters = { "hg_conn *conn", "const $r_list *list", "int32_t relation", "const hg_query *query",
                        "hg_related **out", "hg_error *err" },
        .body = "    return hgi_list_related(conn, &hgi_$t, (const hgi_list *)list, relation, query, out, err);\n",
        .comment = "Reads the rows of another table that belong to the rows of a list, for the whole list in one"
                   " statement.",
        .notes = {
            "relation", "HG_REL_$S_*",
            "query", "of the other table; its filters, order and columns hold, and its limit counts for each row of"
                     " the list: with a limit of 1 and an order the newest of each. NULL: all",
            "out", "yours: hg_related_free(); hg_related_of() tells which rows belong to row i",
            "HG_E_INVALID", "the list was read without the column that the relation goes by; the query is of another"
                            " table, or has pages or locks",
            "HG_E_DENIED", "this role may not read a column that the relation or the query goes by; nothing was sent",
        },
        .needs_relation = 1,
    },
    {
        .verb = "related_list",
        .result = "const $r_list *",
        .parameters = { "const hg_related *related" },
        .body = "    return (const $r_list *)hgi_related_list(related, &hgi_$t);\n",
        .comment = "The rows of $t that a call of another table's _list_related() read, for all rows of its list."
                   " Borrowed; NULL: they are of another table.",
        .needs_relation = 1,
    },
    {
        .verb = "draft_new",
        .result = "hg_draft *",
        .parameters = { "void" },
        .body = "    return hgi_draft_new(&hgi_$t);\n",
        .comment = "A draft of $t with one empty row, yours: hg_draft_free(). NULL: out of memory.",
    },
    {
        .verb = "draft_rows",
        .result = "const $r *",
        .parameters = { "const hg_draft *draft", "size_t *count", "size_t *stride", "uint64_t *set" },
        .body = "    return hgi_draft_rows(&hgi_$t, draft, count, stride, set);\n",
        .comment = "The rows of a draft with all that a write call wants of them. Borrowed until the draft is"
                   " changed or freed. NULL: not a draft of $t, or its last row does not set the columns that"
                   " its first row sets.",
    },
    {
        .verb = "to_json",
        .reads = READS,
        .result = "hg_status",
        .parameters = { "const $r *row", "hg_text **out", "hg_error *err" },
        .body = "    return hgi_row_to_json(&hgi_$t, row, out, err);\n",
        .comment = "A row as a JSON object, its members named like the columns: of a row that was read, what was read;"
                   " of a caller's own, whose loaded_mask is 0, what is not zero and what is in null_mask. Numbers are"
                   " exact, JSON columns verbatim.",
        .notes = { "out", "yours: hg_text_free()" },
    },
    {
        .verb = "from_json",
        .result = "hg_status",
        .parameters = { "const char *ptr", "size_t len", "hg_draft **out", "hg_error *err" },
        .body = "    return hgi_row_from_json(&hgi_$t, ptr, len, out, err);\n",
        .comment = "A JSON object as a draft, or an array of objects with the same members, a row each: a member sets the"
                   " column of its name, null is SQL NULL, and decimals may be strings.",
        .notes = {
            "out", "yours: hg_draft_free()",
            "HG_E_INVALID", "not JSON, or a member is no column or does not fit it",
        },
    },
};
const size_t call_count = sizeof calls / sizeof *calls;

int
has_call(const table *of, const call *c)
{
    if (of->is_view)
        return c->reads == READS || (c->reads == READS_ID && strcmp(of->columns[0].name, "id") == 0);
    return (!c->needs_key || of->key_count > 0) && (!c->needs_relation || of->relation_count > 0);
}

/* ---- Sentences --------------------------------------------------------------------------------------------------- */

/* "a, b and c" */
const char *
listed(const char *const *items, size_t count)
{
    text t = {0};

    add(&t, "");
    for (size_t i = 0; i < count; i++)
        addf(&t, "%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ", items[i]);
    return t.ptr;
}

static const char *
roles_in(uint32_t roles)
{
    const char *names[ROLES];
    size_t count = 0;

    for (int r = 0; r < ROLES; r++)
        if (roles >> r & 1)
            names[count++] = role_names[r];
    return listed(names, count);
}

static const char *
granted_to(uint32_t roles)
{
    roles &= (1u << ROLES) - 1;
    if (roles == 0)
        return "Granted to no role.";
    if (roles == 1u << SERVICE)
        return "Only the service may.";
    return format("Granted to %s.", roles_in(roles));
}

static uint32_t
roles_that(const table *t, int privilege)
{
    uint32_t roles = 0;

    for (int r = 0; r < ROLES; r++)
        roles |= (uint32_t)(role_mask(t, r, privilege) != 0) << r;
    return roles;
}

static const char *
no_readers(const table *t)
{
    uint32_t none = ~roles_that(t, MAY_READ) & ((1u << ROLES) - 1);

    return none == 0 ? "" : format("%s may not read %s at all", roles_in(none), t->name);
}

static const char *
required(const table *t)
{
    const char *names[COLUMNS_MAX];
    size_t count = 0;

    for (size_t i = 1; i < t->column_count; i++) {
        const column *c = &t->columns[i];

        if (!c->nullable && c->default_sql == NULL && !c->generated)
            names[count++] = c->name;
    }
    return count == 0 ? "" : format("Without DEFAULT, and NOT NULL: %s.", listed(names, count));
}

static const char *
taken(const table *t)
{
    text keys = {0};

    if (t->key_count == 0)
        return "a row with this id is there already";
    for (size_t i = 0; i < t->key_count; i++) {
        const char *names[COLUMNS_MAX] = {0};              /* gcc 14 does not see that a key has a column */
        size_t count = 0;

        for (size_t c = 0; c < t->column_count; c++)
            if (t->keys[i].columns >> c & 1)
                names[count++] = t->columns[c].name;
        addf(&keys, "%sthis %s", i == 0 ? "" : ", or ", listed(names, count));
    }
    return format("a row with %s, or this id, is there already", keys.ptr);
}

static const char *
meant(char letter, const table *t)
{
    uint32_t deletable = t->deletable;

    switch (letter) {
    case 'r': return t->row;
    case 't': return t->name;
    case 'o': return spaced(t->singular);
    case 'P': return t->prefix;
    case 'S': return t->prefix + strlen("HG_");
    case 'v': return t->version_column < 0 ? "its xmin" : t->columns[t->version_column].name;
    case 'q': return required(t);
    case 'k': return taken(t);
    case 'i': return granted_to(roles_that(t, MAY_INSERT));
    case 'u': return granted_to(roles_that(t, MAY_UPDATE));
    case 'd': return granted_to(deletable);
    case 'g': return no_readers(t);
    default: die("calls.c: no meaning of $%c", letter);
    }
}

const char *
filled(const char *how, const table *of)
{
    text t = {0};

    add(&t, "");
    for (const char *p = how; *p != '\0'; p++) {
        if (*p == '$')
            add(&t, meant(*++p, of));
        else
            add_bytes(&t, p, 1);
    }
    while (t.len > 0 && t.ptr[t.len - 1] == ' ')
        t.ptr[--t.len] = '\0';
    return t.ptr;
}
