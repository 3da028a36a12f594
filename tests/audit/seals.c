/* audit/seals - who changes the audit trail behind its triggers, as the owner even, is found out; who erases by the door
 * that is there for it is not taken for him. In a database of its own; each test is a transaction that is rolled back. */
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "policies/policies.h"
#include "suites.h"

#define ADA "00000000-0000-4000-8000-00000000000a"
#define SEAL "SELECT concat_ws(' ', seal, entries, length(root)) FROM hotgigs.audit_seal(100000)"
#define VERIFY "SELECT concat_ws(' | ', problem, seal, place, entry_id) FROM hotgigs.audit_verify(NULL, NULL, NULL)"
#define VICTIM "(SELECT entry_id FROM hotgigs.audit_leaves WHERE seal = 2 AND place = 3)"
#define OTHER  "(SELECT entry_id FROM hotgigs.audit_leaves WHERE seal = 2 AND place = 5)"
/* What the owner can do, and nobody else. */
#define DISARM "ALTER TABLE audit_logs DISABLE TRIGGER USER;"

static PGconn *owner;

static void
run(const char *sql)
{
    ck_assert_msg(policy_do(owner, sql) == 0, "%s: %s", sql, PQerrorMessage(owner));
}

static void
ck_answer(const char *sql, const char *want)
{
    char *text = policy_ask(owner, sql), got[256];

    snprintf(got, sizeof got, "%s", text);
    free(text);                     /* before make() may fail: it runs in the process of all tests, which would be told of the leak */
    ck_assert_msg(strcmp(got, want) == 0, "%s: \"%s\", want \"%s\"", sql, got, want);
}

static void
ck_seal(const char *want)
{
    fixture_settle_trail(owner);
    ck_answer(SEAL, want);
}

/* Three seals: Ada's row; 4 tasks and a change by Ada; 4 changes. And one entry that is not sealed yet. */
static void
make(void)
{
    ck_assert_msg(policy_database_make("hotgigs_audit", NULL) == 0, "the database cannot be made");
    owner = policy_connect("ADMIN", "hotgigs_audit");
    ck_assert_ptr_nonnull(owner);
    run("INSERT INTO users (id, email, user_type, first_name) VALUES ('" ADA "', 'ada@mail.test', 'candidate', 'Ada')");
    ck_seal("1 1 64");
    run("SELECT set_config('request.jwt.claim.sub', '" ADA "', false), set_config('hotgigs.audit', '{\"ip\": \"192.0.2.1\"}', false)");
    run("INSERT INTO tasks (title) SELECT 'task ' || i FROM generate_series(1, 4) i");
    run("UPDATE users SET phone = 'x555'");                /* x: no id has it */
    ck_seal("2 5 64");
    run("UPDATE tasks SET title = 'changed', notes = 'n'");
    ck_seal("3 4 64");
    run("SELECT set_config('request.jwt.claim.sub', '', false), set_config('hotgigs.audit', '', false)");
    run("UPDATE users SET last_name = 'L'");
    fixture_settle_trail(owner);
    PQfinish(owner);
}

static void
drop(void)
{
    policy_database_drop("hotgigs_audit");
}

static void
begin(void)
{
    owner = policy_connect("ADMIN", "hotgigs_audit");
    ck_assert_ptr_nonnull(owner);
    run("BEGIN; SET LOCAL ROLE hotgigs_owner");
}

static void
roll_back(void)
{
    run("ROLLBACK");
    PQfinish(owner);
}

/* ---- Attacks -------------------------------------------------------------------------------------------------------- */

/* entry: the one that must be named; "" for none. */
static const struct { const char *name, *sql, *problem, *entry; } attacks[] = {
    { "what was done is changed", DISARM "UPDATE audit_logs SET action = 'x' WHERE id = " VICTIM,
      "entry changed: what, when or which row", VICTIM },
    { "the row is changed", DISARM "UPDATE audit_logs SET resource_id = gen_random_uuid() WHERE id = " VICTIM,
      "entry changed: what, when or which row", VICTIM },
    { "the role is changed", DISARM "UPDATE audit_logs SET new_values = jsonb_set(new_values, '{_meta,role}', '\"x\"')"
      " WHERE id = " VICTIM, "entry changed: what, when or which row", VICTIM },
    { "who did it is removed", DISARM "UPDATE audit_logs SET user_id = NULL WHERE id = " VICTIM, "entry changed: who", VICTIM },
    { "the address is changed", DISARM "UPDATE audit_logs SET ip_address = '192.0.2.2' WHERE id = " VICTIM,
      "entry changed: address or user agent", VICTIM },
    { "a value is changed", DISARM "UPDATE audit_logs SET new_values = jsonb_set(new_values, '{title}', '\"x\"') WHERE id = " VICTIM,
      "entry changed: values", VICTIM },
    { "values are emptied without the door", DISARM "UPDATE audit_logs SET old_values = NULL, new_values = jsonb_build_object("
      "'_meta', new_values -> '_meta') WHERE id = " VICTIM, "entry changed: values", VICTIM },
    { "an entry is deleted", DISARM "DELETE FROM audit_logs WHERE id = " VICTIM, "entry deleted", VICTIM },
    { "two entries change places in time", DISARM "UPDATE audit_logs a SET created_at = b.created_at FROM audit_logs b"
      " WHERE (a.id, b.id) IN ((" VICTIM ", " OTHER "), (" OTHER ", " VICTIM "))", "entry changed: what, when or which row", VICTIM },
    { "two leaves change places", "UPDATE hotgigs.audit_leaves SET place = 99 WHERE entry_id = " VICTIM ";"
      "UPDATE hotgigs.audit_leaves SET place = 3 WHERE seal = 2 AND place = 5;"
      "UPDATE hotgigs.audit_leaves SET place = 5 WHERE seal = 2 AND place = 99", "leaf changed",
      "(SELECT l.entry_id FROM hotgigs.audit_leaves l WHERE l.seal = 2 AND l.place = 3)" },
    { "a leaf is deleted", "DELETE FROM hotgigs.audit_leaves WHERE entry_id = " VICTIM, "leaf missing before this one",
      "(SELECT entry_id FROM hotgigs.audit_leaves WHERE seal = 2 AND place = 4)" },
    { "an entry and its leaf are deleted", DISARM "DELETE FROM audit_logs WHERE id = " VICTIM ";"
      "DELETE FROM hotgigs.audit_leaves WHERE entry_id = " VICTIM, "leaf missing before this one",
      "(SELECT entry_id FROM hotgigs.audit_leaves WHERE seal = 2 AND place = 4)" },
    { "the last leaf of a seal is deleted", "DELETE FROM hotgigs.audit_leaves WHERE seal = 3 AND place = 4",
      "seal changed, or leaves missing at its end", "(SELECT entry_id FROM hotgigs.audit_leaves WHERE seal = 3 AND place = 3)" },
    { "a whole seal loses its leaves", "DELETE FROM hotgigs.audit_leaves WHERE seal = 3", "leaves missing", "" },
    { "a seal's root is changed", "UPDATE hotgigs.audit_seals SET root = sha256('x') WHERE seal = 2",
      "seal changed, or leaves missing at its end", OTHER },
    { "an entry is changed, and its leaf with it", DISARM "UPDATE audit_logs SET action = 'x' WHERE id = " VICTIM ";"
      "UPDATE hotgigs.audit_leaves l SET fixed = hotgigs.audit_commitment('', to_jsonb(ARRAY[l.seal, l.place]) || p.fixed)"
      " FROM audit_logs a, hotgigs.audit_parts(a) p WHERE a.id = l.entry_id AND a.id = " VICTIM, "leaf changed", VICTIM },
    { "an entry is slipped in", DISARM "INSERT INTO audit_logs (action, resource_type, created_at) VALUES ('x', 'y', '2020-01-01')",
      "entry inserted behind the triggers", "(SELECT id FROM audit_logs WHERE action = 'x')" },
    { "a sealed entry is doubled", DISARM "INSERT INTO audit_logs SELECT gen_random_uuid(), user_id, 'doubled', resource_type,"
      " resource_id, old_values, new_values, ip_address, user_agent, created_at FROM audit_logs WHERE id = " VICTIM,
      "entry inserted behind the triggers", "(SELECT id FROM audit_logs WHERE action = 'doubled')" },
    { "the salts go without the values", "DELETE FROM hotgigs.audit_salts WHERE entry_id = " VICTIM, "salts deleted", VICTIM },
    { "a change passes itself off as redaction", DISARM "UPDATE audit_logs SET new_values = jsonb_set(new_values, '{title}',"
      " '\"x\"') WHERE id = " VICTIM "; UPDATE hotgigs.audit_salts SET payload = NULL WHERE entry_id = " VICTIM,
      "entry changed: values, after it was redacted", VICTIM },
    { "another doer passes himself off as redaction", DISARM "UPDATE audit_logs SET new_values = jsonb_set(new_values,"
      " '{_meta,actor}', '\"x\"'), user_id = NULL WHERE id = " VICTIM "; UPDATE hotgigs.audit_salts SET identity = NULL"
      " WHERE entry_id = " VICTIM, "entry changed: who, after it was redacted", VICTIM },
};

START_TEST(attack_is_found)
{
    char *before = policy_ask(owner, "SELECT " VICTIM), *named = NULL;
    char sql[1024];

    ck_answer(VERIFY, "");
    run(attacks[_i].sql);
    ck_answer("SELECT problem FROM hotgigs.audit_verify(NULL, NULL, NULL)", attacks[_i].problem);
    if (attacks[_i].entry[0] != '\0') {
        snprintf(sql, sizeof sql, "SELECT %s", strcmp(attacks[_i].entry, VICTIM) == 0 ? "" : attacks[_i].entry);
        named = strcmp(attacks[_i].entry, VICTIM) == 0 ? strdup(before) : policy_ask(owner, sql);
        ck_answer("SELECT entry_id FROM hotgigs.audit_verify(NULL, NULL, NULL)", named);
    }
    free(named);
    free(before);
}
END_TEST

/* Whoever knows all of this rewrites the chain from the change to its end. Then the root that was exported tells. */
START_TEST(a_chain_that_was_rewritten_to_its_end_has_another_root)
{
    char *known = policy_ask(owner, "SELECT root FROM hotgigs.audit_root()");
    char sql[256];

    snprintf(sql, sizeof sql, "SELECT problem FROM hotgigs.audit_verify(NULL, 3, '%s')", known);
    ck_answer(sql, "");
    run(DISARM "DELETE FROM audit_logs WHERE id IN (SELECT entry_id FROM hotgigs.audit_leaves WHERE seal = 3);"
        "DELETE FROM hotgigs.audit_leaves WHERE seal = 3; DELETE FROM hotgigs.audit_seals WHERE seal = 3");
    ck_answer(VERIFY, "");
    ck_answer(sql, "root is not the one that was exported");
    free(known);
}
END_TEST

START_TEST(verifying_can_begin_at_a_later_seal)
{
    run(DISARM "UPDATE audit_logs SET action = 'x' WHERE id = " VICTIM);
    ck_answer("SELECT concat_ws(' ', problem, seals, entries, unsealed) FROM hotgigs.audit_verify(3, NULL, NULL)", "1 4 1");
    run("UPDATE hotgigs.audit_seals SET root = sha256('x') WHERE seal = 2");
    ck_answer("SELECT problem FROM hotgigs.audit_verify(3, NULL, NULL)", "leaf changed");
}
END_TEST

/* ---- Redaction ------------------------------------------------------------------------------------------------------ */

START_TEST(redaction_empties_and_the_trail_still_verifies)
{
    ck_answer("SELECT count(*) FROM audit_logs WHERE old_values::text || new_values::text ~ '(Ada|ada@|x555)'"
              " OR new_values::text ~ '(Ada|ada@|x555)' OR ip_address IS NOT NULL", "10");
    ck_answer("SELECT hotgigs.audit_redact('" ADA "', '{users}', '{" ADA "}', false)", "11");

    ck_answer("SELECT count(*) FROM audit_logs WHERE old_values::text ~ '(Ada|ada@|x555)' OR new_values::text ~ '(Ada|ada@|x555)'"
              " OR ip_address IS NOT NULL", "0");
    ck_answer("SELECT count(*) FROM audit_logs WHERE user_id = '" ADA "'", "9");
    ck_answer("SELECT count(*) FROM audit_logs WHERE new_values ->> 'title' = 'changed'", "4");
    ck_answer("SELECT concat_ws(' ', problem, entries, redacted) FROM hotgigs.audit_verify(NULL, NULL, NULL)", "10 10");
    run(DISARM "UPDATE audit_logs SET new_values = new_values || '{\"title\": \"x\"}' WHERE resource_type = 'users'"
        " AND action = 'insert'");
    ck_answer("SELECT problem FROM hotgigs.audit_verify(NULL, NULL, NULL)", "entry changed: values, after it was redacted");
}
END_TEST

START_TEST(forgetting_removes_the_id_and_deleting_keeps_it)
{
    run("RESET ROLE; DELETE FROM users WHERE id = '" ADA "'");
    ck_answer(VERIFY, "");
    ck_answer("SELECT count(*) FROM audit_logs WHERE user_id IS NULL AND new_values #>> '{_meta,actor}' = '" ADA "'", "9");
    ck_answer("SELECT kind FROM hotgigs.audit_deleted('{email}', NULL)", "");
    ck_answer("SELECT id FROM hotgigs.audit_deleted('{id}', '{" ADA "}')", ADA);

    ck_answer("SELECT hotgigs.audit_redact('" ADA "', '{users}', '{" ADA "}', true)", "12");
    ck_answer("SELECT count(*) FROM audit_logs WHERE new_values::text ~ '" ADA "' OR old_values::text ~ '" ADA "'", "0");
    ck_answer(VERIFY, "");
}
END_TEST

START_TEST(salts_go_with_what_they_hid)
{
    ck_answer("SELECT count(*) FROM hotgigs.audit_salts WHERE identity IS NULL OR network IS NULL OR payload IS NULL", "0");
    run("SELECT hotgigs.audit_redact('" ADA "', '{users}', '{" ADA "}', false)");
    ck_answer("SELECT count(*) FROM hotgigs.audit_salts WHERE payload IS NULL", "2");
    ck_answer("SELECT count(*) FROM hotgigs.audit_salts WHERE network IS NULL", "9");
    ck_answer("SELECT count(*) FROM hotgigs.audit_salts WHERE identity IS NULL", "0");
    run("SELECT hotgigs.audit_redact('" ADA "', '{}', '{}', true)");
    ck_answer("SELECT count(*) FROM hotgigs.audit_salts WHERE identity IS NULL", "9");
    ck_answer(VERIFY, "");
}
END_TEST

/* ---- Sealing -------------------------------------------------------------------------------------------------------- */

/* Beside a transaction that is older than what it could seal, and beside another sealer. */
START_TEST(only_what_is_settled_is_sealed_and_by_one_at_a_time)
{
    PGconn *old = policy_connect("ADMIN", "hotgigs_audit"), *writer = policy_connect("ADMIN", "hotgigs_audit");
    PGconn *sealer = policy_connect("ADMIN", "hotgigs_audit");
    char *first, *second;

    run("ROLLBACK; BEGIN");
    policy_do(old, "BEGIN; INSERT INTO tasks (title) VALUES ('late')");
    policy_do(writer, "UPDATE users SET last_name = last_name || 'L'");
    ck_answer("SELECT count(*) FROM hotgigs.audit_unsealed", "2");
    ck_answer(SEAL, "4 1 64");                                  /* what was there before */
    first = policy_ask(sealer, SEAL);                           /* while this one is at it */
    ck_assert_str_eq(first, "");
    run("COMMIT");
    second = policy_ask(sealer, SEAL);                          /* the writer's entry is younger than 'late' */
    ck_assert_str_eq(second, "");
    free(second);
    policy_do(old, "COMMIT");
    fixture_settle_trail(owner);
    second = policy_ask(sealer, SEAL);
    ck_assert_str_eq(second, "5 2 64");
    ck_answer(VERIFY, "");
    free(first);
    free(second);
    PQfinish(old);
    PQfinish(writer);
    PQfinish(sealer);
    run("BEGIN");
}
END_TEST

START_TEST(an_entry_that_goes_before_it_is_sealed_is_missed)
{
    run("ROLLBACK");
    run("UPDATE users SET last_name = last_name || 'N'");
    run("BEGIN; " DISARM "DELETE FROM audit_logs WHERE id = (SELECT ids[1] FROM hotgigs.audit_unsealed LIMIT 1);"
        "ALTER TABLE audit_logs ENABLE TRIGGER USER; COMMIT; BEGIN");
    fixture_settle_trail(owner);
    ck_answer("SELECT entries > 0 FROM hotgigs.audit_seal(10)", "t");
    ck_answer("SELECT problem FROM hotgigs.audit_verify(NULL, NULL, NULL)", "entry deleted before it was sealed");
}
END_TEST

/* Its id comes to be sealed a second time then; an error there would have stopped all sealing for good. */
START_TEST(sealing_goes_on_where_a_sealed_entry_was_written_again)
{
    run("ROLLBACK");
    run("UPDATE users SET last_name = last_name || 'P'");
    fixture_settle_trail(owner);
    run("BEGIN");
    ck_answer("SELECT entries > 0 FROM hotgigs.audit_seal(1000)", "t");
    run("COMMIT");
    run("INSERT INTO hotgigs.audit_unsealed (txid, ids) SELECT pg_current_xact_id(), ARRAY[entry_id, entry_id]"
        " FROM hotgigs.audit_leaves LIMIT 1");
    run("UPDATE users SET last_name = last_name || 'Q'");
    fixture_settle_trail(owner);
    run("BEGIN");
    ck_answer("SELECT entries > 0 FROM hotgigs.audit_seal(1000)", "t");
    ck_answer("SELECT count(*) FROM (SELECT entry_id FROM hotgigs.audit_leaves GROUP BY 1 HAVING count(*) > 1) twice", "0");
}
END_TEST

/* A redaction that began before the sealer's work became visible must not go by what it sees. */
START_TEST(a_redaction_with_an_old_snapshot_is_told_to_try_again)
{
    PGconn *sealer = policy_connect("ADMIN", "hotgigs_audit");
    PGresult *result;

    run("ROLLBACK");
    run("UPDATE users SET last_name = last_name || 'M'");
    run("BEGIN ISOLATION LEVEL REPEATABLE READ");
    run("SELECT 1 FROM users");
    free(policy_ask(sealer, SEAL));
    result = PQexec(owner, "SELECT hotgigs.audit_redact('" ADA "', '{users}', '{" ADA "}', false)");
    ck_assert_str_eq(PQresultErrorField(result, PG_DIAG_SQLSTATE), "40001");
    PQclear(result);
    PQfinish(sealer);
}
END_TEST

Suite *
suite_audit_seals(void)
{
    Suite *suite = suite_create("audit/seals");
    TCase *tc = tcase_create("seals"), *sealing = tcase_create("sealing");

    tcase_set_timeout(tc, 60);
    tcase_add_unchecked_fixture(tc, make, drop);
    tcase_add_checked_fixture(tc, begin, roll_back);
    tcase_add_loop_test(tc, attack_is_found, 0, sizeof attacks / sizeof attacks[0]);
    tcase_add_test(tc, a_chain_that_was_rewritten_to_its_end_has_another_root);
    tcase_add_test(tc, verifying_can_begin_at_a_later_seal);
    tcase_add_test(tc, redaction_empties_and_the_trail_still_verifies);
    tcase_add_test(tc, forgetting_removes_the_id_and_deleting_keeps_it);
    tcase_add_test(tc, salts_go_with_what_they_hid);
    suite_add_tcase(suite, tc);

    tcase_set_timeout(sealing, 60);
    tcase_add_unchecked_fixture(sealing, make, drop);
    tcase_add_checked_fixture(sealing, begin, roll_back);
    tcase_add_test(sealing, only_what_is_settled_is_sealed_and_by_one_at_a_time);
    tcase_add_test(sealing, a_redaction_with_an_old_snapshot_is_told_to_try_again);
    tcase_add_test(sealing, an_entry_that_goes_before_it_is_sealed_is_missed);
    tcase_add_test(sealing, sealing_goes_on_where_a_sealed_entry_was_written_again);
    suite_add_tcase(suite, sealing);
    return suite;
}
