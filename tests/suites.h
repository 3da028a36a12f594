/* suites.h - every suite, a line each, in the order of the layers: what fails first is what the rest stands on.
 *
 * A suite's name is the path of its file without the folder unit: value/time is tests/unit/value/time.c, tables/masks
 * is tests/tables/masks.c. One that needs a database says so here, and is skipped where HOTGIGS_TEST_..._DSN is not
 * set. OF_THE_SERVER: it needs a database, and is about what that answers, or how it plans, alone; a second process runs those
 * beside the others, in databases of its own (tests/run).
 * To add a suite, add its line: it is declared and run by that. */
#ifndef TESTS_SUITES_H
#define TESTS_SUITES_H

#include <check.h>

enum { NO_DATABASE, NEEDS_DATABASE, OF_THE_SERVER };

#define SUITES(X) \
    X("memory/alloc",            suite_memory_alloc,            NO_DATABASE) \
    X("memory/buffer",           suite_memory_buffer,           NO_DATABASE) \
    X("memory/arena",            suite_memory_arena,            NO_DATABASE) \
    X("value/error",             suite_value_error,             NO_DATABASE) \
    X("value/bytes",             suite_value_bytes,             NO_DATABASE) \
    X("value/text",              suite_value_text,              NO_DATABASE) \
    X("value/text_handle",       suite_value_text_handle,       NO_DATABASE) \
    X("value/uuid",              suite_value_uuid,              NO_DATABASE) \
    X("value/date",              suite_value_date,              NO_DATABASE) \
    X("value/time",              suite_value_time,              NO_DATABASE) \
    X("value/decimal",           suite_value_decimal,           NO_DATABASE) \
    X("value/decimal_malformed", suite_value_decimal_malformed, NO_DATABASE) \
    X("value/inet",              suite_value_inet,              NO_DATABASE) \
    X("value/text_list",         suite_value_text_list,         NO_DATABASE) \
    X("value/uuid_list",         suite_value_uuid_list,         NO_DATABASE) \
    X("value/json",              suite_value_json,              NO_DATABASE) \
    X("value/json_walk",         suite_value_json_walk,         NO_DATABASE) \
    X("value/json_escape",       suite_value_json_escape,       NO_DATABASE) \
    X("value/sha256",            suite_value_sha256,            NO_DATABASE) \
    X("record/describe",         suite_record_describe,         NO_DATABASE) \
    X("record/draft",            suite_record_draft,            NO_DATABASE) \
    X("record/column_text",      suite_record_column_text,      NO_DATABASE) \
    X("record/json_out",         suite_record_json_out,         NO_DATABASE) \
    X("record/json_in",          suite_record_json_in,          NO_DATABASE) \
    X("record/json_tree",        suite_record_json_tree,        NO_DATABASE) \
    X("tables/json",             suite_tables_json,             NO_DATABASE) \
    X("link/error",              suite_link_error,              NEEDS_DATABASE) \
    X("link/connect",            suite_link_connect,            NEEDS_DATABASE) \
    X("link/statement",          suite_link_statement,          NEEDS_DATABASE) \
    X("link/call",               suite_link_call,               NEEDS_DATABASE) \
    X("link/wait",               suite_link_wait,               NEEDS_DATABASE) \
    X("link/lost",               suite_link_lost,               NEEDS_DATABASE) \
    X("link/notice",             suite_link_notice,             NEEDS_DATABASE) \
    X("link/tls",                suite_link_tls,                NEEDS_DATABASE) \
    X("tables/property",         suite_tables_property,         NEEDS_DATABASE) \
    X("tables/unreadable",       suite_tables_unreadable,       NEEDS_DATABASE) \
    X("tables/masks",            suite_tables_masks,            NEEDS_DATABASE) \
    X("tables/roles",            suite_tables_roles,            NEEDS_DATABASE) \
    X("tables/versions",         suite_tables_versions,         NEEDS_DATABASE) \
    X("tables/upsert",           suite_tables_upsert,           NEEDS_DATABASE) \
    X("tables/batch",            suite_tables_batch,            NEEDS_DATABASE) \
    X("session/session",         suite_session_session,         NEEDS_DATABASE) \
    X("session/tx",              suite_session_tx,              NEEDS_DATABASE) \
    X("session/retry",           suite_session_retry,           NEEDS_DATABASE) \
    X("session/pool",            suite_session_pool,            NEEDS_DATABASE) \
    X("session/batch",           suite_session_batch,           NEEDS_DATABASE) \
    X("fuzz/corpus",             suite_fuzz_corpus,             NO_DATABASE) \
    X("fault/alloc",             suite_fault_alloc,             NEEDS_DATABASE) \
    X("fault/proxy",             suite_fault_proxy,             NEEDS_DATABASE) \
    X("query/views",             suite_query_views,             NEEDS_DATABASE) \
    X("query/views_columns",     suite_query_views_columns,     OF_THE_SERVER) \
    X("query/aggregate",         suite_query_aggregate,         NEEDS_DATABASE) \
    X("query/related",           suite_query_related,           NEEDS_DATABASE) \
    X("operations/analytics_company", suite_operations_analytics_company, NEEDS_DATABASE) \
    X("operations/analytics_people", suite_operations_analytics_people, NEEDS_DATABASE) \
    X("operations/analytics_platform", suite_operations_analytics_platform, NEEDS_DATABASE) \
    X("operations/analytics_series", suite_operations_analytics_series, NEEDS_DATABASE) \
    X("operations/application_set_status", suite_operations_application_set_status, NEEDS_DATABASE) \
    X("operations/application_submit", suite_operations_application_submit, NEEDS_DATABASE) \
    X("operations/candidate_get_by_user", suite_operations_candidate_get_by_user, NEEDS_DATABASE) \
    X("operations/companies",     suite_operations_companies,    NEEDS_DATABASE) \
    X("operations/companies_members", suite_operations_companies_members, NEEDS_DATABASE) \
    X("operations/identity",      suite_operations_identity,     NEEDS_DATABASE) \
    X("operations/plans",         suite_operations_plans,        OF_THE_SERVER) \
    X("operations/identity_profile", suite_operations_identity_profile, NEEDS_DATABASE) \
    X("operations/job_count_view", suite_operations_job_count_view, NEEDS_DATABASE) \
    X("operations/job_set_state", suite_operations_job_set_state, NEEDS_DATABASE) \
    X("operations/job_similar",   suite_operations_job_similar,  NEEDS_DATABASE) \
    X("operations/messages",      suite_operations_messages,     NEEDS_DATABASE) \
    X("operations/messages_email", suite_operations_messages_email, NEEDS_DATABASE) \
    X("operations/run",           suite_operations_run,          NEEDS_DATABASE) \
    X("operations/user_credentials", suite_operations_user_credentials, NEEDS_DATABASE) \
    X("query/explain",            suite_query_explain,           NEEDS_DATABASE) \
    X("query/in_lists",           suite_query_in_lists,          NEEDS_DATABASE) \
    X("query/misuse",             suite_query_misuse,            NEEDS_DATABASE) \
    X("query/operators",          suite_query_operators,         NEEDS_DATABASE) \
    X("query/pages",              suite_query_pages,             NEEDS_DATABASE) \
    X("query/depth",              suite_query_depth,             NEEDS_DATABASE) \
    X("query/random",             suite_query_random,            NEEDS_DATABASE) \
    X("query/stream",             suite_query_stream,            NEEDS_DATABASE) \
    X("query/copy",               suite_query_copy,              NEEDS_DATABASE) \
    X("query/writes",             suite_query_writes,            NEEDS_DATABASE) \
    X("operations/applications",  suite_operations_applications, NEEDS_DATABASE) \
    X("operations/applications_bulk", suite_operations_applications_bulk, NEEDS_DATABASE) \
    X("operations/applications_reading", suite_operations_applications_reading, NEEDS_DATABASE) \
    X("operations/applications_steps", suite_operations_applications_steps, NEEDS_DATABASE) \
    X("operations/documents",     suite_operations_documents,    NEEDS_DATABASE) \
    X("operations/interviews",    suite_operations_interviews,   NEEDS_DATABASE) \
    X("operations/referrals",     suite_operations_referrals,    NEEDS_DATABASE) \
    X("operations/every",         suite_operations_every,        NEEDS_DATABASE) \
    X("operations/races",         suite_operations_races,        NEEDS_DATABASE) \
    X("operations/rules",         suite_operations_rules,        NEEDS_DATABASE) \
    X("operations/rules_facts",   suite_operations_rules_facts,  NEEDS_DATABASE) \
    X("operations/candidates",    suite_operations_candidates,   NEEDS_DATABASE) \
    X("operations/candidates_history", suite_operations_candidates_history, NEEDS_DATABASE) \
    X("operations/jobs",          suite_operations_jobs,         NEEDS_DATABASE) \
    X("operations/search",        suite_operations_search,       NEEDS_DATABASE) \
    X("operations/search_pages",  suite_operations_search_pages, OF_THE_SERVER) \
    X("operations/search_plans",  suite_operations_search_plans, OF_THE_SERVER) \
    X("operations/search_skills", suite_operations_search_skills, OF_THE_SERVER) \
    X("operations/search_people", suite_operations_search_people, OF_THE_SERVER) \
    X("operations/search_odd",    suite_operations_search_odd,    NEEDS_DATABASE) \
    X("audit/trail",              suite_audit_trail,             OF_THE_SERVER) \
    X("audit/record",             suite_audit_record,            NEEDS_DATABASE) \
    X("audit/evidence",           suite_audit_evidence,          NEEDS_DATABASE) \
    X("audit/seals",              suite_audit_seals,             NEEDS_DATABASE) \
    X("privacy/erase",         suite_privacy_erase,          NEEDS_DATABASE) \
    X("privacy/ledger",        suite_privacy_ledger,         NEEDS_DATABASE) \
    X("privacy/retention",     suite_privacy_retention,      NEEDS_DATABASE) \
    X("privacy/export",        suite_privacy_export,         NEEDS_DATABASE) \
    X("privacy/export_pieces", suite_privacy_export_pieces,  NEEDS_DATABASE) \
    X("privacy/export_masks",  suite_privacy_export_masks,   NEEDS_DATABASE) \
    X("privacy/export_import", suite_privacy_export_import,  NEEDS_DATABASE) \
    X("privacy/export_resume", suite_privacy_export_resume,  NEEDS_DATABASE) \
    X("policies/lints",          suite_policies_lints,          OF_THE_SERVER) \
    X("policies/columns",        suite_policies_columns,        OF_THE_SERVER) \
    X("policies/matrix",         suite_policies_matrix,         OF_THE_SERVER) \
    X("policies/leaks",          suite_policies_leaks,          NEEDS_DATABASE) \
    X("policies/oracle",         suite_policies_oracle,         OF_THE_SERVER) \
    X("policies/pooler",         suite_policies_pooler,         NEEDS_DATABASE) \
    X("policies/restore",        suite_policies_restore,        OF_THE_SERVER) \
    X("policies/supabase",       suite_policies_supabase,       OF_THE_SERVER) \
    X("policies/plans",          suite_policies_plans,          OF_THE_SERVER) \
    X("policies/steady_plans",   suite_policies_steady_plans,   OF_THE_SERVER) \
    X("schema/split",            suite_schema_split,            NO_DATABASE) \
    X("schema/status",           suite_schema_status,           NEEDS_DATABASE) \
    X("schema/apply",            suite_schema_apply,            NEEDS_DATABASE) \
    X("schema/lock",             suite_schema_lock,             NEEDS_DATABASE) \
    X("schema/adopt",            suite_schema_adopt,            NEEDS_DATABASE) \
    X("schema/concurrent",       suite_schema_concurrent,       NEEDS_DATABASE) \
    X("schema/verify",           suite_schema_verify,           NEEDS_DATABASE) \
    X("schema/check",            suite_schema_check,            NEEDS_DATABASE) \
    X("schema/document",         suite_schema_document,         NEEDS_DATABASE) \
    X("schema/faults",           suite_schema_faults,           NEEDS_DATABASE)

/* With ThreadSanitizer some of them are built (Makefile), the others NULL. */
#ifdef __SANITIZE_THREAD__
#define SUITE_DECLARE(name, make, needs) __attribute__((weak)) Suite *make(void);
#else
#define SUITE_DECLARE(name, make, needs) Suite *make(void);
#endif
SUITES(SUITE_DECLARE)
#undef SUITE_DECLARE

#endif
