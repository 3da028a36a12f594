/* columns.c - sql/grants.md against the catalogue, column by column; and what the library makes of a hidden column.
 *
 * grants.md is written by hand. Tables, cards and functions are read from its tables here. */
#include <stdlib.h>
#include <string.h>

#include "policies/attack.h"
#include "suites.h"
#include "query/query.h"

enum { CELLS = 10 };

static PGconn *admin;

static void
make(void)
{
    ck_assert_msg(policy_databases_make() == 0, "the fixture's databases cannot be made");
}

static void
open_connection(void)
{
    admin = policy_connect("ADMIN", policy_db);
    ck_assert_ptr_nonnull(admin);
}

static void
close_connection(void)
{
    PQfinish(admin);
}

/* ---- Reading grants.md ------------------------------------------------------------------------------------------- */

typedef struct page {
    FILE  *file;
    char  *line;
    size_t size;
    char   section[64];
    char  *cells[CELLS];
    int    count;
} page;

static char *
trim(char *text)
{
    char *end;

    text += strspn(text, " ");
    end = text + strlen(text);
    while (end > text && end[-1] == ' ')
        *--end = '\0';
    return text;
}

/* The next row of a table of the page, 0 at its end. */
static int
next_row(page *p)
{
    while (getline(&p->line, &p->size, p->file) > 0) {
        char *at = p->line;

        p->line[strcspn(p->line, "\n")] = '\0';
        if (sscanf(p->line, "## %63s", p->section) == 1 || at[0] != '|' || strncmp(at, "|-", 2) == 0)
            continue;
        p->count = 0;
        at++;
        for (char *bar = strchr(at, '|'); bar != NULL && p->count < CELLS; at = bar + 1, bar = strchr(at, '|')) {
            *bar = '\0';
            p->cells[p->count++] = trim(at);
        }
        return 1;
    }
    return 0;
}

static page
open_page(void)
{
    page p = { .file = fopen("sql/grants.md", "r") };

    ck_assert_msg(p.file != NULL, "sql/grants.md cannot be read; run from the root of the checkout");
    return p;
}

static void
close_page(page *p)
{
    fclose(p->file);
    free(p->line);
}

/* Whether name is one of the words of list, which commas separate. */
static int
is_listed(const char *list, const char *name)
{
    size_t n = strlen(name);

    for (const char *at = strstr(list, name); at != NULL; at = strstr(at + 1, name))
        if ((at == list || at[-1] == ' ' || at[-1] == ',') && (at[n] == '\0' || at[n] == ','))
            return 1;
    return 0;
}

/* "all", "all but a, b", "—", or "a, b". */
static int
may(const char *cell, const char *column)
{
    if (strcmp(cell, "—") == 0)
        return 0;
    if (strcmp(cell, "all") == 0)
        return 1;
    if (strncmp(cell, "all but ", 8) == 0)
        return !is_listed(cell + 8, column);
    return is_listed(cell, column);
}

static int
is_persona(const char *word)
{
    for (int32_t role = HG_ROLE_ANON; role <= HG_ROLE_SERVICE; role++)
        if (strcmp(policy_role_word(role), word) == 0)
            return 1;
    return 0;
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

/* One privilege of one persona on every column; what differs is added to report. */
static int
compare(const char *table, const char *persona, const char *privilege, const char *cell, FILE *report)
{
    char sql[512];
    PGresult *r;
    int differ = 0;

    snprintf(sql, sizeof sql,
             "SELECT attname, has_column_privilege('hotgigs_%s', attrelid, attnum, '%s')::int FROM pg_attribute"
             " WHERE attrelid = 'public.%s'::regclass AND attnum > 0 AND NOT attisdropped", persona, privilege, table);
    r = PQexec(admin, sql);
    ck_assert_msg(PQntuples(r) > 0, "grants.md: %s: %s", table, PQerrorMessage(admin));
    for (int i = 0; i < PQntuples(r); i++) {
        int has = PQgetvalue(r, i, 1)[0] == '1', wanted = may(cell, PQgetvalue(r, i, 0));

        if (has != wanted) {
            fprintf(report, "\n%s %s %s.%s: the database says %s, grants.md %s", persona, privilege, table,
                PQgetvalue(r, i, 0),
                    has ? "yes" : "no", wanted ? "yes" : "no");
            differ++;
        }
    }
    PQclear(r);
    return differ;
}

static int
compare_delete(const char *table, const char *persona, const char *cell, FILE *report)
{
    char sql[256], *has;
    int differ;

    snprintf(sql, sizeof sql, "SELECT has_table_privilege('hotgigs_%s', 'public.%s', 'DELETE')::int", persona, table);
    has = policy_ask(admin, sql);
    differ = (has[0] == '1') != (strcmp(cell, "yes") == 0);
    if (differ)
        fprintf(report, "\n%s DELETE %s: the database says %s, grants.md %s", persona, table, has, cell);
    free(has);
    return differ;
}

START_TEST(database_grants_what_grants_md_says)
{
    page p = open_page();
    char *text = NULL;
    size_t size;
    FILE *report = open_memstream(&text, &size);
    int lines = 0, differ = 0;

    while (next_row(&p)) {
        if (p.count != 9 || !is_persona(p.cells[0]))
            continue;
        differ += compare(p.section, p.cells[0], "SELECT", p.cells[1], report);
        differ += compare(p.section, p.cells[0], "INSERT", p.cells[2], report);
        differ += compare(p.section, p.cells[0], "UPDATE", p.cells[3], report);
        differ += compare_delete(p.section, p.cells[0], p.cells[4], report);
        lines++;
    }
    close_page(&p);
    fclose(report);
    ck_assert_msg(differ == 0, "%d differences:%.2000s", differ, text);     /* Check has no room for more */
    ck_assert_int_eq(lines, 25 * 5);
    free(text);
}
END_TEST

/* The columns table of security.md once more, by hand: who may not read what, whatever else is granted. */
static const struct { const char *table, *columns, *personas; } secrets[] = {
    { "users", "password_hash", "anon candidate company freelancer service" },
    { "users", "last_login_at, phone", "anon" },
    { "oauth_accounts", "access_token, refresh_token", "anon candidate company freelancer service" },
    { "oauth_accounts", "scope, expires_at", "anon candidate company freelancer" },
    { "companies", "settings", "anon candidate company freelancer" },
    { "companies", "subscription_plan, subscription_expires_at", "anon" },
    { "company_members", "permissions, invited_by", "anon candidate freelancer" },
    { "jobs", "ai_generated_content", "anon candidate freelancer" },
    { "candidate_profiles", "desired_salary_min, desired_salary_max, desired_salary_currency, ai_score,"
      " cover_letter_template, "
      "visibility_settings", "anon company freelancer" },
    { "applications", "recruiter_notes, rejection_reason, ai_analysis, ai_match_score, referrer_id",
      "anon candidate freelancer" },
    { "application_timeline", "notes, metadata, changed_by", "anon candidate freelancer" },
    { "interviews", "notes, feedback, score, ai_analysis, recording_url", "anon candidate" },
    { "interviews", "feedback, score", "company" },
    { "ai_interview_sessions", "ai_scores, overall_score, recommendations", "anon candidate freelancer" },
    { "documents", "ocr_text, ai_extracted_data, fraud_check_status, fraud_check_results",
      "anon candidate company freelancer" },
    { "freelance_recruiters", "payment_info", "anon candidate company freelancer" },
    { "freelance_recruiters", "total_earnings, commission_rate", "anon candidate company" },
    { "referrals", "commission_amount, commission_status, notes", "anon candidate company" },
    { "analytics_events", "ip_address, user_agent", "anon candidate company freelancer" },
    { "audit_logs", "ip_address, user_agent, old_values, new_values", "anon candidate company freelancer" },
    { "email_logs", "error_message, provider_message_id", "anon candidate company freelancer" },
};

START_TEST(secret_columns_of_security_md_are_granted_to_nobody_else)
{
    char sql[768], *found;

    snprintf(sql, sizeof sql,
             "SELECT string_agg(c || ' ' || p, ', ') FROM unnest(string_to_array('%s', ', ')) c,"
             " unnest(string_to_array('%s', ' ')) p"
             " WHERE has_column_privilege('hotgigs_' || p, 'public.%s', c, 'SELECT')",
             secrets[_i].columns, secrets[_i].personas, secrets[_i].table);
    found = policy_ask(admin, sql);
    ck_assert_msg(found[0] == '\0', "%s: readable: %s", secrets[_i].table, found);
    free(found);
}
END_TEST

/* ---- Cards and functions ----------------------------------------------------------------------------------------- */

START_TEST(cards_are_granted_as_grants_md_says)
{
    page p = open_page();
    char want[64][96], sql[512];
    int count = 0;
    PGresult *r;

    while (next_row(&p))
        if (strcmp(p.section, "Cards") == 0 && p.count == 4 && is_persona(p.cells[1])) {
            ck_assert_int_lt(count, 64);
            snprintf(want[count++], sizeof want[0], "%.47s %.47s", p.cells[0], p.cells[1]);
        }
    close_page(&p);
    snprintf(sql, sizeof sql, "SELECT c.relname || ' ' || replace(a.grantee::regrole::text, 'hotgigs_', '') FROM"
    " pg_class c"
                              " CROSS JOIN aclexplode(c.relacl) a WHERE c.relkind = 'v' AND c.relnamespace ="
                              " 'hotgigs'::regnamespace"
                              " AND a.grantee <> c.relowner");
    r = PQexec(admin, sql);
    for (int i = 0; i < PQntuples(r); i++) {
        int found = 0;

        for (int n = 0; n < count; n++)
            found |= strcmp(want[n], PQgetvalue(r, i, 0)) == 0;
        ck_assert_msg(found, "granted, but not in grants.md: %s", PQgetvalue(r, i, 0));
    }
    ck_assert_int_eq(PQntuples(r), count);
    PQclear(r);
}
END_TEST

/* The cards of security.md's paragraph, then the screens, by hand: none is missing, and none came along. */
static const char *const cards[] = {
    "user_cards", "company_cards", "company_settings", "candidate_cards", "interview_cards", "referral_cards",
    "document_cards", "freelance_recruiter_cards",
    "job_cards", "application_cards", "pipeline_cards", "agenda_items", "named_referrals", "task_cards",
    "member_cards", "notification_cards",
};

enum { CARDS = sizeof cards / sizeof cards[0] };

static int
card_called(const char *name)
{
    for (int i = 0; i < CARDS; i++)
        if (strcmp(cards[i], name) == 0)
            return i;
    ck_abort_msg("columns.c does not know the card %s", name);
}

START_TEST(cards_have_the_columns_of_grants_md)
{
    page p = open_page();
    int lines[CARDS] = { 0 };

    while (next_row(&p)) {
        char sql[512], *columns;

        if (strcmp(p.section, "Cards") != 0 || p.count != 2 || strcmp(p.cells[0], "card") == 0)
            continue;
        lines[card_called(p.cells[0])]++;
        snprintf(sql, sizeof sql, "SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute"
                                  " WHERE attrelid = 'hotgigs.%s'::regclass AND attnum > 0", p.cells[0]);
        columns = policy_ask(admin, sql);
        ck_assert_msg(strcmp(columns, p.cells[1]) == 0, "%s has %s, grants.md says %s", p.cells[0], columns,
            p.cells[1]);
        free(columns);
    }
    close_page(&p);
    for (int i = 0; i < CARDS; i++)
        ck_assert_msg(lines[i] == 1, "grants.md lists the columns of %s %d times", cards[i], lines[i]);
}
END_TEST

START_TEST(schema_has_no_other_views)
{
    PGresult *r = PQexec(admin, "SELECT relname FROM pg_class WHERE relnamespace = 'hotgigs'::regnamespace"
                                " AND relkind IN ('v', 'm')");

    ck_assert_int_eq(PQntuples(r), CARDS);
    for (int i = 0; i < PQntuples(r); i++)
        card_called(PQgetvalue(r, i, 0));
    PQclear(r);
}
END_TEST

/* security.md once more, by hand: columns that no card of these personas has, whatever grants.md says. */
static const char *const unseen[] = {
    "password_hash", "access_token", "refresh_token", "ocr_text", "ai_extracted_data", "fraud_check_results",
    "last_login_at", "permissions", "invited_by", "subscription_plan", "subscription_expires_at",
    "ai_generated_content", "ai_score", "cover_letter_template", "visibility_settings", "payment_info",
    "total_earnings", "commission_rate", "ip_address", "user_agent", "old_values", "new_values", "error_message",
    "provider_message_id", "changed_by", "ai_scores", "overall_score", "recommendations",
};

START_TEST(secret_columns_of_security_md_are_in_no_card)
{
    char sql[256], *found;

    snprintf(sql, sizeof sql,
             "SELECT string_agg(attrelid::regclass::text, ', ') FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
             " WHERE c.relnamespace = 'hotgigs'::regnamespace AND c.relkind = 'v' AND a.attname = '%s'", unseen[_i]);
    found = policy_ask(admin, sql);
    ck_assert_msg(found[0] == '\0', "%s is in %s", unseen[_i], found);
    free(found);
}
END_TEST

/* Every function of the schema is in the list, with its rights and who may call it. */
START_TEST(functions_are_as_grants_md_says)
{
    static const char sql[] =
        "SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS f, p.proname,"
        " CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END,"
        " coalesce((SELECT string_agg(w, ', ' ORDER BY o) FROM unnest(ARRAY['anon', 'candidate', 'company',"
        " 'freelancer', 'service'])"
        "  WITH ORDINALITY u (w, o) WHERE has_function_privilege('hotgigs_' || w, p.oid, 'EXECUTE')), 'none')"
        " FROM pg_proc p WHERE p.pronamespace = 'hotgigs'::regnamespace";
    PGresult *r = PQexec(admin, sql);

    ck_assert_int_gt(PQntuples(r), 20);
    for (int i = 0; i < PQntuples(r); i++) {
        page p = open_page();
        int found = 0;

        while (next_row(&p)) {
            size_t n = p.count == 3 ? strcspn(p.cells[0], "(") : 0;

            if (n == 0 || strcmp(p.section, "Functions") != 0 || strlen(PQgetvalue(r, i, 1)) != n ||
                strncmp(p.cells[0], PQgetvalue(r, i, 1), n) != 0)
                continue;
            found = 1;
            ck_assert_msg(strcmp(p.cells[1], PQgetvalue(r, i, 2)) == 0 && strcmp(p.cells[2], PQgetvalue(r, i, 3)) == 0,
                          "%s is %s, execute %s; grants.md says %s, %s", p.cells[0], PQgetvalue(r, i, 2),
                          PQgetvalue(r, i, 3),
                          p.cells[1], p.cells[2]);
        }
        close_page(&p);
        ck_assert_msg(found, "grants.md does not list hotgigs.%s", PQgetvalue(r, i, 0));
    }
    PQclear(r);
}
END_TEST

/* ---- The library ------------------------------------------------------------------------------------------------- */

/* A row that the persona sees, of each table with a column that is hidden from him. */
static const struct { const char *who, *table, *row, *hidden; } looks[] = {
    { "ada",            "users",                 "ada",            "password_hash" },
    { "service",        "users",                 "ada",            "password_hash" },
    { "ada",            "oauth_accounts",        "oa_ada",         "access_token, refresh_token, expires_at, scope" },
    { "service",        "oauth_accounts",        "oa_ada",         "access_token, refresh_token" },
    { "acme_admin",     "companies",             "acme",           "settings" },
    { "dan",            "company_members",       "m_dan",          "permissions, invited_by" },
    { "visitor_plain",  "jobs",                  "acme_open",      "ai_generated_content" },
    { "ada",            "jobs",                  "acme_open",      "ai_generated_content" },
    { "fred",           "jobs",                  "acme_open",      "ai_generated_content" },
    { "acme_recruiter", "jobs",                  "beta_open",      "" },
    { "ada",            "audit_logs",            "log_ada",        "old_values, new_values, ip_address, user_agent" },
    { "ada",            "candidate_profiles",    "p_ada",          "" },
    { "acme_recruiter", "candidate_profiles",    "p_ada",          "desired_salary_min, desired_salary_max,"
      " desired_salary_currency, "
                                                                   "cover_letter_template, ai_score,"
                                                                   " visibility_settings" },
    { "fred",           "candidate_profiles",    "p_fay",          "desired_salary_min, desired_salary_max,"
      " desired_salary_currency, "
                                                                   "cover_letter_template, ai_score,"
                                                                   " visibility_settings" },
    { "ada",            "applications",          "ada_acme",       "referrer_id, ai_match_score, ai_analysis,"
      " recruiter_notes, "
                                                                   "rejection_reason" },
    { "acme_viewer",    "applications",          "ada_acme",       "" },
    { "ada",            "application_timeline",  "t_ada_acme",     "notes, changed_by, metadata" },
    { "ada",            "interviews",            "i_ada_acme",
          "notes, feedback, score, ai_analysis, recording_url" },
    { "acme_admin",     "interviews",            "i_ada_acme",     "feedback, score" },
    { "fred",           "interviews",            "i_ada_beta",     "" },
    { "ada",            "documents",             "d_ada_resume",
        "ai_extracted_data, ocr_text, fraud_check_status, fraud_check_results" },
    { "acme_recruiter", "documents",             "d_ada_resume",
        "ai_extracted_data, ocr_text, fraud_check_status, fraud_check_results" },
    { "ada",            "ai_interview_sessions", "ai_ada_acme",    "ai_scores, overall_score, recommendations" },
    { "fred",           "freelance_recruiters",  "f_fred",         "payment_info" },
    { "fay",            "referrals",             "r_fay_pending",  "commission_amount, commission_status, notes" },
    { "acme_admin",     "referrals",             "r_fay_pending",  "commission_amount, commission_status, notes" },
    { "fred",           "referrals",             "r_fay_pending",  "" },
};

static uint64_t
mask_of(const hgi_table *table, const char *columns)
{
    uint64_t mask = 0;

    for (int32_t i = 0; i < table->info.column_count; i++)
        if (is_listed(columns, table->info.columns[i].name))
            mask |= UINT64_C(1) << i;
    return mask;
}

START_TEST(hidden_column_is_not_loaded)
{
    const hgi_table *table = attack_table(looks[_i].table);
    uint64_t all = UINT64_MAX >> (64 - table->info.column_count);
    hg_uuid id = policy_uuid(looks[_i].row);
    hg_conn *conn = attack_open(looks[_i].who);
    const void *row = NULL;
    hg_error err;
    uint64_t loaded;

    ck_assert_msg(hgi_get(conn, table, &id, &row, &err) == HG_OK, "%s: %s", looks[_i].who, err.message);
    loaded = ((const hgi_row *)row)->loaded_mask;
    ck_assert_msg(loaded == (all & ~mask_of(table, looks[_i].hidden)), "%s: %s loads %llx, want %llx", looks[_i].who,
        looks[_i].table,
                  (unsigned long long)loaded, (unsigned long long)(all & ~mask_of(table, looks[_i].hidden)));
    hgi_row_free(row);
    hg_conn_close(conn);
}
END_TEST

/* Naming it is refused with its ordinal, and nothing is sent. */
START_TEST(hidden_column_is_refused_before_anything_is_sent)
{
    const hgi_table *table = attack_table(looks[_i].table);
    uint64_t hidden = mask_of(table, looks[_i].hidden);
    hg_conn *conn = attack_open(looks[_i].who);
    hg_conn_stats before = { .struct_size = sizeof before }, after = { .struct_size = sizeof after };

    for (int32_t c = 0; c < table->info.column_count; c++) {
        hg_query *query;
        int64_t count;
        hg_error err;
        hg_status st;

        if (!(hidden & (UINT64_C(1) << c)))
            continue;
        query = hg_query_new(table->info.table);
        ck_assert_ptr_nonnull(query);
        ck_assert_int_eq(hg_query_where_null(query, c, 1, &err), HG_OK);
        hg_conn_get_stats(conn, &before, NULL);
        st = hgi_count(conn, table, query, &count, &err);
        hg_conn_get_stats(conn, &after, NULL);
        hg_query_free(query);
        ck_assert_msg(st == HG_E_DENIED && err.column == c, "%s: a filter by %s.%s gave %d, column %d",
            looks[_i].who, looks[_i].table,
                      table->info.columns[c].name, st, err.column);
        ck_assert_msg(before.round_trips == after.round_trips, "%s.%s was sent", looks[_i].table,
            table->info.columns[c].name);
    }
    hg_conn_close(conn);
}
END_TEST

/* What the library was generated with is what the database grants: its masks are grants.md's. */
START_TEST(library_knows_the_grants_of_grants_md)
{
    page p = open_page();

    while (next_row(&p)) {
        const hgi_table *table;
        int32_t role = HG_ROLE_ANON;

        if (p.count != 9 || !is_persona(p.cells[0]))
            continue;
        while (strcmp(policy_role_word(role), p.cells[0]) != 0)
            role++;
        table = attack_table(p.section);
        for (int32_t c = 0; c < table->info.column_count; c++) {
            uint64_t bit = UINT64_C(1) << c;
            const char *name = table->info.columns[c].name;

            ck_assert_msg(!(table->readable[role] & bit) == !may(p.cells[1], name), "%s reads %s.%s?", p.cells[0],
                p.section, name);
            ck_assert_msg(!(table->insertable[role] & bit) == !may(p.cells[2], name), "%s inserts %s.%s?",
                p.cells[0], p.section, name);
            ck_assert_msg(!(table->updatable[role] & bit) == !may(p.cells[3], name), "%s updates %s.%s?", p.cells[0],
                p.section, name);
        }
        ck_assert_msg(!(table->deletable & (1u << role)) == (strcmp(p.cells[4], "yes") != 0), "%s deletes %s?",
            p.cells[0], p.section);
    }
    close_page(&p);
}
END_TEST

Suite *
suite_policies_columns(void)
{
    Suite *suite = suite_create("policies/columns");
    TCase *tcase = tcase_create("columns");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, make, NULL);
    tcase_add_unchecked_fixture(tcase, open_connection, close_connection);       /* it is only asked */
    tcase_add_test(tcase, database_grants_what_grants_md_says);
    tcase_add_loop_test(tcase, secret_columns_of_security_md_are_granted_to_nobody_else, 0,
        sizeof secrets / sizeof secrets[0]);
    tcase_add_test(tcase, cards_are_granted_as_grants_md_says);
    tcase_add_test(tcase, cards_have_the_columns_of_grants_md);
    tcase_add_test(tcase, schema_has_no_other_views);
    tcase_add_loop_test(tcase, secret_columns_of_security_md_are_in_no_card, 0, sizeof unseen / sizeof unseen[0]);
    tcase_add_test(tcase, functions_are_as_grants_md_says);
    tcase_add_loop_test(tcase, hidden_column_is_not_loaded, 0, sizeof looks / sizeof looks[0]);
    tcase_add_loop_test(tcase, hidden_column_is_refused_before_anything_is_sent, 0, sizeof looks / sizeof looks[0]);
    tcase_add_test(tcase, library_knows_the_grants_of_grants_md);
    suite_add_tcase(suite, tcase);
    return suite;
}
