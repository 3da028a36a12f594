/* tenant.c - what a session costs: the same calls by a recruiter under his policies, and by the service, which has the
 * policy "all" and sends no context row. A public job, which no helper has to be asked about; and a million tasks of ten
 * thousand companies, a hundred each, where one helper says which companies are his. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { PAGE = 50 };

static void
run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        bench_die("setting up the tasks", PQresultErrorMessage(result));
    PQclear(result);
}

void
tenant_fill(PGconn *admin, size_t tasks)
{
    char sql[1024];

    run(admin, "SET ROLE hotgigs_owner");
    run(admin, "INSERT INTO users (id, email, user_type, created_at, updated_at)"
               " VALUES (md5('recruiter')::uuid, 'recruiter@example.com', 'company', " BENCH_BEGAN ", " BENCH_BEGAN ")");
    snprintf(sql, sizeof sql,
             "INSERT INTO companies (id, name, slug, created_at, updated_at) SELECT md5('t' || i)::uuid, 'Tenant ' || i,"
             " 'tenant-' || i, " BENCH_BEGAN ", " BENCH_BEGAN " FROM generate_series(1, %zu) i", tasks / 100);
    run(admin, sql);
    run(admin, "INSERT INTO company_members (id, company_id, user_id, role, joined_at, created_at, updated_at)"
               " VALUES (md5('member')::uuid, md5('t1')::uuid, md5('recruiter')::uuid, 'recruiter', " BENCH_BEGAN ", " BENCH_BEGAN
               ", " BENCH_BEGAN ")");
    snprintf(sql, sizeof sql,
             "INSERT INTO tasks (id, company_id, title, description, priority, status, due_date, created_at, updated_at)"
             " SELECT md5('task' || i)::uuid, md5('t' || 1 + i %% %zu)::uuid, 'Task ' || i, 'What is to be done', 'normal', 'pending',"
             " made + interval '1 year', made, made FROM (SELECT i, " BENCH_BEGAN " + i * interval '1 second' AS made"
             " FROM generate_series(1, %zu) i) t", tasks / 100, tasks);
    run(admin, sql);
    run(admin, "RESET ROLE");
}

static void
read_tasks(bench *b)
{
    hg_query *query = hg_query_new(HG_TABLE_TASKS);
    const hg_task *task;
    hg_task_list *list;
    hg_error err;

    if (hg_query_where_uuid(query, HG_TASK_COMPANY_ID, HG_OP_EQ, &b->company, &err) != HG_OK ||
        hg_task_find(b->tenant, query, &list, &err) != HG_OK)
        bench_die("reading the company's tasks", err.message);
    b->task_count = hg_task_list_count(list);
    b->task_ids = malloc((b->task_count + 1) * sizeof *b->task_ids);
    if (b->task_ids == NULL || b->task_count == 0)
        bench_die("reading the company's tasks", "there are none");
    for (size_t i = 0; (task = hg_task_list_at(list, i)) != NULL; i++)
        b->task_ids[i] = task->id;
    hg_task_list_free(list);
    if (hg_query_order(query, HG_TASK_CREATED_AT, HG_DESCENDING, HG_NULLS_DEFAULT, &err) != HG_OK ||
        hg_query_limit(query, PAGE, &err) != HG_OK)
        bench_die("the page's query", err.message);
    b->task_page = query;
}

void
tenant_open(bench *b, const char *login_dsn)
{
    hg_identity who = { .struct_size = sizeof who, .role = HG_ROLE_COMPANY, .ip = "192.0.2.1", .user_agent = "Mozilla/5.0",
                        .request_id = "0f8fad5b", .action = "task.read" };
    PGresult *ids = PQexecParams(b->pg, "SELECT md5('recruiter')::uuid, md5('t1')::uuid", 0, NULL, NULL, NULL, NULL, 1);
    hg_error err;

    memcpy(who.user_id.bytes, PQgetvalue(ids, 0, 0), 16);
    b->recruiter = who.user_id;
    memcpy(b->company.bytes, PQgetvalue(ids, 0, 1), 16);
    PQclear(ids);
    if (hg_conn_open(login_dsn, NULL, &b->tenant, &err) != HG_OK || hg_session_enter(b->tenant, &who, &err) != HG_OK)
        bench_die("the tenant's session", err.message);
    bench_watch(hg_conn_pq(b->tenant));
    if (hg_conn_open(login_dsn, NULL, &b->visitor, &err) != HG_OK)
        bench_die("the visitor's connection", err.message);
    bench_watch(hg_conn_pq(b->visitor));
    read_tasks(b);
}

void
tenant_close(bench *b)
{
    hg_query_free(b->task_page);
    hg_conn_close(b->tenant);
    hg_conn_close(b->visitor);
    free(b->task_ids);
}

static void
get(bench *b, hg_conn *conn)
{
    const hg_task *task;
    hg_error err;

    if (hg_task_get(conn, &b->task_ids[b->next++ % b->task_count], &task, &err) != HG_OK)
        bench_die("hg_task_get", err.message);
    b->checksum += task->title.len + (uint64_t)task->due_date;
    hg_task_free(task);
}

static void
page(bench *b, hg_conn *conn)
{
    hg_task_list *list;
    hg_error err;

    if (hg_task_find(conn, b->task_page, &list, &err) != HG_OK)
        bench_die("hg_task_find", err.message);
    b->checksum += hg_task_list_count(list);
    hg_task_list_free(list);
}

static void
insert(bench *b, hg_conn *conn)
{
    static const uint64_t set = HG_BIT(HG_TASK_COMPANY_ID) | HG_BIT(HG_TASK_ASSIGNED_BY) |
                                HG_BIT(HG_TASK_TITLE) | HG_BIT(HG_TASK_PRIORITY);
    hg_task row = { .struct_size = sizeof row, .company_id = b->company, .assigned_by = b->recruiter, .title = { "A new task", 10 },
                    .priority = HG_TASK_PRIORITY_HIGH };
    hg_error err;

    if (hg_task_insert(conn, &row, set, NULL, &err) != HG_OK)
        bench_die("hg_task_insert", err.message);
    b->checksum++;
}

void tenant_get(bench *b) { get(b, b->tenant); }
void tenant_page(bench *b) { page(b, b->tenant); }
void tenant_insert(bench *b) { insert(b, b->tenant); }
void service_get(bench *b) { get(b, b->conn); }
void service_page(bench *b) { page(b, b->conn); }
void service_insert(bench *b) { insert(b, b->conn); }
