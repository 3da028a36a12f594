/* hotgigs-demo - one hiring day, played on a real database and told as a story; all 25 tables.
 *
 * The service's login does what only the application itself may do; the tenants' login plays the
 * people, one after the other, by hg_session_enter(), and PostgreSQL's policies decide what each may
 * see and do. A step that changes several tables is one transaction. Every row of the day is noted in
 * a ledger, and in the evening each table is asked for its rows in one call.
 *
 * Everything but the timings is the same each time, so the story is also a test.
 *
 * New here: hg_json_tree (hotgigs/json.h), hg_<singular>_get_many for "which of these may I see",
 *           exact arithmetic with hg_decimal.
 *
 * Run:      hotgigs-demo examples/data
 *           with HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN, on a database that has not had this day
 *           yet. `make demo` does all that. */
#include <hotgigs/hotgigs.h>
#include <hotgigs/json.h>

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json/import.h"

#define THE_DAY "2026-03-16"
enum { TABLES = 25, PEOPLE = 32, JOBS = 32, FIRMS = 4 };

typedef struct person {
    char    key[64];            /* the file's name without .json */
    char    name[201];
    hg_uuid user, candidate;
} person;

typedef struct posting {
    char    key[64];
    char    title[256], company[256];
    hg_uuid id, company_id;
    const struct firm *firm;    /* NULL: a company that has nobody here */
} posting;

typedef struct firm {
    const char *company;        /* its name in the job descriptions */
    struct { const char *first, *last, *email; hg_uuid user; } admin, recruiter;
    hg_uuid     id;
} firm;

/* The rows of one table that the day has made. */
typedef struct ledger {
    hg_uuid *ids;
    size_t   count, room;
    double   write_ms;
} ledger;

/* The day. Once st is a failure, every step below does nothing, so a story is a plain list of steps. */
typedef struct day {
    hg_conn     *service, *tenant;
    hg_status    st;
    hg_error     err;
    hg_timestamp now;
    double       clock;         /* when the row being written was begun */
    person       people[PEOPLE];
    posting      jobs[JOBS];
    firm         firms[FIRMS];
    size_t       person_count, job_count;
    hg_uuid      freelancer_user, freelancer;
    ledger       ledgers[TABLES];
} day;

static hg_str
str(const char *text)
{
    return (hg_str){ text, strlen(text) };
}

static double
milliseconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ---- Telling ----------------------------------------------------------------------------------- */

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

static void
cell(const char *text, int width)
{
    printf("%s%*s", text, width > width_of(text) ? width - width_of(text) : 0, "");
}

/* One line of the story; it also sets the clock of the day, unless time is "". */
static void
say(day *d, const char *time, const char *format, ...)
{
    va_list args;
    char text[32];

    if (d->st != HG_OK)
        return;
    if (time[0] != '\0') {
        snprintf(text, sizeof text, THE_DAY "T%s:00Z", time);
        d->st = hg_timestamp_parse(text, strlen(text), &d->now, &d->err);
    }
    printf("%5s  ", time);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

static hg_status
fail(day *d, const char *message)
{
    d->st = d->err.status = HG_E_INVALID;
    snprintf(d->err.message, sizeof d->err.message, "%s", message);
    return d->st;
}

/* ---- The ledger ---------------------------------------------------------------------------------- */

static void
note_row(day *d, int32_t table, hg_uuid id)
{
    ledger *l = &d->ledgers[table];

    if (l->count == l->room) {
        size_t room = l->room > 0 ? 2 * l->room : 16;
        hg_uuid *ids = realloc(l->ids, room * sizeof *ids);

        if (ids == NULL) {
            fail(d, "out of memory");
            return;
        }
        l->ids = ids;
        l->room = room;
    }
    l->ids[l->count++] = id;
}

/* The id of a row that is about to be written, and the clock is running. */
static hg_uuid
new_row(day *d, int32_t table)
{
    hg_uuid id;

    hg_uuid_new(&id);
    note_row(d, table, id);
    d->clock = milliseconds();
    return id;
}

/* The row is written, or the day is over. */
static void
wrote(day *d, int32_t table, hg_status st)
{
    d->ledgers[table].write_ms += milliseconds() - d->clock;
    d->st = st;
}

static const hg_uuid *
last_of(const day *d, int32_t table)
{
    return &d->ledgers[table].ids[d->ledgers[table].count - 1];
}

/* ---- Acting --------------------------------------------------------------------------------------- */

static void
begin(day *d)
{
    if (d->st == HG_OK)
        d->st = hg_tx_begin(d->service, NULL, &d->err);
}

static void
commit(day *d)
{
    if (d->st == HG_OK)
        d->st = hg_tx_commit(d->service, &d->err);
}

/* The tenants' connection, on behalf of this user from now on. */
static hg_conn *
as(day *d, int32_t role, hg_uuid user, const char *action)
{
    hg_identity who = { .struct_size = sizeof who, .role = role, .user_id = user,
                        .ip = "192.0.2.20", .user_agent = "hotgigs-demo" };

    snprintf(who.action, sizeof who.action, "%s", action);
    if (d->st == HG_OK)
        d->st = hg_session_enter(d->tenant, &who, &d->err);
    return d->tenant;
}

static person *
person_of(day *d, const char *key)
{
    for (size_t i = 0; i < d->person_count; i++)
        if (strcmp(d->people[i].key, key) == 0)
            return &d->people[i];
    fail(d, "a résumé that the story needs is missing");
    return &d->people[0];
}

static posting *
job_of(day *d, const char *key)
{
    for (size_t i = 0; i < d->job_count; i++)
        if (strcmp(d->jobs[i].key, key) == 0)
            return &d->jobs[i];
    fail(d, "a job description that the story needs is missing");
    return &d->jobs[0];
}

/* ---- Single rows ------------------------------------------------------------------------------------ */

static hg_uuid
add_user(day *d, const char *first, const char *last, const char *email, int32_t type)
{
    hg_user row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_USERS), .email = str(email),
                    .first_name = str(first), .last_name = str(last), .user_type = type,
                    .is_verified = 1 };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_USERS,
              hg_user_insert(d->service, &row, HG_BIT(HG_USER_ID) | HG_BIT(HG_USER_EMAIL) |
                             HG_BIT(HG_USER_FIRST_NAME) | HG_BIT(HG_USER_LAST_NAME) |
                             HG_BIT(HG_USER_USER_TYPE) | HG_BIT(HG_USER_IS_VERIFIED), NULL, &d->err));
    return row.id;
}

static void
add_member(day *d, hg_uuid company, hg_uuid user, int32_t role)
{
    hg_company_member row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_COMPANY_MEMBERS),
                              .company_id = company, .user_id = user, .role = role,
                              .joined_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_COMPANY_MEMBERS,
              hg_company_member_insert(d->service, &row, HG_BIT(HG_COMPANY_MEMBER_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_USER_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_ROLE) |
                                       HG_BIT(HG_COMPANY_MEMBER_JOINED_AT), NULL, &d->err));
}

static void
notify(day *d, hg_uuid user, const char *type, const char *title, const char *message)
{
    hg_notification row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_NOTIFICATIONS),
                            .user_id = user, .notification_type = str(type), .title = str(title),
                            .message = str(message), .created_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_NOTIFICATIONS,
              hg_notification_insert(d->service, &row, HG_BIT(HG_NOTIFICATION_ID) |
                                     HG_BIT(HG_NOTIFICATION_USER_ID) |
                                     HG_BIT(HG_NOTIFICATION_NOTIFICATION_TYPE) |
                                     HG_BIT(HG_NOTIFICATION_TITLE) |
                                     HG_BIT(HG_NOTIFICATION_MESSAGE) |
                                     HG_BIT(HG_NOTIFICATION_CREATED_AT), NULL, &d->err));
}

static void
mail(day *d, hg_uuid user, const char *type, const char *to, const char *subject)
{
    hg_email_log row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_EMAIL_LOGS),
                         .user_id = user, .email_type = str(type), .recipient_email = str(to),
                         .subject = str(subject), .status = HG_EMAIL_LOG_STATUS_SENT,
                         .sent_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_EMAIL_LOGS,
              hg_email_log_insert(d->service, &row, HG_BIT(HG_EMAIL_LOG_ID) |
                                  HG_BIT(HG_EMAIL_LOG_USER_ID) | HG_BIT(HG_EMAIL_LOG_EMAIL_TYPE) |
                                  HG_BIT(HG_EMAIL_LOG_RECIPIENT_EMAIL) |
                                  HG_BIT(HG_EMAIL_LOG_SUBJECT) | HG_BIT(HG_EMAIL_LOG_STATUS) |
                                  HG_BIT(HG_EMAIL_LOG_SENT_AT), NULL, &d->err));
}

static void
audit(day *d, hg_uuid actor, const char *action, const char *type, hg_uuid resource,
      const char *new_values)
{
    hg_audit_log row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_AUDIT_LOGS),
                         .user_id = actor, .action = str(action), .resource_type = str(type),
                         .resource_id = resource, .new_values = str(new_values),
                         .user_agent = str("hotgigs-demo"), .created_at = d->now };

    hg_inet_parse("192.0.2.20", 10, &row.ip_address, NULL);
    if (d->st == HG_OK)
        wrote(d, HG_TABLE_AUDIT_LOGS,
              hg_audit_log_insert(d->service, &row, HG_BIT(HG_AUDIT_LOG_ID) |
                                  HG_BIT(HG_AUDIT_LOG_USER_ID) | HG_BIT(HG_AUDIT_LOG_ACTION) |
                                  HG_BIT(HG_AUDIT_LOG_RESOURCE_TYPE) |
                                  HG_BIT(HG_AUDIT_LOG_RESOURCE_ID) |
                                  HG_BIT(HG_AUDIT_LOG_NEW_VALUES) |
                                  HG_BIT(HG_AUDIT_LOG_IP_ADDRESS) |
                                  HG_BIT(HG_AUDIT_LOG_USER_AGENT) |
                                  HG_BIT(HG_AUDIT_LOG_CREATED_AT), NULL, &d->err));
}

/* By whomever conn acts for: nobody may read events, so nothing is read back. */
static void
track(day *d, hg_conn *conn, const hg_uuid *user, const char *type, const char *session)
{
    hg_analytics_event row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_ANALYTICS_EVENTS),
                               .event_type = str(type), .session_id = str(session) };
    uint64_t set = HG_BIT(HG_ANALYTICS_EVENT_ID) | HG_BIT(HG_ANALYTICS_EVENT_EVENT_TYPE) |
                   HG_BIT(HG_ANALYTICS_EVENT_SESSION_ID);

    if (user != NULL) {
        row.user_id = *user;
        set |= HG_BIT(HG_ANALYTICS_EVENT_USER_ID);
    }
    if (d->st == HG_OK)
        wrote(d, HG_TABLE_ANALYTICS_EVENTS, hg_analytics_event_insert(conn, &row, set, NULL, &d->err));
}

static void
measure(day *d, const char *name, int64_t value, const char *unit)
{
    hg_system_metric row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_SYSTEM_METRICS),
                             .metric_name = str(name), .metric_value = { .unscaled = value },
                             .metric_unit = str(unit), .recorded_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_SYSTEM_METRICS,
              hg_system_metric_insert(d->service, &row, HG_BIT(HG_SYSTEM_METRIC_ID) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_NAME) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_VALUE) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT) |
                                      HG_BIT(HG_SYSTEM_METRIC_RECORDED_AT), NULL, &d->err));
}

/* ---- Applications ----------------------------------------------------------------------------------- */

static void
add_timeline(day *d, hg_uuid application, const char *status, const char *notes, hg_uuid by)
{
    hg_application_timeline row = { .struct_size = sizeof row,
                                    .id = new_row(d, HG_TABLE_APPLICATION_TIMELINE),
                                    .application_id = application, .status = str(status),
                                    .notes = str(notes), .changed_by = by, .created_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_APPLICATION_TIMELINE,
              hg_application_timeline_insert(d->service, &row, HG_BIT(HG_APPLICATION_TIMELINE_ID) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_APPLICATION_ID) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_STATUS) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_NOTES) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_CHANGED_BY) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_CREATED_AT), NULL, &d->err));
}

/* Application, timeline, notification, e-mail, audit: all or none. referrer NULL: the candidate's own idea. */
static hg_uuid
apply(day *d, const char *time, const char *who, const char *what, const hg_uuid *referrer)
{
    const person *p = person_of(d, who);
    const posting *job = job_of(d, what);
    hg_application row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_APPLICATIONS),
                           .job_id = job->id, .candidate_id = p->candidate,
                           .application_source = str(referrer != NULL ? "referral" : "website") };
    uint64_t set = HG_BIT(HG_APPLICATION_ID) | HG_BIT(HG_APPLICATION_JOB_ID) |
                   HG_BIT(HG_APPLICATION_CANDIDATE_ID) | HG_BIT(HG_APPLICATION_APPLICATION_SOURCE) |
                   HG_BIT(HG_APPLICATION_APPLIED_AT);

    if (referrer != NULL) {
        row.referrer_id = *referrer;
        set |= HG_BIT(HG_APPLICATION_REFERRER_ID);
    }
    say(d, time, "%s %s for %s at %s", p->name, referrer != NULL ? "is put forward" : "applies",
        job->title, job->company);
    row.applied_at = d->now;
    begin(d);
    if (d->st == HG_OK)
        wrote(d, HG_TABLE_APPLICATIONS, hg_application_insert(d->service, &row, set, NULL, &d->err));
    add_timeline(d, row.id, "applied", "", p->user);
    if (job->firm != NULL)
        notify(d, job->firm->recruiter.user, "application_received", "A new application", p->name);
    mail(d, p->user, "application_received", "candidate@example.com", "We have your application");
    audit(d, p->user, "application.submit", "applications", row.id, "{\"status\": \"applied\"}");
    commit(d);
    if (referrer == NULL)
        track(d, as(d, HG_ROLE_CANDIDATE, p->user, "event.track"), &p->user, "application_submitted", "web");
    return row.id;
}

/* Moves an application on, for its company's recruiter. */
static void
move(day *d, hg_uuid application, int32_t status, const person *p, const posting *job, const char *notes)
{
    hg_application row = { .struct_size = sizeof row, .status = status, .recruiter_notes = str(notes) };
    const char *name = hg_application_status_name(status);
    hg_uuid by = job->firm != NULL ? job->firm->recruiter.user : (hg_uuid){ { 0 } };
    char values[64];

    if (d->st != HG_OK)
        return;
    snprintf(values, sizeof values, "{\"status\": \"%s\"}", name);
    begin(d);
    d->clock = milliseconds();
    if (d->st == HG_OK)
        wrote(d, HG_TABLE_APPLICATIONS,
              hg_application_update(d->service, &application, &row, HG_BIT(HG_APPLICATION_STATUS) |
                                    HG_BIT(HG_APPLICATION_RECRUITER_NOTES), NULL, &d->err));
    add_timeline(d, application, name, notes, by);
    notify(d, p->user, "application_status", job->title, name);
    audit(d, by, "application.set_status", "applications", application, values);
    commit(d);
}

/* ---- Morning ------------------------------------------------------------------------------------------ */

static int
is_json(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".json") == 0;
}

/* One file, in one transaction. */
static void
import_one(day *d, const char *folder, const char *name, int is_resume)
{
    char path[1024], key[64];
    import_result result;
    cJSON *json;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(key, sizeof key, "%.*s", (int)(strlen(name) - 5), name);
    json = import_file(path);
    if (json == NULL || d->person_count == PEOPLE || d->job_count == JOBS) {
        fail(d, json == NULL ? "a file of the data folder is not JSON" : "too many files");
        cJSON_Delete(json);
        return;
    }
    begin(d);
    d->clock = milliseconds();
    if (d->st == HG_OK && is_resume)
        d->st = import_resume(d->service, json, path, &result, &d->err);
    else if (d->st == HG_OK)
        d->st = import_job(d->service, json, &result, &d->err);
    commit(d);
    if (d->st == HG_OK && is_resume) {
        person *p = &d->people[d->person_count++];

        *p = (person){ .user = result.user_id, .candidate = result.candidate_id };
        snprintf(p->key, sizeof p->key, "%s", key);
        snprintf(p->name, sizeof p->name, "%s",
                 import_text(cJSON_GetObjectItemCaseSensitive(json, "basics"), "name"));
    } else if (d->st == HG_OK) {
        posting *job = &d->jobs[d->job_count++];

        *job = (posting){ .id = result.job_id, .company_id = result.company_id };
        snprintf(job->key, sizeof job->key, "%s", key);
        snprintf(job->title, sizeof job->title, "%s", import_text(json, "title"));
        snprintf(job->company, sizeof job->company, "%s", import_text(json, "company"));
    }
    for (size_t i = 0; d->st == HG_OK && i < result.count; i++) {
        note_row(d, result.rows[i].table, result.rows[i].id);
        d->ledgers[result.rows[i].table].write_ms += (milliseconds() - d->clock) / (double)result.count;
    }
    cJSON_Delete(json);
}

static void
import_folder(day *d, const char *folder, int is_resume)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_json, alphasort);

    if (count < 0)
        fail(d, "the data folder cannot be read");
    for (int i = 0; i < count; i++) {
        if (d->st == HG_OK)
            import_one(d, folder, entries[i]->d_name, is_resume);
        free(entries[i]);
    }
    free(entries);
}

static void
import_all(day *d, const char *data)
{
    char folder[900];
    size_t rows = 0;

    import_one(d, data, "resume.json", 1);
    snprintf(folder, sizeof folder, "%s/resumes", data);
    import_folder(d, folder, 1);
    if (d->st == HG_OK)
        import_one(d, data, "job.json", 0);
    snprintf(folder, sizeof folder, "%s/jobs", data);
    if (d->st == HG_OK)
        import_folder(d, folder, 0);

    for (int32_t i = 0; i < TABLES; i++)
        rows += d->ledgers[i].count;
    say(d, "07:30", "%zu résumés and %zu job descriptions become %zu rows of %zu companies' and "
        "candidates' tables.", d->person_count, d->job_count, rows, d->ledgers[HG_TABLE_COMPANIES].count);
}
