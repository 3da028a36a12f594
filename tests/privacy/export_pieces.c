/* privacy/export_pieces - the document comes piece by piece, of one snapshot, in bounded memory, and never without its entry in
 * the audit trail. */
#include "operations/ask.h"
#include "privacy/exported.h"
#include "privacy/person.h"
#include "suites.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static long
entries_of(const hg_uuid *user)
{
    return sql_int("SELECT count(*) FROM audit_logs WHERE action = 'gdpr.export' AND resource_id = '%s'", uuid_text(user));
}

/* The same parts as the document in one piece has, in another road. */
START_TEST(the_pieces_are_the_document)
{
    person p = person_new();
    document d = document_read(service, &p.id, _i);
    long same;

    ck_assert_str_eq(d.sha256, sql_text("SELECT encode(sha256(convert_to($x$%s$x$, 'UTF8')), 'hex')", d.text));
    ck_ok(ask(service, "privacy_export", "{'user_id': '%s', 'is_portable': %s}", uuid_text(&p.id), _i ? "true" : "false"), err);
    same = sql_int("SELECT ((a - 'generated_at' - 'tables' - 'disclosures') = (b - 'generated_at' - 'tables' - 'disclosures')"
                   " AND (a -> 'tables') - 'audit_logs' = (b -> 'tables') - 'audit_logs')::int"
                   " FROM (SELECT $x$%s$x$::jsonb AS a, $x$%s$x$::jsonb AS b) d", d.text, answer("document"));
    ck_assert_msg(same == 1, "the document in pieces differs from that in one piece: %.2000s", d.text);
    ck_assert_int_eq(entries_of(&p.id), 2);
    ck_assert_str_eq(sql_text("SELECT new_values ->> 'scope' FROM audit_logs WHERE action = 'gdpr.export' AND resource_id = '%s'"
                              " ORDER BY created_at LIMIT 1", uuid_text(&p.id)), _i ? "portability" : "access");
}
END_TEST

static long
peak_kb(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Reads all of it and keeps nothing. */
static size_t
length_of(const hg_uuid *user, size_t *longest)
{
    hg_export *export_;
    const char *ptr;
    size_t len, all = 0;

    *longest = 0;
    ck_ok(hg_privacy_export_open(service, user, HG_EXPORT_ACCESS, &export_, &err), err);
    do {
        ck_ok(hg_privacy_export_next(export_, &ptr, &len, &err), err);
        all += len;
        *longest = len > *longest ? len : *longest;
    } while (ptr != NULL);
    hg_privacy_export_close(export_);
    return all;
}

/* Fewer rows than 10,000 would not fill what AddressSanitizer keeps of freed memory: libpq 17 gives them in large results. */
START_TEST(peak_memory_does_not_grow_with_the_number_of_rows)
{
    hg_uuid few = fixture_user(HG_USER_USER_TYPE_CANDIDATE), many = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    const char *insert = "INSERT INTO %s SELECT '%s', 'viewed', %s FROM generate_series(1, %d)";
    size_t longest, all;
    long before, after;

    sql_do("SET session_replication_role = replica");      /* a trail of these rows would cost more than they */
    sql_do(insert, "analytics_events (user_id, event_type, event_data)", uuid_text(&few), "jsonb_build_object('n', 1)", 20000);
    sql_do(insert, "analytics_events (user_id, event_type, event_data)", uuid_text(&many), "jsonb_build_object('n', 1)", 50000);
    sql_do(insert, "notifications (user_id, notification_type, title, message)", uuid_text(&many), "'t', repeat('m', 60)", 50000);
    length_of(&few, &longest);
    before = peak_kb();
    all = length_of(&many, &longest);
    after = peak_kb();
    printf("100000 rows, %zu bytes: peak %ld kB, with 20000 rows %ld kB\n", all, after, before);
    sql_do("DELETE FROM notifications WHERE user_id = '%s'", uuid_text(&many));
    sql_do("DELETE FROM analytics_events WHERE user_id IN ('%s', '%s')", uuid_text(&many), uuid_text(&few));
    sql_do("RESET session_replication_role");
    ck_assert_uint_gt(all, 20 * 1000 * 1000);
    ck_assert_uint_lt(longest, 64 * 1024);
    ck_assert_msg(after - before < 1024, "peak memory grew from %ld to %ld kB", before, after);
}
END_TEST

/* ---- One snapshot ------------------------------------------------------------------------------------------------------ */

typedef struct writer {
    PGconn      *raw;
    const char  *sql;            /* writes one number into two tables, in one transaction */
    volatile int stop;
    int          times;
} writer;

static void *
write_on(void *arg)
{
    writer *w = arg;

    for (; !w->stop; w->times++)
        PQclear(PQexec(w->raw, w->sql));
    return NULL;
}

/* Between the two tables lie thousands of rows of others. */
START_TEST(it_is_of_one_snapshot_while_others_write)
{
    hg_uuid id = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    writer w = { .raw = sql_connect(fixture_dsn("ADMIN")) };
    pthread_t thread;

    sql_do("INSERT INTO candidate_profiles (user_id, headline) VALUES ('%s', '0'); UPDATE users SET last_name = '0' WHERE id = '%s';"
           "INSERT INTO notifications (user_id, notification_type, title, message) SELECT '%s', 'n', 't', 'm'"
           " FROM generate_series(1, 2000)", uuid_text(&id), uuid_text(&id), uuid_text(&id));
    w.sql = fixture_text("WITH u AS (UPDATE users SET last_name = (last_name::int + 1)::text WHERE id = '%s' RETURNING last_name)"
                         " UPDATE candidate_profiles SET headline = u.last_name FROM u WHERE user_id = '%s'", uuid_text(&id),
                         uuid_text(&id));
    ck_assert_int_eq(pthread_create(&thread, NULL, write_on, &w), 0);
    for (int i = 0; i < 8; i++) {
        document d = document_read(service, &id, HG_EXPORT_ACCESS);
        cJSON *tree = document_tree(&d);
        const cJSON *user = cJSON_GetArrayItem(document_rows(tree, "users"), 0);
        const cJSON *profile = cJSON_GetArrayItem(document_rows(tree, "candidate_profiles"), 0);

        ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(profile, "headline")),
                         cJSON_GetStringValue(cJSON_GetObjectItem(user, "last_name")));
        cJSON_Delete(tree);
    }
    w.stop = 1;
    pthread_join(thread, NULL);
    PQfinish(w.raw);
    ck_assert_int_gt(w.times, 8);
    sql_do("DELETE FROM notifications WHERE user_id = '%s'", uuid_text(&id));
}
END_TEST

/* ---- Its end ----------------------------------------------------------------------------------------------------------- */

/* Closed early it is on record all the same, and the connection is as before. */
START_TEST(closing_early_keeps_the_entry_and_frees_the_connection)
{
    person p = person_new();
    hg_export *export_;
    const char *ptr;
    uint8_t sha256[HG_EXPORT_SHA256_SIZE];
    size_t len;

    sql_do("INSERT INTO analytics_events (user_id, event_type, event_data)"
           " SELECT '%s', 'viewed', jsonb_build_object('k', repeat('x', 1000)) FROM generate_series(1, 2000)", uuid_text(&p.id));
    ck_ok(hg_privacy_export_open(service, &p.id, HG_EXPORT_ACCESS, &export_, &err), err);
    ck_assert_int_eq(entries_of(&p.id), 1);                /* before the first piece */
    if (_i > 0)
        ck_ok(hg_privacy_export_next(export_, &ptr, &len, &err), err);
    ck_status(ask(service, "privacy_export", "{'user_id': '%s'}", uuid_text(&p.id)), HG_E_STATE, err);
    ck_status(hg_privacy_export_sha256(export_, sha256, &err), HG_E_STATE, err);
    hg_privacy_export_close(export_);
    ck_assert_int_eq(entries_of(&p.id), 1);
    ck_ok(ask(service, "privacy_export", "{'user_id': '%s'}", uuid_text(&p.id)), err);
}
END_TEST

START_TEST(two_round_trips_and_none_for_a_piece)
{
    person p = person_new();
    uint64_t before;

    document_read(service, &p.id, HG_EXPORT_ACCESS);       /* prepares */
    before = conn_stats(service).round_trips;
    document_read(service, &p.id, HG_EXPORT_ACCESS);
    ck_assert_uint_eq(conn_stats(service).round_trips - before, 2);
}
END_TEST

START_TEST(one_gets_ones_own_and_nobody_elses)
{
    static const int32_t roles[] = { HG_ROLE_CANDIDATE, HG_ROLE_COMPANY, HG_ROLE_FREELANCER };
    static const int32_t types[] = { HG_USER_USER_TYPE_CANDIDATE, HG_USER_USER_TYPE_COMPANY, HG_USER_USER_TYPE_FREELANCE_RECRUITER };
    hg_uuid me = fixture_user(types[_i]), other = fixture_user(types[_i]);
    hg_export *export_;
    document d;

    act_as(roles[_i], &me);
    d = document_read(tenant, &me, HG_EXPORT_ACCESS);
    ck_assert_ptr_nonnull(strstr(d.text, uuid_text(&me)));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM audit_logs WHERE action = 'gdpr.export' AND user_id = '%s'", uuid_text(&me)), 1);
    ck_status(hg_privacy_export_open(tenant, &other, HG_EXPORT_ACCESS, &export_, &err), HG_E_NOT_FOUND, err);
    ck_assert_ptr_null(export_);
    act_as(HG_ROLE_ANON, NULL);
    ck_status(hg_privacy_export_open(tenant, &me, HG_EXPORT_ACCESS, &export_, &err), HG_E_DENIED, err);
    ck_assert_int_eq(entries_of(&other), 0);
}
END_TEST

/* ---- Raw SQL --------------------------------------------------------------------------------------------------------- */

/* The first cell; its SQLSTATE after a failure. */
static const char *
raw_text(PGconn *raw, const char *sql)
{
    PGresult *result = PQexec(raw, sql);
    const char *said = PQresultStatus(result) == PGRES_TUPLES_OK ? PQgetvalue(result, 0, 0)
                                                                 : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *kept = fixture_text("%s", said != NULL ? said : "");

    PQclear(result);
    return kept;
}

static void
raw_begin(PGconn *raw, const hg_uuid *user)
{
    raw_text(raw, fixture_text("BEGIN; SELECT set_config('role', 'hotgigs_candidate', true),"
                               " set_config('request.jwt.claims', '{\"sub\": \"%s\"}', true)", uuid_text(user)));
}

/* Whoever speaks SQL himself gets no row that is not on record for good: not in the transaction that could take the entry back,
 * not by another's entry, not by one of yesterday, not by none. */
START_TEST(raw_sql_gets_no_row_without_a_record)
{
    hg_uuid me = fixture_user(HG_USER_USER_TYPE_CANDIDATE), other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    const char *count = "SELECT count(*) > 5 FROM hotgigs.privacy_export_rows('%s')", *mine, *his;
    PGconn *raw = sql_connect(fixture_dsn("LOGIN"));

    act_as(HG_ROLE_CANDIDATE, &other);
    document_read(tenant, &other, HG_EXPORT_ACCESS);
    his = sql_text("SELECT id FROM audit_logs WHERE action = 'gdpr.export' AND resource_id = '%s'", uuid_text(&other));
    raw_begin(raw, &me);
    mine = raw_text(raw, fixture_text("SELECT hotgigs.privacy_export_begin('%s', false)", uuid_text(&me)));
    ck_assert_str_eq(raw_text(raw, fixture_text(count, mine)), "HG012");
    raw_text(raw, "ROLLBACK");
    raw_begin(raw, &me);
    ck_assert_str_eq(raw_text(raw, fixture_text(count, his)), "HG001");
    raw_text(raw, "ROLLBACK");
    raw_begin(raw, &me);
    mine = raw_text(raw, fixture_text("SELECT hotgigs.privacy_export_begin('%s', false)", uuid_text(&me)));
    raw_text(raw, "COMMIT");
    raw_begin(raw, &me);
    ck_assert_str_eq(raw_text(raw, fixture_text(count, mine)), "t");
    raw_text(raw, "COMMIT");
    sql_do("SET session_replication_role = replica; UPDATE audit_logs SET created_at = created_at - interval '1 day' WHERE id = '%s';"
           "SET session_replication_role = origin", mine);
    raw_begin(raw, &me);
    ck_assert_str_eq(raw_text(raw, fixture_text(count, mine)), "HG001");
    PQfinish(raw);
    sql_do("SET session_replication_role = replica; UPDATE audit_logs SET created_at = created_at + interval '1 day' WHERE id = '%s';"
           "SET session_replication_role = origin", mine);
}
END_TEST

START_TEST(wrong_use_is_refused_before_anything_is_sent)
{
    hg_uuid me = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_export *export_ = NULL;
    const char *ptr;
    size_t len;
    uint8_t sha256[HG_EXPORT_SHA256_SIZE];
    uint64_t before = conn_stats(service).round_trips;

    ck_status(hg_privacy_export_open(NULL, &me, 0, &export_, &err), HG_E_INVALID, err);
    ck_status(hg_privacy_export_open(service, NULL, 0, &export_, &err), HG_E_INVALID, err);
    ck_status(hg_privacy_export_open(service, &me, 0, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_privacy_export_open(service, &me, 2, &export_, &err), HG_E_INVALID, err);
    ck_status(hg_privacy_export_next(NULL, &ptr, &len, &err), HG_E_INVALID, err);
    ck_status(hg_privacy_export_sha256(NULL, sha256, &err), HG_E_INVALID, err);
    hg_privacy_export_close(NULL);
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_status(hg_privacy_export_open(service, &me, 0, &export_, &err), HG_E_STATE, err);
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_assert_uint_eq(conn_stats(service).round_trips, before);
    ck_ok(hg_privacy_export_open(service, &me, 0, &export_, &err), err);
    ck_status(hg_privacy_export_next(export_, NULL, &len, &err), HG_E_INVALID, err);
    ck_status(hg_privacy_export_next(export_, &ptr, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_privacy_export_sha256(export_, NULL, &err), HG_E_INVALID, err);
    hg_privacy_export_close(export_);
}
END_TEST

/* The server goes while it is read: an error, and never the end of a document. */
START_TEST(a_lost_connection_is_no_end)
{
    person p = person_new();
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
    hg_status st = HG_OK;
    hg_export *export_;
    const char *ptr = "";
    size_t len;

    sql_do("INSERT INTO analytics_events (user_id, event_type, event_data)"
           " SELECT '%s', 'viewed', jsonb_build_object('k', repeat('x', 1000)) FROM generate_series(1, 20000)", uuid_text(&p.id));
    ck_ok(hg_privacy_export_open(conn, &p.id, HG_EXPORT_ACCESS, &export_, &err), err);
    ck_ok(hg_privacy_export_next(export_, &ptr, &len, &err), err);
    if (_i == 0) {
        kill_backend(conn);
        while (st == HG_OK && ptr != NULL)
            st = hg_privacy_export_next(export_, &ptr, &len, &err);
        ck_status(st, HG_E_CONNECTION, err);
        ck_status(hg_privacy_export_next(export_, &ptr, &len, &err), HG_E_STATE, err);
        hg_privacy_export_close(export_);
        hg_conn_close(conn);
    } else {
        hg_conn_close(conn);
        ck_status(hg_privacy_export_next(export_, &ptr, &len, &err), HG_E_STATE, err);
        hg_privacy_export_close(export_);
    }
    sql_do("DELETE FROM analytics_events WHERE user_id = '%s'", uuid_text(&p.id));
}
END_TEST

/* ---- Without memory ---------------------------------------------------------------------------------------------------- */

static hg_status
export_all(const hg_uuid *id)
{
    uint8_t sha256[HG_EXPORT_SHA256_SIZE];
    hg_export *export_ = (hg_export *)(void *)&export_;
    const char *ptr = "";
    size_t len;
    hg_status st = hg_privacy_export_open(service, id, HG_EXPORT_PORTABLE, &export_, &err);

    ck_assert(st == HG_OK || export_ == NULL);
    while (st == HG_OK && ptr != NULL)
        st = hg_privacy_export_next(export_, &ptr, &len, &err);
    if (st != HG_OK)
        ck_assert_int_ne(hg_privacy_export_sha256(export_, sha256, NULL), HG_OK);
    hg_privacy_export_close(export_);
    return st;
}

START_TEST(each_allocation_fails_once)
{
    hg_uuid id = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    document d = document_read(service, &id, HG_EXPORT_PORTABLE);
    uint8_t sha256[HG_EXPORT_SHA256_SIZE];
    long reached, live, failures[2] = { 0, 0 };
    hg_status st;

    for (int i = 0; i < HG_EXPORT_SHA256_SIZE; i++)
        sscanf(d.sha256 + 2 * i, "%2hhx", &sha256[i]);
    sql_do("DELETE FROM users WHERE id = '%s'", uuid_text(&id));
    for (int what = 0; what < 2; what++)
        for (long n = 1;; n++) {
            live = hgi_live_blocks();
            hgi_fault_at(n);
            st = what == 0 ? hg_privacy_import(service, d.text, d.len, sha256, NULL, &err) : export_all(&id);
            reached = hgi_fault_count();
            hgi_fault_at(0);
            ck_assert_msg(st == HG_OK || st == HG_E_NOMEM, "allocation %ld gave %s: %s", n, hg_status_name(st), err.message);
            ck_assert_msg(st == HG_OK || hgi_live_blocks() <= live + 2, "allocation %ld: %ld blocks before, %ld after", n, live,
                          hgi_live_blocks());          /* a statement may have been kept for the next time */
            ck_assert_int_eq(hg_tx_is_open(service), 0);
            failures[what] += st != HG_OK;
            if (st == HG_OK)
                break;
        }
    ck_assert_msg(reached > 0 && failures[0] > 3 && failures[1] > 1, "%ld and %ld allocations were made to fail", failures[0], failures[1]);
}
END_TEST

Suite *
suite_privacy_export_pieces(void)
{
    Suite *s = suite_create("privacy/export_pieces");
    TCase *t = tcase_create("pieces");

    tcase_add_checked_fixture(t, fixture_open_tenant, fixture_close);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, the_pieces_are_the_document, 0, 2);
    tcase_add_test(t, peak_memory_does_not_grow_with_the_number_of_rows);
    tcase_add_test(t, it_is_of_one_snapshot_while_others_write);
    tcase_add_loop_test(t, closing_early_keeps_the_entry_and_frees_the_connection, 0, 2);
    tcase_add_test(t, two_round_trips_and_none_for_a_piece);
    tcase_add_loop_test(t, one_gets_ones_own_and_nobody_elses, 0, 3);
    tcase_add_test(t, raw_sql_gets_no_row_without_a_record);
    tcase_add_test(t, wrong_use_is_refused_before_anything_is_sent);
    tcase_add_loop_test(t, a_lost_connection_is_no_end, 0, 2);
    tcase_add_test(t, each_allocation_fails_once);
    suite_add_tcase(s, t);
    return s;
}
