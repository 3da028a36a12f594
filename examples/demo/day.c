/* day.c - the state of a demo's day: its clock, its voice, and on whose behalf it acts. */
#include "day.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../terminal/text.h"

hg_str
str(const char *text)
{
    return (hg_str){ text, strlen(text) };
}

double
milliseconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

hg_timestamp
in_minutes(int minutes)
{
    return ((hg_timestamp)milliseconds() + (hg_timestamp)minutes * 60 * 1000) * 1000;
}

/* ---- Telling --------------------------------------------------------------------------------- */

void
cell(const char *text, int width)
{
    printf("%s%*s", text, width > text_width(text) ? width - text_width(text) : 0, "");
}

void
at(day *d, const char *time)
{
    snprintf(d->time, sizeof d->time, "%s", time);
}

void
say(day *d, const char *format, ...)
{
    va_list args;

    if (d->st != HG_OK)
        return;
    printf("%s%-7s", d->time[0] ? "\n" : "", d->time);
    d->time[0] = '\0';                      /* said once; the lines that follow stand below */
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

hg_status
fail(day *d, const char *message)
{
    if (d->st != HG_OK)                     /* the first failure is the one to tell */
        return d->st;
    d->st = d->err.status = HG_E_INVALID;
    snprintf(d->err.message, sizeof d->err.message, "%s", message);
    return d->st;
}

/* ---- Acting ---------------------------------------------------------------------------------- */

void
begin(day *d)
{
    if (d->st == HG_OK)
        d->st = hg_tx_begin(d->service, NULL, &d->err);
}

void
commit(day *d)
{
    if (d->st == HG_OK)
        d->st = hg_tx_commit(d->service, &d->err);
}

hg_conn *
as(day *d, int32_t role, hg_uuid user, const char *action)
{
    hg_identity who = { .struct_size = sizeof who, .role = role, .user_id = user,
                        .ip = "192.0.2.20", .user_agent = "hotgigs-demo" };

    snprintf(who.action, sizeof who.action, "%s", action);
    if (d->st == HG_OK)
        d->st = hg_session_enter(d->tenant, &who, &d->err);
    return d->tenant;
}

const person *
person_of(day *d, const char *key)
{
    for (size_t i = 0; i < d->person_count; i++)
        if (strcmp(d->people[i].key, key) == 0)
            return &d->people[i];
    fail(d, "a résumé that the story needs is missing");
    return &d->people[0];
}

posting *
job_of(day *d, const char *key)
{
    for (size_t i = 0; i < d->job_count; i++)
        if (strcmp(d->jobs[i].key, key) == 0)
            return &d->jobs[i];
    fail(d, "a job description that the story needs is missing");
    return &d->jobs[0];
}

