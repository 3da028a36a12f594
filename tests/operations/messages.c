/* operations/messages - notifications and tasks: told once, read once, moved as the table of moves says. */
#include "operations/ask.h"
#include "suites.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static hg_uuid candidate, other, boss, manager, viewer, stranger, company;

static void
add_member(const hg_uuid *user, const char *role)
{
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', '%s', now())",
           uuid_text(&company), uuid_text(user), role);
}

static void
setup(void)
{
    fixture_open_tenant();
    candidate = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    boss = fixture_user(HG_USER_USER_TYPE_COMPANY);
    manager = fixture_user(HG_USER_USER_TYPE_COMPANY);
    viewer = fixture_user(HG_USER_USER_TYPE_COMPANY);
    stranger = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);
    fixture_company(&stranger, HG_COMPANY_MEMBER_ROLE_ADMIN);
    add_member(&manager, "account_manager");
    add_member(&viewer, "viewer");
}

/* ---- Notifications ------------------------------------------------------------------------------------------------------- */

static void
tell(const char *type, const char *more)
{
    ck_ok(ask(service, "notification_send", "{'user_ids': ['%s', '%s', '%s'], 'notification_type': '%s', 'title': 't',"
              " 'message': 'm'%s}", uuid_text(&candidate), uuid_text(&candidate), uuid_text(&other), type, more), err);
}

START_TEST(each_user_is_told_once_and_sees_his_own)
{
    hg_uuid nobody;

    tell("a", ", 'data': {'k': 1}, 'priority': 'high'");
    ck_assert_int_eq(answer_count(), 2);
    act_as(HG_ROLE_CANDIDATE, &candidate);
    ck_ok(ask(tenant, "notification_page", "{}"), err);
    ck_assert_int_eq(answer_count(), 1);
    ck_answer("priority", "high");
    ck_answer("is_read", "false");
    ck_answer("user_id", uuid_text(&candidate));

    hg_uuid_new(&nobody);
    ck_ok(ask(service, "notification_send", "{'user_ids': ['%s'], 'notification_type': 'x', 'title': 't', 'message': 'm'}",
              uuid_text(&nobody)), err);
    ck_assert_int_eq(answer_count(), 0);
    ck_status(ask(service, "notification_send", "{'user_ids': ['%s'], 'notification_type': 'x', 'title': 't',"
                  " 'message': 'm', 'data': [1]}", uuid_text(&other)), HG_E_INVALID, err);
}
END_TEST

START_TEST(what_expired_is_neither_shown_nor_counted)
{
    tell("old", ", 'expires_at': '2020-01-01T00:00:00Z'");
    tell("new", ", 'expires_at': '2999-01-01T00:00:00Z'");
    act_as(HG_ROLE_CANDIDATE, &candidate);
    ck_ok(ask(tenant, "notification_page", "{}"), err);
    ck_assert_int_eq(answer_count(), 1);
    ck_answer("notification_type", "new");
    ck_ok(ask(tenant, "notification_unread_count", "{}"), err);
    ck_assert_int_eq(answer_count(), 1);
}
END_TEST

START_TEST(pages_of_notifications_of_one_time_lose_none)
{
    const char *after = "", *seen = "";
    int pages = 0;

    sql_do("INSERT INTO notifications (user_id, notification_type, title, message, created_at) SELECT '%s', 'p', 't', 'm',"
           " CASE WHEN i %% 4 > 0 THEN timestamp '2024-01-01' END FROM generate_series(1, 25) i", uuid_text(&candidate));
    act_as(HG_ROLE_CANDIDATE, &candidate);
    for (;;) {
        ck_ok(ask(tenant, "notification_page", "{'notification_type': 'p', 'unread_only': true, 'at_most': 4%s}", after), err);
        if (answer_count() == 0)
            break;
        for (int i = 0; i < answer_count(); i++) {
            const char *id = answer_at(i, "id"), *at = answer_at(i, "created_at");

            ck_assert_ptr_null(strstr(seen, id));
            seen = fixture_text("%s %s", seen, id);
            after = fixture_text(", 'after_id': '%s'%s", id,
                                 at != NULL ? fixture_text(", 'after_created_at': '%s'", at) : "");
        }
        ck_assert_int_lt(++pages, 10);
    }
    ck_assert_int_eq((int)strlen(seen), 25 * 37);
}
END_TEST

START_TEST(the_first_reading_stays_and_others_rows_are_out_of_reach)
{
    const char *first, *mine, *others;

    tell("a", "");
    mine = sql_text("SELECT id FROM notifications WHERE user_id = '%s'", uuid_text(&candidate));
    others = sql_text("SELECT id FROM notifications WHERE user_id = '%s'", uuid_text(&other));
    act_as(HG_ROLE_CANDIDATE, &candidate);
    ck_ok(ask(tenant, "notification_mark_read", "{'notification_ids': ['%s', '%s']}", mine, others), err);
    ck_assert_int_eq(answer_count(), 1);
    first = sql_text("SELECT read_at FROM notifications WHERE id = '%s' AND is_read", mine);
    ck_assert_ptr_nonnull(first);
    ck_ok(ask(tenant, "notification_mark_read", "{'notification_ids': ['%s']}", mine), err);
    ck_assert_int_eq(answer_count(), 0);
    ck_assert_str_eq(sql_text("SELECT read_at FROM notifications WHERE id = '%s'", mine), first);
    ck_assert_str_eq(sql_text("SELECT is_read FROM notifications WHERE id = '%s'", others), "f");
    ck_ok(ask(tenant, "notification_clear", "{'up_to': '2999-01-01T00:00:00Z', 'with_unread': true}"), err);
    ck_assert_int_eq(answer_count(), 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE id = '%s'", others), 1);
    act_as(HG_ROLE_ANON, NULL);
    ck_status(ask(tenant, "notification_mark_read", "{'notification_ids': ['%s']}", others), HG_E_DENIED, err);
}
END_TEST

static void *
keep_telling(void *arg)
{
    PGconn *pg = arg;

    for (int i = 0; i < 200; i++)
        PQclear(PQexec(pg, "INSERT INTO notifications (user_id, notification_type, title, message, created_at)"
                           " SELECT id, 'rain', 't', 'm', clock_timestamp() AT TIME ZONE 'UTC' FROM told"));
    return NULL;
}

/* The user has seen a page, and more arrive while he says "all read". */
START_TEST(mark_all_leaves_what_arrives_meanwhile)
{
    PGconn *raw = sql_connect(fixture_dsn("ADMIN"));
    const char *shown;
    pthread_t rain;
    int64_t marked = 0;

    PQclear(PQexec(raw, fixture_text("CREATE TEMP TABLE told AS SELECT '%s'::uuid AS id", uuid_text(&candidate))));
    tell("seen", "");
    act_as(HG_ROLE_CANDIDATE, &candidate);
    ck_assert_int_eq(pthread_create(&rain, NULL, keep_telling, raw), 0);
    ck_ok(ask(tenant, "notification_page", "{}"), err);
    shown = answer("created_at");
    for (int i = 0; i < 5; i++) {
        ck_ok(ask(tenant, "notification_mark_all", "{'up_to': '%s'}", shown), err);
        marked += answer_count();
    }
    pthread_join(rain, NULL);
    PQfinish(raw);
    ck_assert_int_ge((int)marked, 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id = '%s' AND is_read <> (created_at <="
                             " timestamptz '%s' AT TIME ZONE 'UTC')", uuid_text(&candidate), shown), 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id = '%s' AND NOT is_read",
                             uuid_text(&candidate)), 201 - marked);
}
END_TEST

START_TEST(a_purge_takes_batches_and_eight_at_once_each_row_once)
{
    caller callers[CROWD];
    int64_t gone = 0;

    sql_do("DELETE FROM notifications");
    sql_do("INSERT INTO notifications (user_id, notification_type, title, message, created_at, expires_at)"
           " SELECT '%s', 'p', 't', 'm', CASE WHEN i %% 2 = 0 THEN timestamp '2020-01-01' ELSE timestamp '2030-01-01' END,"
           " CASE WHEN i %% 4 = 1 THEN timestamp '2020-01-01' END FROM generate_series(1, 400) i", uuid_text(&candidate));
    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_SERVICE, .params = "{'before': '2021-01-01T00:00:00Z', 'at_most': 20}" };
    at_once(callers, CROWD, "notification_purge");
    for (int i = 0; i < CROWD; i++) {
        ck_ok(callers[i].status, callers[i].err);
        ck_assert_int_le((int)callers[i].count, 20);
        gone += callers[i].count;
    }
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications"), 400 - gone);
    do {
        ck_ok(ask(service, "notification_purge", "{'before': '2021-01-01T00:00:00Z'}"), err);
    } while (answer_count() > 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications"), 100);
}
END_TEST

/* ---- Tasks ----------------------------------------------------------------------------------------------------------------- */

static const char *
new_task(const char *more)
{
    act_as(HG_ROLE_COMPANY, &manager);
    ck_ok(ask(tenant, "task_create", "{'company_id': '%s', 'title': 'T'%s}", uuid_text(&company), more), err);
    return answer("id");
}

static hg_status
move(hg_conn *conn, const char *task, const char *status, const char *more)
{
    return ask(conn, "task_set_status", "{'task_id': '%s', 'status': '%s'%s}", task, status, more);
}

START_TEST(a_task_is_made_in_one_s_own_name_for_who_may_have_it)
{
    new_task(fixture_text(", 'assigned_to': '%s'", uuid_text(&viewer)));
    ck_answer("assigned_by", uuid_text(&manager));
    ck_answer("status", "pending");
    ck_answer("priority", "normal");
    ck_status(ask(tenant, "task_create", "{'company_id': '%s', 'title': 'T', 'assigned_to': '%s'}", uuid_text(&company),
                  uuid_text(&stranger)), HG_E_DENIED, err);
    ck_status(ask(tenant, "task_create", "{'company_id': '%s', 'title': 'T', 'assigned_by': '%s'}", uuid_text(&company),
                  uuid_text(&boss)), HG_E_DENIED, err);
    act_as(HG_ROLE_COMPANY, &viewer);
    ck_status(ask(tenant, "task_create", "{'company_id': '%s', 'title': 'T'}", uuid_text(&company)), HG_E_DENIED, err);
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_status(ask(tenant, "task_create", "{'company_id': '%s', 'title': 'T'}", uuid_text(&company)), HG_E_DENIED, err);
    ck_ok(ask(service, "task_create", "{'company_id': '%s', 'title': 'T'}", uuid_text(&company)), err);
    ck_no_answer("assigned_by");
}
END_TEST

static const char *const task_statuses[] = { "pending", "in_progress", "completed", "cancelled" };

/* Every pair: what the table of moves lists, and nothing else. */
START_TEST(a_task_moves_as_the_table_says_and_completed_at_follows)
{
    const char *task = new_task(""), *from = task_statuses[_i / 4], *to = task_statuses[_i % 4];
    int may = strcmp(from, to) == 0
              || sql_int("SELECT count(*) FROM hotgigs.task_moves() WHERE from_status = '%s' AND to_status = '%s'", from, to);

    sql_do("UPDATE tasks SET status = '%s', completed_at = CASE WHEN '%s' = 'completed' THEN timestamp '2024-01-01' END"
           " WHERE id = '%s'", from, from, task);
    ck_status(move(tenant, task, to, ""), may ? HG_OK : HG_E_STATE, err);
    ck_assert_str_eq(sql_text("SELECT status FROM tasks WHERE id = '%s'", task), may ? to : from);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM tasks WHERE id = '%s' AND (completed_at IS NOT NULL) = (status ="
                             " 'completed')", task), 1);
    if (strcmp(from, to) == 0 && strcmp(to, "completed") == 0)
        ck_assert_str_eq(sql_text("SELECT completed_at FROM tasks WHERE id = '%s'", task), "2024-01-01 00:00:00");
}
END_TEST

START_TEST(the_moves_of_a_task_are_these)
{
    ck_assert_str_eq(sql_text("SELECT string_agg(from_status || '>' || to_status, ' ') FROM hotgigs.task_moves()"),
                     "pending>in_progress pending>cancelled in_progress>completed in_progress>cancelled"
                     " completed>in_progress");
}
END_TEST

START_TEST(who_may_not_move_a_task)
{
    const char *task = new_task(fixture_text(", 'assigned_to': '%s'", uuid_text(&viewer)));
    hg_uuid freelancer = fixture_user(HG_USER_USER_TYPE_FREELANCE_RECRUITER);

    act_as(HG_ROLE_COMPANY, &viewer);          /* it is his, and yet */
    ck_status(move(tenant, task, "in_progress", ""), HG_E_DENIED, err);
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_status(move(tenant, task, "in_progress", ""), HG_E_NOT_FOUND, err);
    act_as(HG_ROLE_FREELANCER, &freelancer);
    ck_status(move(tenant, task, "in_progress", ""), HG_E_NOT_FOUND, err);
    act_as(HG_ROLE_CANDIDATE, &candidate);
    ck_status(move(tenant, task, "in_progress", ""), HG_E_DENIED, err);
    sql_do("UPDATE tasks SET assigned_to = '%s' WHERE id = '%s'", uuid_text(&freelancer), task);
    act_as(HG_ROLE_FREELANCER, &freelancer);
    ck_ok(move(tenant, task, "in_progress", ", 'notes': 'begun', 'expected_status': 'pending'"), err);
    ck_answer("notes", "begun");
    ck_status(move(tenant, task, "completed", ", 'expected_status': 'pending'"), HG_E_CONFLICT, err);
    ck_ok(move(tenant, task, "completed", ""), err);
    ck_answer("notes", "begun");
    ck_ok(move(tenant, task, "completed", ", 'notes': null"), err);
    ck_no_answer("notes");
}
END_TEST

START_TEST(of_eight_who_complete_a_task_all_find_it_completed_once)
{
    const char *task = new_task("");
    caller callers[CROWD];

    ck_ok(move(tenant, task, "in_progress", ""), err);
    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_COMPANY, .user = manager,
                               .params = fixture_text("{'task_id': '%s', 'status': 'completed', 'expected_status':"
                                                      " 'in_progress'}", task) };
    at_once(callers, CROWD, "task_set_status");
    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), 1);
    ck_assert_int_eq(how_many(callers, CROWD, HG_E_CONFLICT), CROWD - 1);
}
END_TEST

START_TEST(urgent_tasks_come_first_then_the_due_ones_and_pages_lose_none)
{
    const char *after = "", *seen = "";

    sql_do("UPDATE users SET first_name = 'Vi' WHERE id = '%s'", uuid_text(&viewer));
    sql_do("INSERT INTO tasks (company_id, title, priority, due_date, assigned_to, status) SELECT '%s', 'p',"
           " (ARRAY['low', 'normal', 'high', 'urgent', NULL])[1 + i %% 5], CASE WHEN i %% 3 > 0 THEN timestamp '2024-01-01' +"
           " (i %% 2) * interval '100 years' END, '%s', CASE WHEN i %% 4 > 0 THEN 'pending' ELSE 'completed' END"
           " FROM generate_series(1, 60) i", uuid_text(&company), uuid_text(&viewer));
    act_as(HG_ROLE_COMPANY, &viewer);
    ck_ok(ask(tenant, "task_page", "{'company_id': '%s'}", uuid_text(&company)), err);
    ck_answer("priority", "urgent");
    ck_answer("assignee_name", "Vi");
    ck_assert_ptr_nonnull(answer("company_name"));
    for (int page = 0; page < 12; page++) {
        ck_ok(ask(tenant, "task_page", "{'assigned_to': '%s', 'at_most': 7%s}", uuid_text(&viewer), after), err);
        for (int i = 0; i < answer_count(); i++) {
            const char *id = answer_at(i, "id"), *due = answer_at(i, "due_date"), *rank = answer_at(i, "priority");

            ck_assert_ptr_null(strstr(seen, id));
            seen = fixture_text("%s %s", seen, id);
            after = fixture_text(", 'after_id': '%s'%s%s", id,
                                 due != NULL ? fixture_text(", 'after_due_date': '%s'", due) : "",
                                 rank != NULL ? fixture_text(", 'after_priority': '%s'", rank) : "");
        }
    }
    ck_assert_int_eq((int)strlen(seen), 60 * 37);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM (SELECT (t.rank, t.due) >= lag((t.rank, t.due)) OVER (ORDER BY o) AS sorted FROM"
                             " unnest(string_to_array(btrim('%s'), ' ')::uuid[]) WITH ORDINALITY AS x (id, o) JOIN (SELECT id,"
                             " coalesce(array_position(ARRAY['urgent', 'high', 'normal', 'low'], priority::text), 5) AS rank,"
                             " coalesce(due_date, 'infinity') AS due FROM tasks) t USING (id)) y WHERE NOT sorted", seen), 0);
    ck_ok(ask(tenant, "task_page", "{'overdue': true}"), err);
    ck_assert_int_eq(answer_count(), (int)sql_int("SELECT count(*) FROM tasks WHERE company_id = '%s' AND status = 'pending'"
                                                  " AND due_date < now()", uuid_text(&company)));
    ck_ok(ask(tenant, "task_page", "{'statuses': ['completed']}"), err);
    ck_assert_int_eq(answer_count(), 15);
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_ok(ask(tenant, "task_page", "{'company_id': '%s'}", uuid_text(&company)), err);
    ck_assert_int_eq(answer_count(), 0);
    ck_ok(ask(tenant, "task_counts", "{}"), err);              /* an empty company gives zeros */
    ck_answer("pending", "0");
    ck_answer("overdue", "0");
    act_as(HG_ROLE_COMPANY, &viewer);
    ck_ok(ask(tenant, "task_counts", "{'company_id': '%s'}", uuid_text(&company)), err);
    ck_answer("pending", "45");
    ck_answer("completed", "15");
}
END_TEST

Suite *
suite_operations_messages(void)
{
    Suite *suite = suite_create("operations/messages");
    TCase *tc = tcase_create("messages");

    tcase_add_checked_fixture(tc, setup, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, each_user_is_told_once_and_sees_his_own);
    tcase_add_test(tc, what_expired_is_neither_shown_nor_counted);
    tcase_add_test(tc, pages_of_notifications_of_one_time_lose_none);
    tcase_add_test(tc, the_first_reading_stays_and_others_rows_are_out_of_reach);
    tcase_add_test(tc, mark_all_leaves_what_arrives_meanwhile);
    tcase_add_test(tc, a_purge_takes_batches_and_eight_at_once_each_row_once);
    tcase_add_test(tc, a_task_is_made_in_one_s_own_name_for_who_may_have_it);
    tcase_add_loop_test(tc, a_task_moves_as_the_table_says_and_completed_at_follows, 0, 16);
    tcase_add_test(tc, the_moves_of_a_task_are_these);
    tcase_add_test(tc, who_may_not_move_a_task);
    tcase_add_test(tc, of_eight_who_complete_a_task_all_find_it_completed_once);
    tcase_add_test(tc, urgent_tasks_come_first_then_the_due_ones_and_pages_lose_none);
    suite_add_tcase(suite, tc);
    return suite;
}
