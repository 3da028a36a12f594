/* data.c - the same data everywhere, ids and times included, by arithmetic and not by chance: jobs of about 3.2 kB, with their
 * companies, candidates, applications and events.
 *
 * Nobody did these rows, so the audit trail has none of them: a superuser loads as a replica does, without triggers; another
 * owner switches them off. Indexes that refuse no row are made after the rows, at once, and what is derived in between. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define TABLES "users, candidate_profiles, companies, company_members, jobs, job_skills, applications, analytics_events, tasks," \
               " system_metrics"

#define OF_INDEXES " FROM pg_index WHERE NOT indisunique AND indrelid IN "
#define OF_ROWS OF_INDEXES "(SELECT ('public.' || t)::regclass FROM unnest(regexp_split_to_array('" TABLES "', ', *')) t)"
#define OF_DERIVED OF_INDEXES "('hotgigs.open_jobs'::regclass)"

#define OPEN_JOBS "INSERT INTO hotgigs.open_jobs SELECT d.* FROM hotgigs.open_jobs_due() d WHERE d.job_id "
#define MIDDLE "'80000000-0000-0000-0000-000000000000'"

static char *indexes_of_rows[2], *indexes_of_derived[2];        /* what makes them again */

enum { PROSE = 6000 };          /* bytes that texts are cut from */
static int is_replica;

void
bench_die(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

static void
run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        bench_die("setting up the data", PQresultErrorMessage(result));
    PQclear(result);
}

/* For each of the tables: what stands in action, with its name for %I. */
static void
run_for_tables(PGconn *pg, const char *action)
{
    char sql[512];

    snprintf(sql, sizeof sql,
             "DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY regexp_split_to_array('" TABLES "', ', *') LOOP"
             " EXECUTE format('%s', name); END LOOP; END $$", action);
    run(pg, sql);
}

/* Sends what the other end of the connection is to do while this process goes on; bench_wait() waits for it. */
void
bench_send(PGconn *beside, const char *sql)
{
    if (!PQsendQuery(beside, sql))
        bench_die("setting up the data", PQerrorMessage(beside));
}

void
bench_wait(PGconn *beside)
{
    PGresult *result;

    while ((result = PQgetResult(beside)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            bench_die("setting up the data", PQresultErrorMessage(result));
        PQclear(result);
    }
}

static void
run_both(PGconn *pg, const char *sql, PGconn *beside, const char *sql_beside)
{
    bench_send(beside, sql_beside);
    run(pg, sql);
    bench_wait(beside);
}

/* Drops the indexes; keeps what makes them again, in two halves. */
static void
drop_indexes(PGconn *pg, const char *of, char *made_by[2])
{
    char sql[1024];
    PGresult *result;

    snprintf(sql, sizeof sql,
             "SELECT string_agg(made, ';') FILTER (WHERE half = 0), string_agg(made, ';') FILTER (WHERE half = 1), string_agg(dropped, ';')"
             " FROM (SELECT pg_get_indexdef(indexrelid) AS made, 'DROP INDEX ' || indexrelid::regclass AS dropped,"
             " row_number() OVER (ORDER BY indexrelid) %% 2 AS half %s) i", of);
    result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        bench_die("setting up the data", PQresultErrorMessage(result));
    for (int half = 0; half < 2; half++)
        made_by[half] = strdup(PQgetvalue(result, 0, half));
    run(pg, PQgetvalue(result, 0, 2));
    PQclear(result);
}

static void
make_indexes(PGconn *pg, PGconn *beside, char *made_by[2])
{
    run_both(pg, made_by[0], beside, made_by[1]);
    free(made_by[0]);
    free(made_by[1]);
}

static int
as_owner(PGconn *pg)
{
    PGresult *result = PQexec(pg, "SET session_replication_role = replica");
    int is_ok = PQresultStatus(result) == PGRES_COMMAND_OK;

    PQclear(result);
    run(pg, "SET ROLE hotgigs_owner");
    run(pg, "SET maintenance_work_mem = '256MB'");
    return is_ok;
}

void
bench_load_begin(PGconn *admin, PGconn *beside)
{
    is_replica = as_owner(admin);
    as_owner(beside);
    if (!is_replica)
        run_for_tables(admin, "ALTER TABLE public.%I DISABLE TRIGGER USER");
    drop_indexes(admin, OF_ROWS, indexes_of_rows);
    drop_indexes(admin, OF_DERIVED, indexes_of_derived);
    run(admin, "RESET ROLE");
}

/* What refill_open_jobs() does, in two halves at once: most of it is reading words. All tables are vacuumed here, and not by the
 * server's own process beside what is measured. */
void
bench_load_end(PGconn *admin, PGconn *beside)
{
    PGresult *vacuum;

    run(admin, "SET ROLE hotgigs_owner");
    make_indexes(admin, beside, indexes_of_rows);
    if (!is_replica)
        run_for_tables(admin, "ALTER TABLE public.%I ENABLE TRIGGER USER");
    run(admin, "SELECT hotgigs.refill_callers()");
    run_both(admin, OPEN_JOBS "< " MIDDLE, beside, OPEN_JOBS ">= " MIDDLE);
    run(admin, "SELECT hotgigs.refill_company_people()");
    make_indexes(admin, beside, indexes_of_derived);
    /* A table that is known to be empty would be read as a whole, by plans that are kept while it grows. */
    vacuum = PQexec(admin, "SELECT 'VACUUM ANALYZE ' || string_agg(oid::regclass::text, ', ') FROM pg_class WHERE relkind = 'r'"
                           " AND relnamespace IN ('public'::regnamespace, 'hotgigs'::regnamespace) AND pg_relation_size(oid) > 0");
    run(admin, PQgetvalue(vacuum, 0, 0));
    PQclear(vacuum);
    run(admin, "RESET ROLE");
}

/* Waits until the rows are on the disk, which else goes on for minutes beside what is measured. */
void
bench_settle(PGconn *admin)
{
    PQclear(PQexec(admin, "CHECKPOINT"));                /* where this role may */
    sync();
}

static void
fill(PGconn *pg, const char *sql, size_t rows)
{
    char text[2048];

    if (snprintf(text, sizeof text, "%s FROM generate_series(1, %zu) i", sql, rows) >= (int)sizeof text)
        bench_die("setting up the data", "a statement is too long");
    run(pg, text);
}

/* Sentences that a server compresses as little as people's, which repeated ones are not. No word of them is searched for. */
static const char *
prose(void)
{
    static const char words[][12] = {
        "the", "team", "builds", "and", "runs", "our", "payment", "platform", "with", "care", "you", "will", "design", "review",
        "test", "ship", "services", "that", "many", "customers", "rely", "on", "every", "day", "we", "offer", "flexible", "hours",
        "a", "budget", "for", "learning", "good", "health", "cover", "modern", "tools", "strong", "experience", "in", "at",
        "least", "two", "languages", "is", "required", "knowledge", "of", "databases", "helps", "from", "first", "sketch", "to",
        "daily", "operation", "clear", "writing", "matters", "as", "much", "code", "work", "closely", "product", "managers",
        "analysts", "partners", "across", "several", "countries", "travel", "rare", "remote", "days", "agreed", "within",
        "each", "group", "salary", "reflects", "what", "bring", "not", "where", "come", "applications", "are", "read", "by",
        "people", "who", "answer", "quickly", "quality", "security", "growth", "office", "city", "centre", "near", "trains",
        "friendly", "mentors", "support", "new", "colleagues", "during", "their", "months", "here", "plan", "measure", "improve",
    };
    static char text[PROSE + 16];
    uint64_t seed = 88172645463325252u;
    size_t len = 0;

    for (int i = 0; len < PROSE; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        len += (size_t)sprintf(text + len, "%s%s", words[seed % (sizeof words / sizeof words[0])], i % 11 == 10 ? ". " : " ");
    }
    return text;
}

/* Besides the jobs a fifth as many candidates, twice as many applications and skills in rows, five times as many events. The jobs
 * come in imports, 200 of a company in each: those of one have one created_at, which is the time of their transaction. */
void
bench_fill(PGconn *admin, size_t jobs)
{
    static const char companies[] =
        "INSERT INTO companies (id, name, slug, created_at, updated_at)"
        " SELECT md5('c' || i)::uuid, 'Company ' || i, 'company-' || i, " BENCH_BEGAN ", " BENCH_BEGAN;
    static const char job_rows[] =
        "INSERT INTO jobs (id, company_id, title, slug, description, requirements, responsibilities, benefits, job_type,"
        " experience_level, location, remote_type, salary_min, salary_max, skills, department, application_deadline,"
        " ai_generated_content, seo_keywords, created_at, updated_at)"
        " SELECT md5('j' || i)::uuid, md5('c' || (1 + (i - 1) / 200 %% 500))::uuid, 'Engineer number ' || i, 'engineer-' || i,"
        " convert_from(substr(prose, 1 + i * 37 %% 4400, 1160 + i %% 20 * 29), 'UTF8'),"
        " convert_from(substr(prose, 1 + i * 41 %% 4400, 450), 'UTF8'),"
        " convert_from(substr(prose, 1 + i * 43 %% 4400, 380), 'UTF8'),"
        " convert_from(substr(prose, 1 + i * 47 %% 4400, 165), 'UTF8'),"
        " (ARRAY['full_time', 'part_time', 'contract', 'freelance', 'internship'])[1 + i %% 5],"
        " (ARRAY['entry', 'mid', 'senior', 'executive'])[1 + i %% 4], 'City ' || i %% 300,"
        " (ARRAY['on_site', 'remote', 'hybrid'])[1 + i %% 3], 40000 + i %% 50000, 60000 + i %% 90000,"
        " jsonb_build_array('C', 'SQL', 'skill ' || i %% 100), 'Department ' || i %% 20,"
        " timestamp '2096-12-01' + i * interval '1 minute', jsonb_build_object('summary', repeat('word ', 20)),"
        " ARRAY['keyword ' || i %% 10, 'another', 'third'],"
        " " BENCH_BEGAN " + (i - 1) / 200 * interval '200 minutes', " BENCH_BEGAN " + (i - 1) / 200 * interval '200 minutes'"
        " FROM (SELECT convert_to('%s', 'UTF8') AS prose OFFSET 0) p, generate_series(1, %zu) i";
    static const char users[] =
        "INSERT INTO users (id, email, first_name, last_name, user_type, created_at, updated_at)"
        " SELECT md5('u' || i)::uuid, 'candidate' || i || '@example.com', 'First ' || i % 500, 'Last ' || i, 'candidate',"
        " " BENCH_BEGAN ", " BENCH_BEGAN;
    static const char candidates[] =
        "INSERT INTO candidate_profiles (id, user_id, headline, summary, experience_years, skills, availability, education_level,"
        " desired_salary_min, desired_salary_max, desired_locations, visibility_settings, created_at, updated_at)"
        " SELECT md5('candidate' || i)::uuid, md5('u' || i)::uuid, (ARRAY['Engineer', 'Nurse', 'Analyst'])[1 + i % 3] || ' of '"
        " || i % 30 || ' years', repeat('A sentence of a summary. ', 20) || CASE WHEN i % 50 = 0 THEN 'Rust.' ELSE '' END, i % 30,"
        " jsonb_build_array('C', 'skill ' || i % 100), (ARRAY['immediately', 'within_month', 'not_looking'])[1 + i / 3 % 3],"
        " (ARRAY['bachelor', 'master', 'doctorate'])[1 + i / 7 % 3], 30000 + i % 100 * 1000, 50000 + i % 100 * 1000,"
        " ARRAY['City ' || i % 300], CASE WHEN i / 10 % 10 < 7 THEN '{\"profile_public\": true, \"salary_visible\": true}' ELSE '{}' END::jsonb,"
        " " BENCH_BEGAN " + i * interval '1 minute', " BENCH_BEGAN " + i * interval '1 minute'";
    static const char events[] =
        "INSERT INTO analytics_events (id, user_id, event_type, event_data, session_id, ip_address, user_agent, created_at)"
        " SELECT md5('e' || i)::uuid, md5('u' || 1 + i %% %zu)::uuid, 'job_view', jsonb_build_object('job', i),"
        " 'visit ' || i / 7, '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',"
        " " BENCH_BEGAN " + i * interval '1 second'";
    char applications[1024], skills[512], all_events[1024], all_jobs[PROSE + 2048];
    size_t people = jobs / 5;

    snprintf(all_jobs, sizeof all_jobs, job_rows, prose(), jobs);
    snprintf(applications, sizeof applications,         /* no candidate applies twice for one job */
             "INSERT INTO applications (id, job_id, candidate_id, status, cover_letter, application_source, applied_at,"
             " last_updated_at, created_at)"
             " SELECT md5('a' || i)::uuid, md5('j' || 1 + (i + i / %zu * 777) %% %zu)::uuid, md5('candidate' || 1 + i %% %zu)::uuid,"
             " 'applied', repeat('A sentence of a letter. ', 20), 'direct', applied, applied, applied FROM (SELECT i, " BENCH_BEGAN " + i * interval '1 second' AS applied"
             " FROM generate_series(1, %zu) i) a", people, jobs, people, 2 * jobs);
    snprintf(skills, sizeof skills,
             "INSERT INTO job_skills (id, job_id, skill_name, created_at) SELECT md5('s' || i)::uuid, md5('j' || 1 + i %% %zu)::uuid,"
             " 'Tool ' || i %% 397, " BENCH_BEGAN, jobs);
    snprintf(all_events, sizeof all_events, events, people);
    run(admin, "SET ROLE hotgigs_owner");
    fill(admin, companies, 500);
    run(admin, all_jobs);
    fill(admin, skills, 2 * jobs);
    fill(admin, users, people);
    fill(admin, candidates, people);
    run(admin, applications);
    fill(admin, all_events, 5 * jobs);
    run(admin, "RESET ROLE");
}

/* The jobs once more, as the design document has the table: its four indexes (idx_...), and none that sql/ adds. */
void
bench_fill_document(PGconn *admin)
{
    run(admin, "CREATE SCHEMA document");
    run(admin, "CREATE TABLE document.jobs (LIKE public.jobs INCLUDING DEFAULTS INCLUDING CONSTRAINTS)");
    run(admin, "INSERT INTO document.jobs SELECT * FROM public.jobs ORDER BY created_at, id");
    run(admin, "DO $$ DECLARE definition text; BEGIN"
               " FOR definition IN SELECT replace(pg_get_indexdef(indexrelid), ' ON public.', ' ON document.') FROM pg_index"
               " WHERE indrelid = 'public.jobs'::regclass AND (indisprimary OR indexrelid::regclass::text ~ '^(public\\.)?idx_')"
               " LOOP EXECUTE definition; END LOOP; END $$");
    run(admin, "VACUUM ANALYZE document.jobs");
    run(admin, "GRANT USAGE ON SCHEMA document TO hotgigs_service");
    run(admin, "GRANT SELECT ON document.jobs TO hotgigs_service");
}

/* The ids that a statement finds in the order of their bytes, shuffled by xorshift: the same everywhere. */
hg_uuid *
bench_read_ids(PGconn *pg, const char *sql, size_t *count)
{
    PGresult *result = PQexecParams(pg, sql, 0, NULL, NULL, NULL, NULL, 1);
    uint64_t seed = 88172645463325252u;
    hg_uuid *ids;

    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) == 0)
        bench_die("reading ids", PQresultErrorMessage(result));
    *count = (size_t)PQntuples(result);
    ids = malloc(*count * sizeof *ids);
    if (ids == NULL)
        bench_die("reading ids", "out of memory");
    for (size_t i = 0; i < *count; i++)
        memcpy(ids[i].bytes, PQgetvalue(result, (int)i, 0), sizeof *ids);
    PQclear(result);
    for (size_t i = *count; i > 1; i--) {
        hg_uuid kept = ids[i - 1];

        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        ids[i - 1] = ids[seed % i];
        ids[seed % i] = kept;
    }
    return ids;
}
