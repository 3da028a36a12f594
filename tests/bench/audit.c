/* audit.c - what the audit trail costs: a recruiter's writes with its triggers and without, one by one and a thousand at a time.
 *
 * The owner switches the triggers of tasks before the first call of a turn; that and the plans that are made anew fall on both
 * sides alike, and are thin among the many calls of a turn. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static PGconn *owner;
static hg_query *all_of_it;
static int is_on = 1;

static void
run(const char *sql)
{
    PGresult *result = PQexec(owner, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        bench_die("the audit trail's triggers", PQresultErrorMessage(result));
    PQclear(result);
}

static void
turn(int on)
{
    if (on == is_on)
        return;
    run(on ? "ALTER TABLE tasks ENABLE TRIGGER tasks_audit_insert; ALTER TABLE tasks ENABLE TRIGGER tasks_audit_update"
           : "ALTER TABLE tasks DISABLE TRIGGER tasks_audit_insert; ALTER TABLE tasks DISABLE TRIGGER tasks_audit_update");
    is_on = on;
}

/* The thousand tasks that are changed at once are those of a company of their own. */
void
audit_open(bench *b, const char *admin_dsn)
{
    PGresult *id = PQexecParams(b->pg, "SELECT md5('audited')::uuid", 0, NULL, NULL, NULL, NULL, 1);
    hg_uuid company;
    hg_error err;

    owner = PQconnectdb(admin_dsn);
    run("SET ROLE hotgigs_owner");
    run("INSERT INTO companies (id, name, slug) VALUES (md5('audited')::uuid, 'Audited', 'audited')"
        " ON CONFLICT DO NOTHING");
    run("INSERT INTO company_members (company_id, user_id, role, joined_at)"
        " VALUES (md5('audited')::uuid, md5('recruiter')::uuid, 'recruiter', now())"
        " ON CONFLICT DO NOTHING");
    run("INSERT INTO tasks (company_id, title, description, priority, status, due_date)"
        " SELECT md5('audited')::uuid, 'Task ' || i, 'What is to be done', 'normal', 'pending',"
        " timestamp '2026-12-01' + i * interval '1 second' FROM generate_series(1, 1000) i"
        " WHERE NOT EXISTS (SELECT FROM tasks WHERE company_id = md5('audited')::uuid)");
    memcpy(company.bytes, PQgetvalue(id, 0, 0), 16);
    PQclear(id);
    all_of_it = hg_query_new(HG_TABLE_TASKS);
    if (hg_query_where_uuid(all_of_it, HG_TASK_COMPANY_ID, HG_OP_EQ, &company, &err) != HG_OK)
        bench_die("the query of all tasks", err.message);
}

void
audit_close(void)
{
    turn(1);
    hg_query_free(all_of_it);
    PQfinish(owner);
}

/* ---- Calls ------------------------------------------------------------------------------------------------------------ */

static void
update(bench *b, int on)
{
    static int64_t serial;
    hg_task row = { .struct_size = sizeof row };
    char title[24];
    hg_error err;

    turn(on);
    row.title = (hg_str){ title, (size_t)snprintf(title, sizeof title, "changed %lld", (long long)++serial) };
    if (hg_task_update(b->tenant, &b->task_ids[b->next++ % b->task_count], &row, HG_BIT(HG_TASK_TITLE), NULL, &err) != HG_OK)
        bench_die("hg_task_update", err.message);
}

static void
insert_many(bench *b, int on)
{
    static const uint64_t set = HG_BIT(HG_TASK_COMPANY_ID) | HG_BIT(HG_TASK_ASSIGNED_BY) | HG_BIT(HG_TASK_TITLE) |
                                HG_BIT(HG_TASK_DESCRIPTION) | HG_BIT(HG_TASK_PRIORITY);
    static hg_task rows[1000];
    hg_error err;

    turn(on);
    for (size_t i = 0; i < 1000; i++)
        rows[i] = (hg_task){ .struct_size = sizeof rows[i], .company_id = b->company, .assigned_by = b->recruiter,
                             .title = { "A new task", 10 }, .description = { "What is to be done", 18 },
                             .priority = HG_TASK_PRIORITY_HIGH };
    if (hg_task_insert_many(b->tenant, rows, 1000, sizeof rows[0], set, NULL, &err) != HG_OK)
        bench_die("hg_task_insert_many", err.message);
}

static void
update_where(bench *b, int on)
{
    static int64_t serial;
    hg_task row = { .struct_size = sizeof row };
    int64_t changed;
    char title[24];
    hg_error err;

    turn(on);
    row.title = (hg_str){ title, (size_t)snprintf(title, sizeof title, "changed %lld", (long long)++serial) };
    if (hg_task_update_where(b->tenant, all_of_it, &row, HG_BIT(HG_TASK_TITLE), 1000, &changed, &err) != HG_OK || changed != 1000)
        bench_die("hg_task_update_where", err.message);
}

void audited_insert(bench *b) { turn(1); tenant_insert(b); }
void plain_insert(bench *b) { turn(0); tenant_insert(b); }
void audited_update(bench *b) { update(b, 1); }
void plain_update(bench *b) { update(b, 0); }
void audited_insert_many(bench *b) { insert_many(b, 1); }
void plain_insert_many(bench *b) { insert_many(b, 0); }
void audited_update_where(bench *b) { update_where(b, 1); }
void plain_update_where(bench *b) { update_where(b, 0); }
