/* privacy/export_import - exported, erased, imported: every table has the rows again that the person had provided. */
#include "operations/ask.h"
#include "privacy/exported.h"
#include "privacy/person.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static void
sum_of(const document *d, uint8_t *sha256)
{
    for (int i = 0; i < HG_EXPORT_SHA256_SIZE; i++) {
        unsigned byte;

        ck_assert_int_eq(sscanf(d->sha256 + 2 * i, "%2x", &byte), 1);
        sha256[i] = (uint8_t)byte;
    }
}

static hg_status
import(hg_conn *conn, const document *d, int64_t *rows)
{
    uint8_t sha256[HG_EXPORT_SHA256_SIZE];

    sum_of(d, sha256);
    return hg_privacy_import(conn, d->text, d->len, sha256, rows, &err);
}

/* Rows of every table of the catalogue that is about a person, exactly as they stand: the portable columns, as text. */
static const char *
stored(const char *table, const hg_uuid *id)
{
    const char *columns = sql_text("SELECT string_agg(format('t.%%I', column_name), ', ' ORDER BY column_name)"
                                   " FROM hotgigs.privacy_columns WHERE table_name = '%s' AND export = 'yes'", table);
    const char *condition = sql_text("SELECT DISTINCT replace(hotgigs.privacy_condition(subject), '$1', '''%s''') FROM"
                                     " hotgigs.privacy_columns WHERE table_name = '%s'", uuid_text(id), table);

    if (columns == NULL)
        return "";
    return fixture_text("%s", sql_text("SELECT coalesce(string_agg(ROW(%s)::text, E'\\n' ORDER BY t.id), '') FROM %s t WHERE %s",
                                       fixture_text("%s", columns), table, condition));
}

/* Texts that JSON, and times and numbers that careless code, would spoil. */
static void
be_odd(const person *p)
{
    sql_do("UPDATE users SET first_name = E'\"\\\\ \\t\\u202e\\U0001F600', last_name = E'Ze\\u0301\\nNULL', created_at = 'infinity' WHERE id = '%s'",
           uuid_text(&p->id));
    sql_do("UPDATE candidate_profiles SET skills = '[{\"name\": \"C\", \"years\": 9007199254740993.10}]',"
           " desired_job_types = ARRAY['a,\"b\"', NULL, ''], created_at = '0044-03-15 12:00:00 BC' WHERE user_id = '%s'", uuid_text(&p->id));
    sql_do("UPDATE candidate_education SET gpa = 3.10, start_date = '-infinity', created_at = '1999-12-31 23:59:59.000001' WHERE candidate_id = '%s'",
           uuid_text(&p->candidate));
    sql_do("DELETE FROM referrals WHERE id = '%s'", uuid_text(&p->paid));      /* which the law would keep */
}

START_TEST(what_was_provided_is_there_again)
{
    person p = person_new();
    const char *before[64];
    int64_t rows = 0, wanted = 0;
    int tables = 0;
    document d;

    be_odd(&p);
    for (int32_t t = 0; t < hg_table_count(); t++)
        before[t] = stored(hg_table_describe(t)->name, &p.id);
    d = document_read(service, &p.id, HG_EXPORT_PORTABLE);
    ck_ok(ask(service, "privacy_erase", "{'user_id': '%s', 'is_delete': true}", uuid_text(&p.id)), err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users WHERE id = '%s'", uuid_text(&p.id)), 0);
    if (_i == 1)
        ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(import(service, &d, &rows), err);
    if (_i == 1)
        ck_ok(hg_tx_commit(service, &err), err);
    for (int32_t t = 0; t < hg_table_count(); t++) {
        const char *name = hg_table_describe(t)->name, *after = stored(name, &p.id);

        ck_assert_msg(strcmp(before[t], after) == 0, "%s had\n%s\nand has\n%s", name, before[t], after);
        tables += *after != '\0';
        for (const char *c = after; *c != '\0'; c = strchr(c, '\n') != NULL ? strchr(c, '\n') + 1 : "")
            wanted += *c == '(';
    }
    ck_assert_msg(tables >= 9, "rows of %d tables were compared, want at least 9", tables);
    ck_assert_int_ge(rows, tables);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM jobs WHERE id = '%s' AND application_count ="
                             " (SELECT count(*) FROM applications WHERE job_id = '%s')", uuid_text(&p.job), uuid_text(&p.job)), 1);
}
END_TEST

/* And what is exported of it again is the same, but for when. */
START_TEST(the_export_of_an_import_is_the_same_document)
{
    person p = person_new();
    document first, second;
    const char *a, *b;

    be_odd(&p);
    first = document_read(service, &p.id, HG_EXPORT_PORTABLE);
    ck_ok(ask(service, "privacy_erase", "{'user_id': '%s', 'is_delete': true}", uuid_text(&p.id)), err);
    ck_ok(import(service, &first, NULL), err);
    second = document_read(service, &p.id, HG_EXPORT_PORTABLE);
    a = strstr(first.text, "\"tables\"");
    b = strstr(second.text, "\"tables\"");
    ck_assert_msg(a != NULL && b != NULL && strcmp(a, b) == 0, "before:\n%s\nafter:\n%s", first.text, second.text);
}
END_TEST

START_TEST(nothing_is_written_unless_all_of_it_is)
{
    person p = person_new();
    int64_t rows = 7;
    document d = document_read(service, &p.id, HG_EXPORT_PORTABLE);

    ck_status(import(service, &d, &rows), HG_E_CONFLICT, err);                /* he is there */
    ck_assert_int_eq(rows, 0);
    ck_ok(ask(service, "privacy_erase", "{'user_id': '%s', 'is_delete': true}", uuid_text(&p.id)), err);
    sql_do("DELETE FROM applications WHERE job_id = '%s'; DELETE FROM jobs WHERE id = '%s'", uuid_text(&p.job), uuid_text(&p.job));
    ck_status(import(service, &d, &rows), HG_E_CONSTRAINT, err);              /* the job is not */
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users WHERE id = '%s'", uuid_text(&p.id)), 0);
}
END_TEST

/* A document of the test's own, with its true sum. */
static document
forged(const char *text)
{
    document d = { .text = fixture_text("%s", text), .len = strlen(text) };

    snprintf(d.sha256, sizeof d.sha256, "%s", sql_text("SELECT encode(sha256(convert_to($x$%s$x$, 'UTF8')), 'hex')", text));
    return d;
}

static const struct { const char *text, *says; } wrongs[] = {
    { "", "is empty" },
    { "{\"schema\":", "the document" },
    { "[]", "no JSON object" },
    { "{}", "no hotgigs-export" },
    { "{\"schema\":\"hotgigs-export\",\"version\":2,\"scope\":\"portability\",\"tables\":{}}", "version 1" },
    { "{\"schema\":\"hotgigs-export\",\"version\":1,\"scope\":\"access\",\"tables\":{}}", "scope" },
    { "{\"schema\":\"hotgigs-export\",\"version\":1,\"scope\":\"portability\"}", "tables" },
    { "{\"schema\":\"hotgigs-export\",\"version\":1,\"scope\":\"portability\",\"tables\":{\"pg_authid\":[]}}", "no table" },
    { "{\"schema\":\"hotgigs-export\",\"version\":1,\"scope\":\"portability\",\"tables\":{\"users\":{}}}", "no array" },
    { "{\"schema\":\"hotgigs-export\",\"version\":1,\"scope\":\"portability\",\"tables\":{\"users\":[],\"users\":[]}}", "twice" },
    { "{\"schema\":\"hotgigs-export\",\"version\":1,\"scope\":\"portability\",\"tables\":{\"users\":[{\"nothing\":1}]}}", "no column" },
};

START_TEST(what_is_no_document_is_refused)
{
    document d = forged(wrongs[_i].text);

    ck_status(import(service, &d, NULL), HG_E_INVALID, err);
    ck_says(err, wrongs[_i].says);
}
END_TEST

START_TEST(a_document_that_was_changed_is_refused)
{
    person p = person_new();
    document d = document_read(service, &p.id, HG_EXPORT_PORTABLE);
    uint8_t sha256[HG_EXPORT_SHA256_SIZE];
    char *verified = strstr(d.text, "\"is_verified\" : false");

    ck_assert_ptr_nonnull(verified);
    memcpy(verified, "\"is_verified\" : true ", 21);
    ck_status(import(service, &d, NULL), HG_E_INVALID, err);
    ck_says(err, "SHA-256");
    sum_of(&d, sha256);
    ck_status(hg_privacy_import(NULL, d.text, d.len, sha256, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_privacy_import(service, NULL, 0, sha256, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_privacy_import(service, d.text, d.len, NULL, NULL, &err), HG_E_INVALID, err);
}
END_TEST

START_TEST(it_is_the_services)
{
    person p = person_new();
    document d = document_read(service, &p.id, HG_EXPORT_PORTABLE);

    act_as(HG_ROLE_CANDIDATE, &p.id);
    ck_status(import(tenant, &d, NULL), HG_E_DENIED, err);
}
END_TEST

Suite *
suite_privacy_export_import(void)
{
    Suite *s = suite_create("privacy/export_import");
    TCase *t = tcase_create("import");

    tcase_add_checked_fixture(t, fixture_open_tenant, fixture_close);
    tcase_set_timeout(t, 30);
    tcase_add_loop_test(t, what_was_provided_is_there_again, 0, 2);
    tcase_add_test(t, the_export_of_an_import_is_the_same_document);
    tcase_add_test(t, nothing_is_written_unless_all_of_it_is);
    tcase_add_loop_test(t, what_is_no_document_is_refused, 0, (int)(sizeof wrongs / sizeof *wrongs));
    tcase_add_test(t, a_document_that_was_changed_is_refused);
    tcase_add_test(t, it_is_the_services);
    suite_add_tcase(s, t);
    return s;
}
