/* audit/evidence - what an auditor is told is what the database is: its roles, tables and policies, and what the trail holds. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_evidence_list *facts;

static void
setup(void)
{
    fixture_open_tenant();
    fixture_empty_trail();
    fixture_insert(HG_TABLE_JOBS);
    sql_do("INSERT INTO audit_logs (action, resource_type, new_values, created_at) VALUES"
           " ('select', 'jobs', '{\"_meta\": {\"op\": \"denied\"}}', '2026-01-01'),"
           " ('privacy.erase', 'users', '{\"_meta\": {\"op\": \"event\"}}', '2026-01-02'),"
           " ('privacy.erase', 'users', '{\"_meta\": {\"op\": \"event\"}}', '2026-01-03'),"
           " ('gdpr.export', 'users', '{\"_meta\": {\"op\": \"event\"}}', '2026-01-04'),"
           " ('privacy.erase', 'users', '{\"_meta\": {\"op\": \"insert\"}}', '2026-01-05')");
    ck_ok(hg_evidence(service, NULL, &facts, &err), err);
}

static void
teardown(void)
{
    hg_evidence_list_free(facts);
    fixture_close();
}

/* The fact of an item, as text in JSON's form; NULL: there is no such item. */
static const char *
fact(const char *section, const char *item, const char *name)
{
    for (size_t i = 0; i < hg_evidence_list_count(facts); i++) {
        const hg_evidence_row *row = hg_evidence_list_at(facts, i);

        if (strcmp(row->section.ptr, section) == 0 && strcmp(row->item.ptr, item) == 0)
            return sql_text("SELECT $json$%s$json$::jsonb ->> '%s'", row->facts.ptr, name);
    }
    return NULL;
}

static int
items(const char *section)
{
    int count = 0;

    for (size_t i = 0; i < hg_evidence_list_count(facts); i++)
        count += strcmp(hg_evidence_list_at(facts, i)->section.ptr, section) == 0;
    return count;
}

static const char tables[] = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";

START_TEST(tables_roles_and_policies_are_those_of_the_database)
{
    ck_assert_int_eq(items("table"), sql_int("%s", tables));
    ck_assert_int_eq(items("policy"), sql_int("SELECT count(*) FROM pg_policies WHERE schemaname = 'public'"));
    ck_assert_int_eq(items("columns"), 5 * sql_int("%s", tables));
    ck_assert_str_eq(fact("table", "users", "row_security"), "true");
    ck_assert_str_eq(fact("table", "users", "forced"), "true");
    ck_assert_str_eq(fact("table", "users", "audited"), "true");
    ck_assert_str_eq(fact("role", "hotgigs_candidate", "bypasses_row_security"), "false");
    ck_assert_ptr_nonnull(strstr(fact("columns", "hotgigs_company users", "hidden"), "password_hash"));
    ck_assert_str_eq(fact("server", sql_text("SELECT current_database()"), "migrations"),
                     fixture_text("%ld", sql_int("SELECT count(*) FROM hotgigs.schema_history")));
}
END_TEST

START_TEST(the_trail_is_counted)
{
    ck_assert_str_eq(fact("trail", "audit_logs", "entries"), fixture_text("%ld", sql_int("SELECT count(*) FROM audit_logs")));
    ck_assert_str_eq(fact("trail", "audit_logs", "denied"), "1");
    ck_assert_str_eq(fact("trail", "audit_logs", "sealed"), "0");
    ck_assert_int_eq(items("erasure"), 2);
    ck_assert_str_eq(fact("erasure", "privacy.erase", "times"), "2");
    ck_assert_str_eq(fact("erasure", "privacy.erase", "last"), "2026-01-03T00:00:00");
    ck_assert_str_eq(fact("erasure", "gdpr.export", "times"), "1");
}
END_TEST

Suite *
suite_audit_evidence(void)
{
    Suite *suite = suite_create("audit/evidence");
    TCase *tcase = tcase_create("evidence");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, tables_roles_and_policies_are_those_of_the_database);
    tcase_add_test(tcase, the_trail_is_counted);
    suite_add_tcase(suite, tcase);
    return suite;
}
