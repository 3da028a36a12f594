/* related.c - what belongs to the rows of a list, by every foreign key in both directions, against raw SQL. */
#include "fixture.h"
#include "query/query.h"
#include "record/record_int.h"
#include "suites.h"

#include <string.h>

static hg_uuid
id_at(const hgi_list *list, size_t i)
{
    hg_uuid id;

    memcpy(&id, hgi_field(list->table, 0, hgi_list_at(list, i)), sizeof id);
    return id;
}

static int
same(const hg_uuid *a, const hg_uuid *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* The rows with these ids in their order, by hgi_get_many(), which has none. */
static hgi_list *
list_of(const hgi_table *table, const hg_uuid *ids, size_t count)
{
    hgi_list *list = NULL;

    ck_ok(hgi_get_many(service, table, ids, count, &list, &err), err);
    ck_assert_uint_eq(hgi_list_count(list), count);
    return list;
}

static size_t
place_of(const hgi_list *list, const hg_uuid *id)
{
    for (size_t i = 0; i < hgi_list_count(list); i++) {
        hg_uuid at = id_at(list, i);

        if (same(&at, id))
            return i;
    }
    ck_abort_msg("the list has no row %s", uuid_text(id));
}

/* ---- Every foreign key ---------------------------------------------------------------------------------------------------- */

enum { FOREIGN_KEYS = 36 };

/* Foreign key number n: a table and a relation to many of it. */
static const hgi_table *
foreign_key(int n, int32_t *relation)
{
    for (int32_t t = 0; t < hgi_table_count; t++)
        for (*relation = 0; *relation < hgi_tables[t]->info.relation_count; ++*relation)
            if (hgi_tables[t]->info.relations[*relation].is_many && n-- == 0)
                return hgi_tables[t];
    ck_abort_msg("there are not so many foreign keys");
}

static int32_t
relation_back(const hgi_table *table, int32_t column)
{
    for (int32_t i = 0; i < table->info.relation_count; i++)
        if (!table->info.relations[i].is_many && table->info.relations[i].column == column)
            return i;
    ck_abort_msg("%s.%s has no relation", table->info.name, table->info.columns[column].name);
}

static void
refer(const hgi_table *child, int32_t column, const hg_uuid *row, const hg_uuid *to)
{
    sql_do("SET session_replication_role = replica; UPDATE public.%s SET %s = %s WHERE id = '%s'; "
           "SET session_replication_role = origin", child->info.name, child->info.columns[column].name,
           to != NULL ? fixture_text("'%s'", uuid_text(to)) : "NULL", uuid_text(row));
}

/* Whether row i has just these, in any order. */
static void
ck_related(const hg_related *related, size_t i, const hgi_table *other, const hg_uuid *wanted, size_t wanted_count)
{
    const hgi_list *list = hgi_related_list(related, other);
    size_t first = 99, count = 99;

    hg_related_of(related, i, &first, &count);
    ck_assert_msg(count == wanted_count, "row %zu has %zu %s, want %zu", i, count, other->info.name, wanted_count);
    for (size_t w = 0; w < wanted_count; w++) {
        int found = 0;

        for (size_t at = first; at < first + count; at++) {
            hg_uuid id = id_at(list, at);

            found += same(&id, &wanted[w]);
        }
        ck_assert_msg(found == 1, "row %zu: %s is there %d times", i, uuid_text(&wanted[w]), found);
    }
}

/* Whether several rows may refer to one: not if the column has a unique index of its own. */
static int
may_be_shared(const hgi_table *child, int32_t column)
{
    return sql_int("SELECT count(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
                   "WHERE i.indrelid = 'public.%s'::regclass AND i.indisunique AND i.indnkeyatts = 1 AND a.attname = '%s'",
                   child->info.name, child->info.columns[column].name) == 0;
}

START_TEST(each_foreign_key_is_followed_both_ways)
{
    int32_t relation;
    const hgi_table *parent = foreign_key(_i, &relation);
    const hg_relation_info *info = &parent->info.relations[relation];
    const hgi_table *child = hgi_tables[info->table];
    hg_uuid parents[3], children[4];
    hg_related *related = NULL;
    hgi_list *list;
    size_t shared = (size_t)may_be_shared(child, info->other_column);

    for (int i = 0; i < 3; i++)
        parents[i] = fixture_insert(parent->info.table);
    for (int i = 0; i < 4; i++)
        children[i] = fixture_insert(child->info.table);
    refer(child, info->other_column, &children[0], &parents[0]);
    refer(child, info->other_column, &children[1], shared ? &parents[0] : NULL);
    refer(child, info->other_column, &children[2], &parents[2]);
    refer(child, info->other_column, &children[3], NULL);

    list = list_of(parent, parents, 3);
    ck_ok(hgi_list_related(service, parent, list, relation, NULL, &related, &err), err);
    ck_assert_int_eq(hg_related_table(related), child->info.table);
    ck_assert_uint_eq(hgi_list_count(hgi_related_list(related, child)), 2 + shared);
    ck_related(related, place_of(list, &parents[0]), child, children, 1 + shared);
    ck_related(related, place_of(list, &parents[1]), child, NULL, 0);
    ck_related(related, place_of(list, &parents[2]), child, children + 2, 1);
    hg_related_free(related);
    hgi_list_free(list);

    list = list_of(child, children, 4);
    ck_ok(hgi_list_related(service, child, list, relation_back(child, info->other_column), NULL, &related, &err), err);
    ck_assert_uint_eq(hgi_list_count(hgi_related_list(related, parent)), 2);
    ck_related(related, place_of(list, &children[0]), parent, &parents[0], 1);
    ck_related(related, place_of(list, &children[1]), parent, &parents[0], shared);
    ck_related(related, place_of(list, &children[2]), parent, &parents[2], 1);
    ck_related(related, place_of(list, &children[3]), parent, NULL, 0);
    hg_related_free(related);
    hgi_list_free(list);
}
END_TEST

START_TEST(the_descriptors_have_each_foreign_key_twice)
{
    long found = 0;

    for (int32_t t = 0; t < hgi_table_count; t++) {
        const hg_table_info *info = &hgi_tables[t]->info;

        ck_assert_uint_eq(info->relation_stride, sizeof(hg_relation_info));
        for (int32_t r = 0; r < info->relation_count; r++) {
            const hg_relation_info *of = &info->relations[r];
            const hg_table_info *other = hg_table_describe(of->table);
            const hg_table_info *child = of->is_many ? other : info, *parent = of->is_many ? info : other;
            int32_t column = of->is_many ? of->other_column : of->column;

            found += sql_int("SELECT count(*) FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid "
                             "AND a.attnum = k.conkey[1] WHERE k.contype = 'f' AND k.conrelid = 'public.%s'::regclass "
                             "AND k.confrelid = 'public.%s'::regclass AND a.attname = '%s'", child->name, parent->name,
                             child->columns[column].name);
        }
    }
    ck_assert_int_eq(found, 2 * FOREIGN_KEYS);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM pg_constraint WHERE contype = 'f' "
                             "AND connamespace = 'public'::regnamespace"), FOREIGN_KEYS);
}
END_TEST

/* ---- Filters, order, and the first few of each ------------------------------------------------------------------------------- */

static hg_uuid company;

/* A company's jobs, as a list in the order of their titles, job0 job1 ...; skills by SQL. */
static hg_job_list *
jobs_with_skills(int count, const char *skills_sql)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_job_list *list = NULL;

    company = fixture_company(&user, HG_COMPANY_MEMBER_ROLE_VIEWER);
    sql_do("SET session_replication_role = replica");
    sql_do("INSERT INTO public.jobs (company_id, title, slug, description, job_type) "
           "SELECT '%s', 'job' || lpad(i::text, 6, '0'), 's' || i, 'd', 'full_time' FROM generate_series(0, %d) i",
           uuid_text(&company), count - 1);
    if (skills_sql != NULL)
        sql_do("INSERT INTO public.job_skills (job_id, skill_name, is_required, created_at) "
               "SELECT j.id, 'skill' || s, s %% 2 = 0, '2026-01-01'::timestamp + s * interval '1 day' "
               "FROM (SELECT id, row_number() OVER (ORDER BY title) - 1 AS n FROM public.jobs WHERE company_id = '%s') j, "
               "LATERAL generate_series(1, %s) s", uuid_text(&company), skills_sql);
    sql_do("SET session_replication_role = origin");
    ck_ok(hg_query_where_uuid(query, HG_JOB_COMPANY_ID, HG_OP_EQ, &company, &err), err);
    ck_ok(hg_query_order(query, HG_JOB_TITLE, HG_ASCENDING, HG_NULLS_DEFAULT, &err), err);
    ck_ok(hg_job_find(service, query, &list, &err), err);
    ck_assert_uint_eq(hg_job_list_count(list), (size_t)count);
    hg_query_free(query);
    return list;
}

START_TEST(the_newest_of_each_is_a_limit_of_one)
{
    hg_job_list *jobs = jobs_with_skills(5, "n");           /* job i has i skills */
    hg_query *query = hg_query_new(HG_TABLE_JOB_SKILLS);
    hg_related *related = NULL;
    const hg_job_skill_list *skills;

    ck_ok(hg_query_order(query, HG_JOB_SKILL_CREATED_AT, HG_DESCENDING, HG_NULLS_LAST, &err), err);
    ck_ok(hg_query_limit(query, 1, &err), err);
    ck_ok(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, query, &related, &err), err);
    skills = hg_job_skill_related_list(related);
    ck_assert_ptr_null(hg_company_related_list(related));
    for (size_t i = 0; i < 5; i++) {
        size_t first, count;

        hg_related_of(related, i, &first, &count);
        ck_assert_uint_eq(count, i == 0 ? 0 : 1);
        if (i > 0)
            ck_assert_str_eq(hg_job_skill_list_at(skills, first)->skill_name.ptr, fixture_text("skill%zu", i));
    }
    hg_related_free(related);

    ck_ok(hg_query_limit(query, 3, &err), err);
    ck_ok(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, query, &related, &err), err);
    skills = hg_job_skill_related_list(related);
    for (size_t i = 0; i < 5; i++) {
        size_t first, count;

        hg_related_of(related, i, &first, &count);
        ck_assert_uint_eq(count, i < 3 ? i : 3);
        for (size_t n = 0; n < count; n++)
            ck_assert_str_eq(hg_job_skill_list_at(skills, first + n)->skill_name.ptr, fixture_text("skill%zu", i - n));
    }
    hg_related_free(related);
    ck_ok(hg_query_limit(query, 0, &err), err);
    ck_ok(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, query, &related, &err), err);
    ck_assert_uint_eq(hg_job_skill_list_count(hg_job_skill_related_list(related)), 0);
    hg_related_free(related);
    hg_query_free(query);
    hg_job_list_free(jobs);
}
END_TEST

START_TEST(filters_order_and_columns_of_the_query_hold)
{
    hg_job_list *jobs = jobs_with_skills(3, "4");
    hg_query *query = hg_query_new(HG_TABLE_JOB_SKILLS);
    hg_related *related = NULL;

    ck_ok(hg_query_where_bool(query, HG_JOB_SKILL_IS_REQUIRED, HG_OP_EQ, 1, &err), err);
    ck_ok(hg_query_any(query, &err), err);
    ck_ok(hg_query_where_text(query, HG_JOB_SKILL_SKILL_NAME, HG_OP_EQ, "skill2", 6, &err), err);
    ck_ok(hg_query_where_text(query, HG_JOB_SKILL_SKILL_NAME, HG_OP_EQ, "skill4", 6, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_ok(hg_query_order(query, HG_JOB_SKILL_SKILL_NAME, HG_DESCENDING, HG_NULLS_DEFAULT, &err), err);
    ck_ok(hg_query_columns(query, HG_BIT(HG_JOB_SKILL_SKILL_NAME), &err), err);
    for (int limited = 0; limited < 2; limited++) {
        const hg_job_skill_list *skills;

        if (limited)
            ck_ok(hg_query_limit(query, 10, &err), err);
        ck_ok(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, query, &related, &err), err);
        skills = hg_job_skill_related_list(related);
        for (size_t i = 0; i < 3; i++) {
            const hg_job_skill *row;
            size_t first, count;

            hg_related_of(related, i, &first, &count);
            ck_assert_uint_eq(count, 2);
            row = hg_job_skill_list_at(skills, first);
            ck_assert_str_eq(row->skill_name.ptr, "skill4");
            ck_assert_str_eq(hg_job_skill_list_at(skills, first + 1)->skill_name.ptr, "skill2");
            ck_assert_uint_eq(row->loaded_mask, HG_BIT(HG_JOB_SKILL_ID) | HG_BIT(HG_JOB_SKILL_JOB_ID) |
                                                    HG_BIT(HG_JOB_SKILL_SKILL_NAME));
            ck_assert(same(&row->job_id, &hg_job_list_at(jobs, i)->id));
            ck_assert_uint_ne(row->row_version, 0);
        }
        hg_related_free(related);
    }
    hg_query_free(query);
    hg_job_list_free(jobs);
}
END_TEST

/* ---- Length ------------------------------------------------------------------------------------------------------------------- */

START_TEST(a_long_list_takes_one_round_trip)
{
    enum { JOBS = 5000 };
    hg_job_list *jobs = jobs_with_skills(JOBS, "n % 4");
    hg_related *related = NULL, *companies = NULL;
    const hg_job_skill_list *skills;
    size_t total = 0, first, count;
    uint64_t before = conn_stats(service).round_trips;

    ck_ok(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, NULL, &related, &err), err);
    ck_assert_uint_eq(conn_stats(service).round_trips - before, 1);
    skills = hg_job_skill_related_list(related);
    for (size_t i = 0; i < JOBS; i++) {
        hg_related_of(related, i, &first, &count);
        ck_assert_uint_eq(count, i % 4);
        for (size_t n = first; n < first + count; n++)
            ck_assert(same(&hg_job_skill_list_at(skills, n)->job_id, &hg_job_list_at(jobs, i)->id));
        total += count;
    }
    ck_assert_uint_eq(total, hg_job_skill_list_count(skills));

    ck_ok(hg_job_list_related(service, jobs, HG_REL_JOB_COMPANY, NULL, &companies, &err), err);
    ck_assert_uint_eq(hg_company_list_count(hg_company_related_list(companies)), 1);
    hg_related_of(companies, JOBS - 1, &first, &count);
    ck_assert(first == 0 && count == 1);
    hg_related_of(companies, JOBS, &first, &count);
    ck_assert(first == 0 && count == 0);
    hg_related_free(companies);
    hg_job_list_free(jobs);                    /* what is related needs it no more */
    ck_assert_str_eq(hg_job_skill_list_at(skills, 0)->skill_name.ptr, hg_job_skill_list_at(skills, 0)->skill_name.ptr);
    hg_related_free(related);
}
END_TEST

START_TEST(lists_without_rows_or_keys_ask_nothing)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_uuid none, job = fixture_insert(HG_TABLE_JOBS);
    hg_job_list *jobs = NULL;
    hg_related *related = NULL;
    uint64_t before;
    size_t count = 1;

    hg_uuid_new(&none);
    ck_ok(hg_job_get_many(service, &none, 1, &jobs, &err), err);
    before = conn_stats(service).round_trips;
    ck_ok(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, NULL, &related, &err), err);
    ck_assert_uint_eq(hg_job_skill_list_count(hg_job_skill_related_list(related)), 0);
    hg_related_free(related);
    hg_job_list_free(jobs);
    ck_assert_uint_eq(conn_stats(service).round_trips, before);

    ck_ok(hg_job_get_many(service, &job, 1, &jobs, &err), err);
    before = conn_stats(service).round_trips;
    ck_ok(hg_job_list_related(service, jobs, HG_REL_JOB_COMPANY, NULL, &related, &err), err);
    hg_related_of(related, 0, NULL, &count);
    ck_assert_uint_eq(count, 0);
    ck_assert_uint_eq(conn_stats(service).round_trips, before);
    hg_related_free(related);
    hg_job_list_free(jobs);
    hg_query_free(query);
}
END_TEST

/* ---- Rights -------------------------------------------------------------------------------------------------------------------- */

START_TEST(hidden_rows_are_simply_absent)
{
    hg_uuid mine = fixture_user(HG_USER_USER_TYPE_COMPANY), other = fixture_user(HG_USER_USER_TYPE_COMPANY);
    hg_uuid x = fixture_company(&mine, HG_COMPANY_MEMBER_ROLE_VIEWER), y = fixture_company(&other, HG_COMPANY_MEMBER_ROLE_ADMIN);
    hg_uuid jobs[] = { fixture_job(&x, 1), fixture_job(&y, 1) };
    hg_identity who = identity(HG_ROLE_COMPANY, &mine);
    hg_job_list *list = NULL;
    hg_related *related = NULL;

    for (int i = 0; i < 4; i++)
        sql_do("INSERT INTO public.applications (job_id) VALUES ('%s')", uuid_text(&jobs[i % 2]));
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_job_get_many(tenant, jobs, 2, &list, &err), err);
    ck_assert_uint_eq(hg_job_list_count(list), 2);          /* Y's job is public */
    ck_ok(hg_job_list_related(tenant, list, HG_REL_JOB_APPLICATIONS, NULL, &related, &err), err);
    for (size_t i = 0; i < 2; i++) {
        size_t count;

        hg_related_of(related, i, NULL, &count);
        ck_assert_uint_eq(count, same(&hg_job_list_at(list, i)->id, &jobs[0]) ? 2 : 0);
    }
    hg_related_free(related);
    ck_ok(hg_job_list_related(tenant, list, HG_REL_JOB_COMPANY, NULL, &related, &err), err);
    ck_assert_uint_eq(hg_company_list_count(hg_company_related_list(related)), 1);
    hg_related_free(related);

    hg_session_leave(tenant);
    ck_status(hg_job_list_related(tenant, list, HG_REL_JOB_APPLICATIONS, NULL, &related, &err), HG_E_DENIED, err);
    ck_assert_ptr_null(related);
    hg_job_list_free(list);
}
END_TEST

START_TEST(a_relation_by_a_hidden_column_is_denied)
{
    hg_uuid me = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_identity who = identity(HG_ROLE_CANDIDATE, &me);
    hg_related *related = NULL;
    hg_user_list *users = NULL;

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_user_get_many(tenant, &me, 1, &users, &err), err);
    ck_status(hg_user_list_related(tenant, users, HG_REL_USER_APPLICATION_TIMELINE, NULL, &related, &err), HG_E_DENIED, err);
    ck_column(err, HG_APPLICATION_TIMELINE_CHANGED_BY);
    ck_ok(hg_user_list_related(tenant, users, HG_REL_USER_DOCUMENTS, NULL, &related, &err), err);
    hg_related_free(related);
    hg_user_list_free(users);
}
END_TEST

/* ---- Arguments and failures ------------------------------------------------------------------------------------------------------ */

START_TEST(wrong_arguments_are_refused)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS), *skills = hg_query_new(HG_TABLE_JOB_SKILLS);
    hg_uuid job = fixture_insert(HG_TABLE_JOBS);
    hg_related *related = (hg_related *)&job;
    hg_job_list *jobs = NULL;
    size_t first = 1, count = 1;

    ck_ok(hg_query_where_uuid(query, HG_JOB_ID, HG_OP_EQ, &job, &err), err);
    ck_ok(hg_query_columns(query, HG_BIT(HG_JOB_TITLE), &err), err);
    ck_ok(hg_job_find(service, query, &jobs, &err), err);
    ck_status(hg_job_list_related(service, jobs, HG_REL_JOB_COMPANY, NULL, &related, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_COMPANY_ID);
    ck_assert_ptr_null(related);
    ck_status(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, query, &related, &err), HG_E_INVALID, err);
    ck_status(hg_job_list_related(service, jobs, -1, NULL, &related, &err), HG_E_INVALID, err);
    ck_status(hg_job_list_related(service, jobs, 99, NULL, &related, &err), HG_E_INVALID, err);
    ck_status(hg_job_list_related(service, NULL, HG_REL_JOB_JOB_SKILLS, NULL, &related, &err), HG_E_INVALID, err);
    ck_status(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, NULL, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_job_list_related(NULL, jobs, HG_REL_JOB_JOB_SKILLS, NULL, &related, &err), HG_E_INVALID, err);
    ck_ok(hg_query_lock(skills, HG_LOCK_UPDATE, &err), err);
    ck_status(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, skills, &related, &err), HG_E_INVALID, err);
    hg_related_of(NULL, 0, &first, &count);
    ck_assert(first == 0 && count == 0);
    ck_assert_int_eq(hg_related_table(NULL), -1);
    hg_related_free(NULL);
    hg_job_list_free(jobs);
    hg_query_free(skills);
    hg_query_free(query);
}
END_TEST

START_TEST(inside_a_transaction_it_sees_its_own_rows)
{
    hg_uuid job = fixture_insert(HG_TABLE_JOBS);
    hg_job_skill row = { .struct_size = sizeof row, .job_id = job, .skill_name = str_of("C") };
    hg_job_list *jobs = NULL;
    hg_related *related = NULL;

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(hg_job_skill_insert(service, &row, HG_BIT(HG_JOB_SKILL_JOB_ID) | HG_BIT(HG_JOB_SKILL_SKILL_NAME), NULL, &err), err);
    ck_ok(hg_job_get_many(service, &job, 1, &jobs, &err), err);
    ck_ok(hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, NULL, &related, &err), err);
    ck_assert_str_eq(hg_job_skill_list_at(hg_job_skill_related_list(related), 0)->skill_name.ptr, "C");
    ck_ok(hg_tx_rollback(service, &err), err);
    hg_related_free(related);
    hg_job_list_free(jobs);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    hg_job_list *jobs = jobs_with_skills(3, "2");
    hg_related *related = NULL;
    long n;

    for (n = 1;; n++) {
        hg_status st;

        hgi_fault_at(n);
        st = hg_job_list_related(service, jobs, HG_REL_JOB_JOB_SKILLS, NULL, &related, &err);
        hgi_fault_at(0);
        if (st == HG_OK)
            break;
        ck_status(st, HG_E_NOMEM, err);
        ck_assert_ptr_null(related);
        ck_assert_int_lt(n, 100);
    }
    ck_assert_int_gt(n, 3);
    hg_related_free(related);
    hg_job_list_free(jobs);
}
END_TEST

Suite *
suite_query_related(void)
{
    Suite *s = suite_create("query/related");
    TCase *tc = tcase_create("lists");

    tcase_add_checked_fixture(tc, fixture_open_tenant, fixture_close);
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, each_foreign_key_is_followed_both_ways, 0, FOREIGN_KEYS);
    tcase_add_test(tc, the_descriptors_have_each_foreign_key_twice);
    tcase_add_test(tc, the_newest_of_each_is_a_limit_of_one);
    tcase_add_test(tc, filters_order_and_columns_of_the_query_hold);
    tcase_add_test(tc, a_long_list_takes_one_round_trip);
    tcase_add_test(tc, lists_without_rows_or_keys_ask_nothing);
    tcase_add_test(tc, hidden_rows_are_simply_absent);
    tcase_add_test(tc, a_relation_by_a_hidden_column_is_denied);
    tcase_add_test(tc, wrong_arguments_are_refused);
    tcase_add_test(tc, inside_a_transaction_it_sees_its_own_rows);
    tcase_add_test(tc, every_allocation_may_fail);
    suite_add_tcase(s, tc);
    return s;
}
