/* data.c - the same data everywhere: jobs of about 3.2 kB, by a fixed seed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

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

void
bench_fill(PGconn *admin, size_t jobs)
{
    static const char companies[] =
        "INSERT INTO companies (id, name, slug) SELECT md5('c' || i)::uuid, 'Company ' || i, 'company-' || i"
        " FROM generate_series(1, 500) i";
    static const char rows[] =
        "INSERT INTO jobs (id, company_id, title, slug, description, requirements, responsibilities, benefits, job_type,"
        " experience_level, location, remote_type, salary_min, salary_max, skills, department, application_deadline,"
        " ai_generated_content, seo_keywords)"
        " SELECT md5('j' || i)::uuid, md5('c' || (1 + i %% 500))::uuid, 'Engineer number ' || i, 'engineer-' || i,"
        " repeat('A sentence of a description. ', 40 + i %% 20), repeat('A requirement. ', 30), "
        " repeat('A duty of the job. ', 20), repeat('A benefit. ', 15),"
        " (ARRAY['full_time', 'part_time', 'contract', 'freelance', 'internship'])[1 + i %% 5],"
        " (ARRAY['entry', 'mid', 'senior', 'executive'])[1 + i %% 4], 'City ' || i %% 300,"
        " (ARRAY['on_site', 'remote', 'hybrid'])[1 + i %% 3], 40000 + i %% 50000, 60000 + i %% 90000,"
        " jsonb_build_array('C', 'SQL', 'skill ' || i %% 100), 'Department ' || i %% 20,"
        " timestamp '2026-12-01' + i * interval '1 minute', jsonb_build_object('summary', repeat('word ', 20)),"
        " ARRAY['keyword ' || i %% 10, 'another', 'third']"
        " FROM generate_series(1, %zu) i";
    char sql[2048];

    run(admin, "SET ROLE hotgigs_owner");
    run(admin, companies);
    snprintf(sql, sizeof sql, rows, jobs);
    run(admin, sql);
    run(admin, "RESET ROLE");
    run(admin, "VACUUM ANALYZE jobs");
}

void
bench_read_ids(bench *b)
{
    PGresult *result = PQexecParams(b->pg, "SELECT id FROM public.jobs ORDER BY id", 0, NULL, NULL, NULL, NULL, 1);
    uint64_t seed = 88172645463325252u;

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        bench_die("reading ids", PQresultErrorMessage(result));
    b->job_count = (size_t)PQntuples(result);
    b->job_ids = malloc(b->job_count * sizeof(hg_uuid));
    if (b->job_ids == NULL)
        bench_die("reading ids", "out of memory");
    for (size_t i = 0; i < b->job_count; i++)
        memcpy(b->job_ids[i].bytes, PQgetvalue(result, (int)i, 0), sizeof(hg_uuid));
    PQclear(result);
    for (size_t i = b->job_count; i > 1; i--) {          /* shuffled by xorshift */
        hg_uuid kept = b->job_ids[i - 1];

        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        b->job_ids[i - 1] = b->job_ids[seed % i];
        b->job_ids[seed % i] = kept;
    }
}

uint64_t
bench_sum_job(const hg_job *job)
{
    uint64_t sum = job->id.bytes[15] + job->company_id.bytes[15] + job->title.len + job->slug.len + job->description.len;

    sum += job->requirements.len + job->responsibilities.len + job->benefits.len + (uint64_t)job->job_type;
    sum += (uint64_t)job->experience_level + job->location.len + (uint64_t)job->remote_type;
    sum += (uint64_t)job->salary_min + (uint64_t)job->salary_max + job->salary_currency.len + job->skills.len;
    sum += job->department.len + (uint64_t)job->application_deadline + job->ai_generated_content.len;
    sum += (uint64_t)job->is_public + (uint64_t)job->view_count + (uint64_t)job->created_at + (uint64_t)job->null_mask;
    for (size_t i = 0; i < job->seo_keywords.count; i++)
        sum += job->seo_keywords.items[i].len;
    return sum;
}
