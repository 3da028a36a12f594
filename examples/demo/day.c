/* day.c - the state of a demo's day: its clock, its voice, and on whose behalf it acts. */
#include "day.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* Columns that a text takes on a terminal: none for a combining mark, two for a Chinese character. */
static int
width_of(const char *text)
{
    int width = 0;

    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        unsigned c = *p;
        int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

        c = more == 3 ? c & 7 : more == 2 ? c & 15 : more == 1 ? c & 31 : c;
        while (more-- > 0 && p[1] != '\0')
            c = c << 6 | (*++p & 63);
        if ((c >= 0x300 && c <= 0x36F) || (c >= 0x591 && c <= 0x5BD) || (c >= 0x64B && c <= 0x65F) ||
            (c >= 0x900 && c <= 0x902) || c == 0x93C || (c >= 0x941 && c <= 0x948) || c == 0x94D ||
            c == 0xE31 || (c >= 0xE34 && c <= 0xE3A) || (c >= 0xE47 && c <= 0xE4E) || c == 0x200D)
            continue;
        width += (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                 (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                 (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x1F300 && c <= 0x3FFFD) ? 2 : 1;
    }
    return width;
}

void
cell(const char *text, int width)
{
    printf("%s%*s", text, width > width_of(text) ? width - width_of(text) : 0, "");
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

