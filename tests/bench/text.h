/* text.h - a job decoded from text: of hand-written libpq, and of the peers that hand texts over. C and C++. */
#ifndef BENCH_TEXT_H
#define BENCH_TEXT_H

#include "hotgigs/hotgigs.h"

#define BENCH_JOB_COLUMNS \
    "id, company_id, posted_by, title, slug, description, requirements, responsibilities, benefits, job_type, " \
    "experience_level, location, remote_type, salary_min, salary_max, salary_currency, salary_period, skills, " \
    "department, employment_status, application_deadline, is_featured, is_public, view_count, application_count, " \
    "ai_generated_content, seo_keywords, created_at, updated_at"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_job {
    hg_job   row;
    hg_str   keywords[8];
    char     texts[256];
} bench_job;

int32_t  bench_parse_int(const char *p);
int32_t  bench_parse_enum(const char *p, const char *const *values, int32_t count);
void     bench_parse_list(const char *p, bench_job *job);   /* into seo_keywords */
uint64_t bench_sum_job(const hg_job *job);

#ifdef __cplusplus
}
#endif
#endif
