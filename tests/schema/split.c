/* schema/split - the statements of a file, and which files the runner takes. */
#include "suites.h"

#include <string.h>

#include "schema/schema_int.h"

static const struct { const char *name, *script; const char *statements[4]; } splits[] = {
    { "nothing",                    "",                                 { NULL } },
    { "only a comment",             "-- a; b\n/* c; d */\n",            { NULL } },
    { "two",                        "a b;\nc;\n",                       { "a b", "c" } },
    { "the last without semicolon", "a; b",                             { "a", "b" } },
    { "an empty one",               "a;;b;",                            { "a", "", "b" } },
    { "a comment before",           "-- x\na;",                         { "a" } },
    { "a comment behind",           "a -- x; y\n;b;",                   { "a", "b" } },
    { "a comment within",           "a /* ; */ b;",                     { "a /* ; */ b" } },
    { "nested comments",            "/* /* ; */ ; */ a; b;",            { "a", "b" } },
    { "quotes",                     "a ';' b; c;",                      { "a ';' b", "c" } },
    { "a doubled quote",            "a 'it''s;' b; c;",                 { "a 'it''s;' b", "c" } },
    { "an escaped quote",           "a E'it\\';' b; c;",                { "a E'it\\';' b", "c" } },
    { "an empty escape text",       "a e'' ; c;",                       { "a e''", "c" } },
    { "a name that ends in e",      "date'\\' ; c;",                    { "date'\\'", "c" } },
    { "a backslash is no escape",   "a '\\'; c;",                       { "a '\\'", "c" } },
    { "quoted names",               "a \";\"\"\" ; c;",                 { "a \";\"\"\"", "c" } },
    { "dollar quotes",              "do $$ a; 'b; $x$ ; $$; c;",        { "do $$ a; 'b; $x$ ; $$", "c" } },
    { "tagged dollar quotes",       "do $x$ $$ ; $y$ ; $x$; c;",        { "do $x$ $$ ; $y$ ; $x$", "c" } },
    { "a parameter is no quote",    "a $1; b $1;",                      { "a $1", "b $1" } },
    { "a dollar within a name",     "a$b$; c$b$;",                      { "a$b$", "c$b$" } },
    { "brackets",                   "create rule do (a; b); c;",        { "create rule do (a; b)", "c" } },
    { "a quote that never ends",    "a '; b",                           { "a '; b" } },
    { "dollars that never end",     "a $$; b",                          { "a $$; b" } },
};

START_TEST(a_script_splits)
{
    const char *at = splits[_i].script, *end = at + strlen(at);
    hg_str statement;
    int n = 0;

    for (; hgi_split_next(&at, end, &statement); n++) {
        const char *want = n < 4 ? splits[_i].statements[n] : NULL;

        ck_assert_msg(want != NULL && statement.len == strlen(want) && memcmp(statement.ptr, want, statement.len) == 0,
                      "%s: statement %d is \"%.*s\", want \"%s\"", splits[_i].name, n, (int)statement.len,
                      statement.ptr, want != NULL ? want : "none");
    }
    ck_assert_msg(splits[_i].statements[n] == NULL, "%s: %d statements", splits[_i].name, n);
}
END_TEST

/* says: what the refusal says; NULL: it is taken. */
static const struct { const char *name, *sql; int transaction; const char *says; } files[] = {
    { "as all of them",       "-- x\nBEGIN;\nSELECT 1;\nCOMMIT;\n",                  1, NULL },
    { "a comment at the end", "BEGIN;\nSELECT 1;\nCOMMIT;\n-- COMMIT;\n",            1, NULL },
    { "empty",                "BEGIN; COMMIT;",                                      1, NULL },
    { "BEGIN in a body",      "BEGIN; DO $$ BEGIN NULL; END $$; COMMIT;",            1, NULL },
    { "words that begin so",  "BEGIN; COMMITTED; ENDING; COMMIT;",                   1, NULL },
    { "no BEGIN",             "SELECT 1; COMMIT;",                                   1, "begin with BEGIN" },
    { "no text",              "",                                                    1, "begin with BEGIN" },
    { "BEGIN with options",   "BEGIN READ ONLY; SELECT 1; COMMIT;",                  1, "begin with BEGIN" },
    { "no COMMIT",            "BEGIN; SELECT 1;",                                    1, "end with COMMIT" },
    { "only BEGIN",           "BEGIN;",                                              1, "end with COMMIT" },
    { "COMMIT AND CHAIN",     "BEGIN; COMMIT AND CHAIN;",                            1, "end with COMMIT" },
    { "COMMIT in a comment",  "BEGIN; SELECT 1; -- COMMIT;",                         1, "end with COMMIT" },
    { "END for COMMIT",       "BEGIN; SELECT 1; END;",                               1, "end with COMMIT" },
    { "something behind",     "BEGIN; COMMIT; SELECT 1;",                            1, "not one transaction" },
    { "two transactions",     "BEGIN; COMMIT; BEGIN; COMMIT;",                       1, "not one transaction" },
    { "a ROLLBACK within",    "BEGIN; ROLLBACK; SELECT 1; COMMIT;",                  1, "not one transaction" },
    { "none, and has none",   "CREATE INDEX CONCURRENTLY a ON b (c);",               0, NULL },
    { "none, and has one",    "SET ROLE x; BEGIN; SELECT 1; COMMIT;",                0, "not one transaction" },
    { "none, and ends one",   "SELECT 1; COMMIT;",                                   0, "has a transaction" },
};

START_TEST(a_file_is_taken_or_refused)
{
    hgi_migration file = { .version = "106", .name = "jobs", .sql = files[_i].sql, .sql_len = strlen(files[_i].sql),
                           .transaction = files[_i].transaction };
    hg_error err = { 0 };
    hg_str body;
    hg_status want = files[_i].says != NULL ? HG_E_INTERNAL : HG_OK;
    hg_status st = hgi_split_check(&file, &body, &err);

    ck_assert_msg(st == want, "%s: got %s, want %s: %s", files[_i].name, hg_status_name(st), hg_status_name(want),
                  err.message);
    if (st != HG_OK)
        ck_assert_msg(strstr(err.message, files[_i].says) != NULL && strstr(err.message, "106_jobs") != NULL,
                      "%s: %s", files[_i].name, err.message);
}
END_TEST

START_TEST(the_body_ends_before_its_commit)
{
    static const char sql[] = "BEGIN;\nSELECT 'COMMIT;';\nCOMMIT;\n-- the end\n";
    hgi_migration file = { .version = "1", .name = "x", .sql = sql, .sql_len = sizeof sql - 1, .transaction = 1 };
    hg_str body;

    ck_assert_int_eq(hgi_split_check(&file, &body, NULL), HG_OK);

    ck_assert_uint_eq(body.len, strlen("BEGIN;\nSELECT 'COMMIT;';\n"));
    ck_assert_ptr_eq(body.ptr, sql);
}
END_TEST

START_TEST(all_files_of_this_build_are_taken)
{
    for (int32_t i = 0; i < hgi_migration_count; i++) {
        hg_error err = { 0 };
        hg_str body;

        ck_assert_msg(hgi_split_check(&hgi_migrations[i], &body, &err) == HG_OK, "%s", err.message);
        ck_assert_msg(i == 0 || strcmp(hgi_migrations[i - 1].version, hgi_migrations[i].version) < 0,
                      "%s stands behind a later one", hgi_migrations[i].version);
    }
}
END_TEST

Suite *
suite_schema_split(void)
{
    Suite *suite = suite_create("schema/split");
    TCase *tcase = tcase_create("split");

    tcase_add_loop_test(tcase, a_script_splits, 0, (int)(sizeof splits / sizeof splits[0]));
    tcase_add_loop_test(tcase, a_file_is_taken_or_refused, 0, (int)(sizeof files / sizeof files[0]));
    tcase_add_test(tcase, the_body_ends_before_its_commit);
    tcase_add_test(tcase, all_files_of_this_build_are_taken);
    suite_add_tcase(suite, tcase);
    return suite;
}
