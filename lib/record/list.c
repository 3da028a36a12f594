/* list.c - rows that the library returns.
 *
 * A short list is one block, and its text stays in libpq's result, which the list keeps:
 *
 *     [ hgi_list | row 0 | row 1 | ... | items of text lists ]      [ PGresult: the text ]
 *
 * so that a row of a get finds its list just before itself. A long list is read as its rows arrive: each is decoded and
 * copied, and libpq's buffers stay in the cache:
 *
 *     [ hgi_list ]   [ row 0 | row 1 | ... ]   [ block of text ] [ block of text ] ...
 *
 * The rows stand in one piece in both, as base and stride ask for. */
#include "record/record_int.h"

#include <string.h>

/* A long list's: where nobody knows how many will come, and the most that are given memory before the first has come. */
enum { ROWS_AT_FIRST = 64, ROWS_AT_ONCE = 4096 };

static hgi_list *
list_new(const hgi_table *table, size_t count, size_t behind)
{
    size_t stride = table->info.row_size;
    hgi_list *list = hgi_alloc(sizeof *list + count * stride + behind);

    if (list == NULL)
        return NULL;
    memset(list, 0, sizeof *list);
    list->table = table;
    list->stride = stride;
    list->rows = (char *)(list + 1);
    return list;
}

/* Memory for the text lists of a whole result. Malformed cells count nothing here: decoding tells them. */
static size_t
lists_size(const hgi_table *table, uint64_t columns, const hgi_result *result)
{
    size_t total = 0;

    for (uint64_t left = columns & table->lists; left != 0; left &= left - 1) {
        int32_t n = __builtin_popcountll(columns & ((left & -left) - 1));    /* its place in the result */

        for (int32_t r = 0; r < hgi_result_rows(result); r++) {
            size_t len, size = 0;
            const char *cell = hgi_result_cell(result, r, n, &len);

            if (cell != NULL && hgi_text_list_size(cell, len, &size) == HGI_DECODED)
                total += size;
        }
    }
    return total;
}

hg_status
hgi_list_decode(const hgi_table *table, const hgi_shape *shape, hgi_result *result, hgi_list **out, hg_error *err)
{
    size_t count = (size_t)hgi_result_rows(result);
    hgi_decoder decoder;
    size_t behind = lists_size(table, shape->columns, result);
    hgi_list *list = list_new(table, count, behind);
    hg_status st = HG_OK;

    *out = NULL;
    if (list == NULL) {
        hgi_result_free(result);
        return hgi_nomem(err);
    }
    list->result = result;                       /* the list's from here on */
    list->texts.next = list->rows + count * list->stride;
    list->texts.end = list->texts.next + behind;
    decoder = hgi_decoder_of(table, shape, &list->texts);
    for (; st == HG_OK && list->count < count; list->count++)
        st = hgi_row_decode(&decoder, result, (int32_t)list->count, list->rows + list->count * list->stride, err);
    if (st != HG_OK) {
        hgi_list_free(list);
        return st;
    }
    *out = list;
    return HG_OK;
}

/* ---- Long lists ------------------------------------------------------------------------------------------------------ */

hgi_list *
hgi_list_long(const hgi_table *table)
{
    hgi_list *list = list_new(table, 0, 0);

    if (list != NULL)
        list->rows = NULL;
    return list;
}

/* Room for more rows. Growing by doubling hardly copies: beyond some size malloc moves pages and not bytes. */
static hg_status
make_room(hgi_list *list, size_t more, hg_error *err)
{
    size_t wanted = list->capacity > 0 ? list->capacity : ROWS_AT_FIRST;
    char *rows;

    if (list->capacity == 0 && more > wanted)
        wanted = more;                       /* what the caller expects, to the row */
    while (wanted < list->count + more)
        wanted *= 2;
    if (wanted == list->capacity)
        return HG_OK;
    rows = hgi_realloc(list->rows, wanted * list->stride);
    if (rows == NULL)
        return hgi_nomem(err);
    list->rows = rows;
    list->capacity = wanted;
    return HG_OK;
}

static hg_status
append_result(hgi_list *list, hgi_decoder *decoder, const hgi_result *result, hg_error *err)
{
    int32_t rows = hgi_result_rows(result);
    hg_status st = make_room(list, (size_t)rows, err);

    for (int32_t r = 0; st == HG_OK && r < rows; r++) {
        st = hgi_row_decode(decoder, result, r, list->rows + list->count * list->stride, err);
        list->count += st == HG_OK;
    }
    return st;
}

/* Rows that cannot be kept: a read is given up, but a write is seen to its end, so that its outcome is known. */
static hg_status
end_early(hg_conn *conn, hgi_call *call, hg_status st, hg_error *err)
{
    hgi_result *result;
    hg_error later;

    if (!(call->flags & HGI_CALL_WRITE)) {
        hgi_call_drop(conn, call);
        return st;
    }
    do {
        hg_status read = hgi_call_read(conn, call, &result, &later);

        if (read != HG_OK) {
            if (err != NULL)
                *err = later;
            return read;
        }
        hgi_result_free(result);
    } while (!call->confirmed);
    return hgi_fail_written(err);
}

hg_status
hgi_list_append(hg_conn *conn, const hgi_shape *shape, hgi_call *call, size_t expected, hgi_list *list, hg_error *err)
{
    hgi_decoder decoder = hgi_decoder_of(list->table, shape, &list->texts);
    hgi_result *result = NULL;
    hg_status st;

    decoder.copy = &list->texts;
    call->flags |= HGI_CALL_BY_ROW;
    st = make_room(list, expected, err);
    if (st == HG_OK)
        st = hgi_call_send(conn, call, err);
    if (st != HG_OK)
        return st;
    while ((st = hgi_call_read(conn, call, &result, err)) == HG_OK && result != NULL) {
        st = append_result(list, &decoder, result, err);
        hgi_result_free(result);
        if (st != HG_OK)
            return end_early(conn, call, st, err);
    }
    return st;
}

/* What a statement gave before tells more than a generous limit does. */
int64_t
hgi_list_expected(const hgi_statement *statement, int64_t most)
{
    int64_t seen = hgi_statement_rows(statement);

    return most <= HGI_SHORT_LIST || most < seen ? most : seen;
}

static hg_status
read_long(hg_conn *conn, const hgi_table *table, const hgi_shape *shape, hgi_call *call, int64_t expected, hgi_list **out,
          hg_error *err)
{
    hgi_list *list = hgi_list_long(table);
    hg_status st;

    if (list == NULL)
        return hgi_nomem(err);
    if (expected < 0)
        expected = 0;
    st = hgi_list_append(conn, shape, call, expected < ROWS_AT_ONCE ? (size_t)expected : ROWS_AT_ONCE, list, err);
    if (st != HG_OK) {
        hgi_list_free(list);
        return st;
    }
    *out = list;
    return HG_OK;
}

hg_status
hgi_list_read(hg_conn *conn, const hgi_table *table, const hgi_shape *shape, hgi_call *call, int64_t expected,
              hgi_list **out, hg_error *err)
{
    hgi_result *result;
    hg_status st;

    *out = NULL;
    if (expected >= 0 && expected <= HGI_SHORT_LIST) {
        st = hgi_call_run(conn, call, &result, NULL, err);
        if (st == HG_OK)
            st = hgi_list_decode(table, shape, result, out, err);
    } else {
        st = read_long(conn, table, shape, call, expected, out, err);
    }
    if (st == HG_OK)
        hgi_statement_gave(call->statement, (*out)->count);
    return st;
}

/* ---- What callers do with a list ---------------------------------------------------------------------------------------- */

const void *
hgi_list_rows(const hgi_list *list, size_t *count, size_t *stride)
{
    if (count != NULL)
        *count = list != NULL ? list->count : 0;
    if (stride != NULL)
        *stride = list != NULL ? list->stride : 0;
    return list != NULL && list->count > 0 ? list->rows : NULL;
}

const void *
hgi_list_at(const hgi_list *list, size_t i)
{
    return list != NULL && i < list->count ? list->rows + i * list->stride : NULL;
}

size_t
hgi_list_count(const hgi_list *list)
{
    return list != NULL ? list->count : 0;
}

void
hgi_list_free(hgi_list *list)
{
    if (list == NULL)
        return;
    if (list->rows != (char *)(list + 1))
        hgi_free(list->rows);
    hgi_result_free(list->result);
    hgi_arena_free(&list->texts);
    hgi_free(list);
}

void
hgi_row_free(const void *row)
{
    if (row != NULL)
        hgi_list_free((hgi_list *)((uintptr_t)row - sizeof(hgi_list)));
}
