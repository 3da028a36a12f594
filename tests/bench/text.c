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

/* Its length and its last byte. */
static uint64_t
sum_text(hg_str text)
{
    return text.len > 0 ? text.len + (unsigned char)text.ptr[text.len - 1] : 0;
}

uint64_t
bench_sum_job(const hg_job *job)
{
    uint64_t sum = (uint64_t)job->id.bytes[15] + job->company_id.bytes[15] + job->posted_by.bytes[15];

    sum += sum_text(job->title) + sum_text(job->slug) + sum_text(job->description) + sum_text(job->requirements);
    sum += sum_text(job->responsibilities) + sum_text(job->benefits) + sum_text(job->location) + sum_text(job->department);
    sum += sum_text(job->salary_currency) + sum_text(job->salary_period) + sum_text(job->employment_status);
    sum += sum_text(job->skills) + sum_text(job->ai_generated_content);
    sum += (uint64_t)job->job_type + (uint64_t)job->experience_level + (uint64_t)job->remote_type;
    sum += (uint64_t)job->salary_min + (uint64_t)job->salary_max + (uint64_t)job->is_featured + (uint64_t)job->is_public;
    sum += (uint64_t)job->view_count + (uint64_t)job->application_count + (uint64_t)job->application_deadline;
    sum += (uint64_t)job->created_at + (uint64_t)job->updated_at + job->null_mask;
    for (size_t i = 0; i < job->seo_keywords.count; i++)
        sum += sum_text(job->seo_keywords.items[i]);
    return sum;
}
