/* batch.c - many calls in one pipeline: sent as they come, answered at one Sync.
 *
 * libpq copies what it is given to send, so nothing of a call is kept here but its steps; together they are one long call,
 * read as any other. Up to Sync the server runs them as one transaction, and an error skips the rest, so the first failure
 * is the only one. While a batch is open no statement leaves the cache. */
#include "link/link_int.h"

#include <string.h>

enum { SENT_ONCE = 1000 };              /* tries enough: what has been sent cannot be sent again */

struct hgi_pipeline {
    hgi_call   call;                    /* all of them */
    hgi_buffer steps;                   /* hgi_step[] */
};

hg_status
hgi_batch_open(hg_conn *conn, hg_error *err)
{
    hg_status st = hgi_usable(conn, err);

    if (st != HG_OK)
        return st;
    if (conn->pipeline == NULL)
        conn->pipeline = hgi_alloc_zero(sizeof *conn->pipeline);
    if (conn->pipeline == NULL)
        return hgi_nomem(err);
    conn->batch = conn->pipeline;
    conn->batch->call = (hgi_call){ .flags = HGI_CALL_WRITE, .pipelined = 1 };
    return HG_OK;
}

void
hgi_batch_free(hg_conn *conn)
{
    conn->batch = NULL;
    if (conn->pipeline != NULL)
        hgi_buffer_free(&conn->pipeline->steps);
    hgi_free(conn->pipeline);
    conn->pipeline = NULL;
}

/* For the call's steps, and for that of a command, so that giving up a batch needs no memory. */
static int
make_room(hgi_buffer *steps, const hgi_call *call)
{
    size_t size = (size_t)(call->step_count + (call->command == NULL)) * sizeof *call->steps;

    if (steps->capacity - steps->len > size || hgi_buffer_grow(steps, size))
        return 1;
    steps->failed = 0;
    return 0;
}

/* What has to be parsed counts as prepared from here on; a failure takes that back. */
static int
send_steps(hg_conn *conn, const hgi_call *call)
{
    hgi_buffer_add(&conn->batch->steps, (const char *)call->steps, (size_t)call->step_count * sizeof *call->steps);
    for (int32_t i = 0; i < call->step_count; i++) {
        if (!hgi_call_send_step(conn, call, i))
            return 0;
        if (hgi_step_is_parse(&call->steps[i]))
            call->steps[i].statement->state = HGI_STATEMENT_PREPARED;
    }
    return 1;
}

hg_status
hgi_batch_add(hg_conn *conn, hgi_call *call, hg_error *err)
{
    int first = conn->batch->steps.len == 0;

    if (first)
        conn->batch->call.deadline = call->deadline = hgi_call_deadline(conn);
    hgi_call_plan(conn, call, first);
    if (!make_room(&conn->batch->steps, call))
        return hgi_nomem(err);
    if (first && !PQenterPipelineMode(conn->pg))
        return hgi_fail_lost(conn, HG_ERROR_RETRY, err);
    return send_steps(conn, call) ? HG_OK : hgi_fail_lost(conn, HG_ERROR_RETRY, err);   /* what is half sent is not taken back */
}

/* The statements from the failed step on were not parsed, if they had to be. */
static void
take_back_parses(const hgi_call *call)
{
    for (int32_t i = call->step; i < call->step_count; i++)
        if (hgi_step_is_parse(&call->steps[i]))
            call->steps[i].statement->state = HGI_STATEMENT_NEW;
}

static int64_t
number_of_failed(const hgi_call *call)
{
    int64_t number = 0;

    if (call->step >= call->step_count)
        return -1;                                     /* Sync itself */
    for (int32_t i = 0; i < call->step; i++)
        number += hgi_step_is_main(&call->steps[i]);
    return number;
}

hg_status
hgi_batch_close(hg_conn *conn, int64_t *failed, hg_error *err)
{
    hgi_pipeline *batch = conn->batch;
    hgi_call *call = &batch->call;
    hgi_result *result = NULL;
    hg_status st = HG_OK;

    *failed = -1;
    call->steps = (const hgi_step *)(const void *)batch->steps.ptr;
    call->step_count = (int32_t)(batch->steps.len / sizeof *call->steps);
    call->tries = SENT_ONCE;
    if (conn->broken) {
        st = hgi_fail(err, HG_E_CONNECTION, -1, "the connection was lost; close it and open another");
    } else if (call->step_count > 0) {
        conn->stats.round_trips++;
        if (!PQpipelineSync(conn->pg))
            st = hgi_fail_lost(conn, HG_ERROR_RETRY, err);
        while (st == HG_OK && !call->confirmed) {
            st = hgi_call_read(conn, call, &result, err);
            hgi_result_free(result);
        }
        if (st != HG_OK) {
            *failed = number_of_failed(call);
            take_back_parses(call);
        }
    }
    hgi_buffer_empty(&batch->steps);
    conn->batch = NULL;
    return st;
}
