/* called.c - remembers, over all processes of a run, which operations have done their work. */
#include "called.h"

#include "hotgigs/operation.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { MOST_OPERATIONS = 1000 };

static unsigned char *was_called;      /* by the place among the descriptions; shared */
static int            is_counting = 1;

hg_status __real_hg_operation_run(hg_conn *, const hg_operation_info *, const void *, hg_error *);
hg_status __real_hg_operation_run_row(hg_conn *, const hg_operation_info *, const void *, const void **, hg_error *);
hg_status __real_hg_operation_run_list(hg_conn *, const hg_operation_info *, const void *, hg_operation_list **, hg_error *);
hg_status __real_hg_operation_run_count(hg_conn *, const hg_operation_info *, const void *, int64_t *, hg_error *);
hg_status __wrap_hg_operation_run(hg_conn *, const hg_operation_info *, const void *, hg_error *);
hg_status __wrap_hg_operation_run_row(hg_conn *, const hg_operation_info *, const void *, const void **, hg_error *);
hg_status __wrap_hg_operation_run_list(hg_conn *, const hg_operation_info *, const void *, hg_operation_list **, hg_error *);
hg_status __wrap_hg_operation_run_count(hg_conn *, const hg_operation_info *, const void *, int64_t *, hg_error *);

void
called_begin(void)
{
    was_called = mmap(NULL, MOST_OPERATIONS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (was_called == MAP_FAILED)
        was_called = NULL;
}

void
called_count(int whether)
{
    is_counting = whether;
}

static hg_status
noted(const hg_operation_info *op, hg_status st, int gave_something)
{
    if (st == HG_OK && gave_something && is_counting && was_called != NULL)
        for (int32_t i = 0; i < hg_operation_count() && i < MOST_OPERATIONS; i++)
            if (strcmp(hg_operation_describe(i)->name, op->name) == 0)
                was_called[i] = 1;
    return st;
}

int
called_missing(void)
{
    int missing = 0;

    for (int32_t i = 0; was_called != NULL && i < hg_operation_count() && i < MOST_OPERATIONS; i++)
        if (!was_called[i]) {
            fprintf(stderr, "no test has seen %s do its work\n", hg_operation_describe(i)->name);
            missing++;
        }
    return missing;
}

hg_status
__wrap_hg_operation_run(hg_conn *conn, const hg_operation_info *op, const void *params, hg_error *err)
{
    return noted(op, __real_hg_operation_run(conn, op, params, err), 1);
}

hg_status
__wrap_hg_operation_run_row(hg_conn *conn, const hg_operation_info *op, const void *params, const void **out, hg_error *err)
{
    hg_status st = __real_hg_operation_run_row(conn, op, params, out, err);

    return noted(op, st, out == NULL || *out != NULL);
}

hg_status
__wrap_hg_operation_run_list(hg_conn *conn, const hg_operation_info *op, const void *params, hg_operation_list **out,
                             hg_error *err)
{
    hg_status st = __real_hg_operation_run_list(conn, op, params, out, err);

    return noted(op, st, out != NULL && hg_operation_list_count(*out) > 0);
}

hg_status
__wrap_hg_operation_run_count(hg_conn *conn, const hg_operation_info *op, const void *params, int64_t *out, hg_error *err)
{
    hg_status st = __real_hg_operation_run_count(conn, op, params, out, err);

    return noted(op, st, out != NULL && *out > 0);
}
