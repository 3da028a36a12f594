/* result.c - reading what libpq keeps of a result. */
#include "link/link_int.h"

int32_t
hgi_result_rows(const hgi_result *result)
{
    return PQntuples(result);
}

int64_t
hgi_result_changed(hgi_result *result)
{
    int64_t changed = 0;

    for (const char *p = PQcmdTuples(result); *p >= '0' && *p <= '9'; p++)
        changed = changed * 10 + (*p - '0');
    return changed;
}

const char *
hgi_result_tag(hgi_result *result)
{
    return PQcmdStatus(result);
}

char *
hgi_result_cell(const hgi_result *result, int32_t row, int32_t column, size_t *len)
{
    int length = PQgetlength(result, row, column);

    *len = (size_t)length;
    return length == 0 && PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

void
hgi_result_row(const hgi_result *result, int32_t row, int32_t count, hgi_cell *cells)
{
    for (int32_t i = 0; i < count; i++)
        cells[i].ptr = hgi_result_cell(result, row, i, &cells[i].len);
}

void
hgi_result_free(hgi_result *result)
{
    PQclear(result);
}
