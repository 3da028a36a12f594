/* text.c - values from their texts, as one parses them by hand, and what proves that two sides decoded the same. */
#include <string.h>

#include "text.h"

int32_t
bench_parse_int(const char *p)
{
    int32_t sign = *p == '-' ? -1 : 1, value = 0;

    for (p += *p == '-'; *p != '\0'; p++)
        value = 10 * value + (*p - '0');
    return sign * value;
}

int32_t
bench_parse_enum(const char *p, const char *const *values, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        if (strcmp(p, values[i]) == 0)
            return i + 1;
    return -1;
}

/* {a,"b c"}: quotes and backslashes as array_out writes them. */
void
bench_parse_list(const char *p, bench_job *job)
{
    char *out = job->texts;
    size_t count = 0;

    for (p++; *p != '}' && *p != '\0' && count < 8; count++) {
        int quoted = *p == '"';
        char *start = out;

        for (p += quoted; *p != '\0' && (quoted ? *p != '"' : *p != ',' && *p != '}'); p++)
            *out++ = *p == '\\' ? *++p : *p;
        p += quoted;
        p += *p == ',';
        job->keywords[count] = (hg_str){ start, (size_t)(out - start) };
        *out++ = '\0';
    }
    job->row.seo_keywords = (hg_str_list){ job->keywords, NULL, count };
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
