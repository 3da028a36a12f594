/* operate.c - running an operation by its description.
 *
 * A description is what the generator wrote: into this library, or into a program of the user's, whose own copy of the
 * structs it then is. So it is looked at before it is used, and the engine's descriptors are made of it on the stack,
 * a third of a kilobyte each; that it need not be registered anywhere is worth the copy.
 *
 * The parameters are a row to the engine: checked by the rules of rows, encoded like rows. Where a row has its version
 * they have their set. */
#include "hotgigs/operation.h"

#include <stddef.h>
#include <string.h>

#include "record/column_text.h"
#include "record/record_int.h"

enum { OPERATION_KEY = 0x4f };         /* 'O', where other statements' keys have HGI_GET ... */

/* The key of its statement. It goes by the text's hash and not by an address, since a program may unload an operation and
 * load another. No padding: it is compared as bytes. */
typedef struct operation_key {
    uint8_t  operation;
    uint8_t  role;
    uint8_t  reserved[6];
    uint64_t sql_hash;
} operation_key;

/* One call. */
typedef struct operation {
    const hg_operation_info *op;
    const hgi_row           *given;    /* the params; NULL: none */
    uint64_t                 set;
    hgi_table                params;
    hgi_table                own;      /* of its rows, where they are no table's */
    const hgi_table         *row;      /* NULL: there are no rows */
    hgi_shape                shape;
} operation;

/* ---- Descriptions ------------------------------------------------------------------------------------------------- */

static int
is_known(const hg_table_info *info)
{
    return info->struct_size == sizeof *info && info->column_stride == sizeof *info->columns;
}

static hg_status
check_description(const hg_operation_info *op, hg_error *err)
{
    if (op == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "op is NULL");
    if (op->struct_size != sizeof *op || !is_known(op->params) || (op->row != NULL && !is_known(op->row))
        || (op->row_table >= 0 && hgi_table_of(op->row_table) == NULL) || op->argument_count > HGI_RESULT_MAX)
        return hgi_fail(err, HG_E_INVALID, -1,
                        "the operation was generated for another version of the library; generate it again");
    return HG_OK;
}

static void
describe(hgi_table *table, const hg_table_info *info, const uint32_t *types)
{
    memset(table, 0, sizeof *table);
    table->info = *info;
    table->types = types;
    table->unknown_offset = info->unknown_offset;
    for (int32_t i = 0; i < info->column_count; i++)
        if (info->columns[i].kind == HG_KIND_TEXT_LIST)
            table->lists |= HG_BIT(i);
}

static void
describe_row(operation *run)
{
    const hg_operation_info *op = run->op;

    if (op->row != NULL)
        describe(&run->own, op->row, op->row_types);
    run->row = op->row_table >= 0 ? hgi_table_of(op->row_table) : op->row != NULL ? &run->own : NULL;
    run->shape = (hgi_shape){ .columns = op->row_columns };
}

/* ---- Parameters ---------------------------------------------------------------------------------------------------- */

static hg_status
check_required(const operation *run, hg_error *err)
{
    const hg_table_info *info = &run->params.info;

    for (int32_t i = 0; i < info->column_count; i++)
        if (!info->columns[i].nullable && !(run->set >> i & 1))
            return hgi_fail_column(err, HG_E_INVALID, &run->params, i, "is required; give it and put its bit in set");
    return HG_OK;
}

static hg_status
check_params(operation *run, const void *params, hg_error *err)
{
    const hgi_row *given = params;
    hg_status st = HG_OK;

    if (given != NULL) {
        if (given->struct_size >= sizeof *given && given->loaded_mask != 0)
            return hgi_fail(err, HG_E_INVALID, -1, "reserved1 of the params of %s is not zero", run->op->name);
        st = hgi_check_params(&run->params, given, given->row_version, err);
        if (st != HG_OK)
            return st;
        run->given = given;
        run->set = given->row_version;
    }
    return check_required(run, err);
}

static void
add_argument(const operation *run, uint8_t argument, hgi_params *params)
{
    int32_t i = argument & (HG_ARGUMENT_GIVEN - 1);
    int is_given = (run->set >> i & 1) != 0;
    char *room;

    if (argument & HG_ARGUMENT_GIVEN) {
        room = hgi_params_room(params, 1);
        if (room != NULL)
            *room = (char)is_given;
        hgi_params_add(params, room, 1);
    } else if (is_given) {
        hgi_params_add_columns(params, &run->params, run->given, HG_BIT(i));
    } else {
        hgi_params_add(params, NULL, 0);
    }
}

/* ---- The call ------------------------------------------------------------------------------------------------------- */

static hgi_statement *
statement_of(hg_conn *conn, const hg_operation_info *op, hg_error *err)
{
    operation_key key = { .operation = OPERATION_KEY, .role = (uint8_t)conn->role, .sql_hash = op->sql_hash };
    hgi_statement *statement = hgi_statement_find(conn, &key, sizeof key);

    if (statement == NULL)
        statement = hgi_statement_add(conn, &key, sizeof key, op->sql, op->argument_count, op->argument_types, err);
    return statement;
}

/* A constraint's column is of a table, and err's column is here that of the rows or the params: so it stays -1. */
static hg_status
fail_run(const operation *run, hg_error *err, hg_status status)
{
    if (status == HG_E_SCHEMA && err != NULL && err->sqlstate[0] == '\0' && err->column >= 0 && run->row != NULL)
        return hgi_fail_call(err, run->row, &run->shape, status);
    return status;
}

static hg_status
send(hg_conn *conn, operation *run, hgi_result **out, hg_error *err)
{
    const hg_operation_info *op = run->op;
    hgi_call call = { .statement = statement_of(conn, op, err), .flags = op->writes ? HGI_CALL_WRITE : 0 };
    uint32_t types[HGI_RESULT_MAX];
    hgi_params params;
    hg_status st;

    *out = NULL;
    if (call.statement == NULL)
        return HG_E_NOMEM;
    hgi_params_begin(&params);
    for (int32_t i = 0; i < op->argument_count; i++)
        add_argument(run, op->arguments[i], &params);
    call.args = hgi_params_args(&params);
    if (run->row != NULL)
        hgi_call_expect(&call, run->row, &run->shape, types);
    st = params.failed ? hgi_nomem(err) : hgi_call_run(conn, &call, out, NULL, err);
    hgi_params_end(&params);
    return st == HG_OK ? HG_OK : fail_run(run, err, st);
}

static hg_status
fail_role(hg_conn *conn, const hg_operation_info *op, hg_error *err)
{
    hg_error own;

    if (err == NULL)
        err = &own;
    hgi_fail(err, HG_E_DENIED, -1, "%s is not for role %s", op->name, hgi_role_name(conn->role));
    hgi_denied(conn, op->name, err->message);
    return HG_E_DENIED;
}

/* Checks all that can be told here, and runs it. *out is the result, the caller's. */
static hg_status
run_call(hg_conn *conn, const hg_operation_info *op, const void *params, operation *run, hgi_result **out, hg_error *err)
{
    hg_status st;

    run->op = op;
    run->given = NULL;
    run->set = 0;
    *out = NULL;
    describe(&run->params, op->params, NULL);
    describe_row(run);
    st = hgi_usable(conn, err);
    if (st != HG_OK)
        return st;
    if (conn->role <= HG_ROLE_SERVICE && !(op->roles >> conn->role & 1))
        return fail_role(conn, op, err);
    st = check_params(run, params, err);
    return st == HG_OK ? send(conn, run, out, err) : st;
}

static hg_status
check_rows(const hg_operation_info *op, int is_such, const char *such, hg_error *err)
{
    hg_status st = check_description(op, err);

    if (st == HG_OK && !is_such)
        st = hgi_fail(err, HG_E_INVALID, -1, "%s does not give %s", op->name, such);
    return st;
}

/* ---- Results --------------------------------------------------------------------------------------------------------- */

/* What the operation's file says is never NULL. */
static hg_status
check_nulls(const operation *run, const hgi_list *list, hg_error *err)
{
    uint64_t never = 0;

    if (run->row != &run->own)
        return HG_OK;                    /* a table's: its rows may be joined from the outside */
    for (int32_t i = 0; i < run->row->info.column_count; i++)
        if (!run->row->info.columns[i].nullable)
            never |= HG_BIT(i);
    for (size_t i = 0; i < list->count; i++) {
        const hgi_row *row = hgi_list_at(list, i);

        if (row->null_mask & never)
            return hgi_fail_column(err, HG_E_INTERNAL, run->row, hgi_first_bit(row->null_mask & never),
                                   "is NULL, and its file says that it never is");
    }
    return HG_OK;
}

static hg_status
run_list(hg_conn *conn, const hg_operation_info *op, const void *params, hgi_list **out, hg_error *err)
{
    hgi_result *result;
    operation run;
    hg_status st = run_call(conn, op, params, &run, &result, err);

    *out = NULL;
    if (st != HG_OK)
        return st;
    st = hgi_list_decode(run.row, &run.shape, result, out, err);
    if (st != HG_OK)
        return st;
    st = check_nulls(&run, *out, err);
    if (st != HG_OK) {
        hgi_list_free(*out);
        *out = NULL;
        return st;
    }
    if (run.row == &run.own)
        (*out)->table = NULL;            /* which ends here */
    return HG_OK;
}

static hg_status
fail_not_found(const hg_operation_info *op, hg_error *err)
{
    return hgi_fail(err, HG_E_NOT_FOUND, -1, "%s: %s", op->name,
                    op->not_found != NULL ? op->not_found : "there is no such row, or it is not visible to this role");
}

hg_status
hg_operation_run(hg_conn *conn, const hg_operation_info *op, const void *params, hg_error *err)
{
    hgi_result *result;
    operation run;
    hg_status st = check_rows(op, op != NULL && op->rows == HG_ROWS_NONE, "nothing back", err);

    if (st == HG_OK)
        st = run_call(conn, op, params, &run, &result, err);
    if (st != HG_OK)
        return st;
    hgi_result_free(result);
    return hgi_ok(err);
}

hg_status
hg_operation_run_row(hg_conn *conn, const hg_operation_info *op, const void *params, const void **out, hg_error *err)
{
    hgi_list *list;
    hg_status st = check_rows(op, op != NULL && (op->rows == HG_ROWS_ONE || op->rows == HG_ROWS_MAYBE), "one row", err);

    if (out != NULL)
        *out = NULL;
    if (st == HG_OK)
        st = run_list(conn, op, params, &list, err);
    if (st != HG_OK)
        return st;
    if (list->count > 1)
        st = hgi_fail(err, HG_E_INTERNAL, -1, "%s gave %zu rows where one is expected", op->name, list->count);
    else if (list->count == 0 && op->rows == HG_ROWS_ONE)
        st = fail_not_found(op, err);
    if (st != HG_OK || out == NULL || list->count == 0)
        hgi_list_free(list);
    else
        *out = list->rows;
    return st == HG_OK ? hgi_ok(err) : st;
}

hg_status
hg_operation_run_list(hg_conn *conn, const hg_operation_info *op, const void *params, hg_operation_list **out,
                      hg_error *err)
{
    hgi_list *list;
    hg_status st = check_rows(op, op != NULL && op->rows == HG_ROWS_MANY, "a list", err);

    if (out != NULL)
        *out = NULL;
    if (st == HG_OK)
        st = run_list(conn, op, params, &list, err);
    if (st != HG_OK)
        return st;
    if (out != NULL)
        *out = (hg_operation_list *)list;
    else
        hgi_list_free(list);
    return hgi_ok(err);
}

/* The rows that a write touched, or the one integer of the one row. */
static hg_status
count_of(const hg_operation_info *op, hgi_result *result, int64_t *count, hg_error *err)
{
    const char *cell;
    size_t len = 0;

    if (op->row_columns == 0) {
        *count = hgi_result_changed(result);
        return HG_OK;
    }
    cell = hgi_result_rows(result) == 1 ? hgi_result_cell(result, 0, 0, &len) : NULL;
    if (cell == NULL || (len != 4 && len != 8))
        return hgi_fail(err, HG_E_INTERNAL, -1, "%s did not give one integer", op->name);
    *count = len == 8 ? (int64_t)hgi_get64(cell) : (int32_t)hgi_get32(cell);
    return HG_OK;
}

hg_status
hg_operation_run_count(hg_conn *conn, const hg_operation_info *op, const void *params, int64_t *out, hg_error *err)
{
    hgi_result *result;
    operation run;
    int64_t count = 0;
    hg_status st = check_rows(op, op != NULL && op->rows == HG_ROWS_COUNT, "a number", err);

    if (out != NULL)
        *out = 0;
    if (st == HG_OK)
        st = run_call(conn, op, params, &run, &result, err);
    if (st != HG_OK)
        return st;
    st = count_of(op, result, &count, err);
    hgi_result_free(result);
    if (out != NULL)
        *out = count;
    return st == HG_OK ? hgi_ok(err) : st;
}

/* ---- Rows and drafts --------------------------------------------------------------------------------------------------- */

void
hg_operation_row_free(const void *row)
{
    hgi_row_free(row);
}

const void *
hg_operation_list_rows(const hg_operation_list *list, size_t *count, size_t *stride)
{
    return hgi_list_rows((const hgi_list *)list, count, stride);
}

const void *
hg_operation_list_at(const hg_operation_list *list, size_t i)
{
    return hgi_list_at((const hgi_list *)list, i);
}

size_t
hg_operation_list_count(const hg_operation_list *list)
{
    return hgi_list_count((const hgi_list *)list);
}

void
hg_operation_list_free(hg_operation_list *list)
{
    hgi_list_free((hgi_list *)list);
}

/* The descriptor of its rows; NULL: it has none, and err says so. */
static const hgi_table *
table_of_rows(const hg_operation_info *op, operation *run, hg_text **out, hg_error *err)
{
    if (out != NULL)
        *out = NULL;
    if (check_description(op, err) != HG_OK)
        return NULL;
    run->op = op;
    describe_row(run);
    if (run->row == NULL)
        hgi_fail(err, HG_E_INVALID, -1, "%s does not give rows", op->name);
    return run->row;
}

hg_status
hg_operation_row_to_json(const hg_operation_info *op, const void *row, hg_text **out, hg_error *err)
{
    operation run;
    const hgi_table *table = table_of_rows(op, &run, out, err);

    return table != NULL ? hgi_row_to_json(table, row, out, err) : HG_E_INVALID;
}

hg_status
hg_operation_row_text(const hg_operation_info *op, const void *row, int32_t column, hg_text **out, hg_error *err)
{
    operation run;
    const hgi_table *table = table_of_rows(op, &run, out, err);

    return table != NULL ? hgi_column_text_new(table, column, row, out, err) : HG_E_INVALID;
}

hg_draft *
hg_operation_draft_new(const hg_operation_info *op)
{
    return check_description(op, NULL) == HG_OK ? hgi_draft_new_params(op->params) : NULL;
}

const void *
hg_operation_draft_params(const hg_operation_info *op, const hg_draft *draft)
{
    return op != NULL ? hgi_draft_params(op->params, draft) : NULL;
}

hg_status
hg_operation_params_from_json(const hg_operation_info *op, const char *ptr, size_t len, hg_draft **out, hg_error *err)
{
    hg_draft *draft;
    hg_status st = check_description(op, err);

    if (out != NULL)
        *out = NULL;
    if (st != HG_OK)
        return st;
    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    draft = hgi_draft_new_params(op->params);
    if (draft == NULL)
        return hgi_nomem(err);
    return hgi_draft_from_json(draft, ptr, len, out, err);
}
