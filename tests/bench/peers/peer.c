/* peer.c - measures one peer: PEER IDS_FILE DSN prints get's wall, CPU and sum, then list's, in microseconds a row, the median
 * of a few runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "peer.h"

enum { IDS_MAX = 2000, RUNS = 5 };

static char ids[IDS_MAX][HG_UUID_TEXT_SIZE];
static size_t id_count;

void
peer_die(const char *why)
{
    fprintf(stderr, "peer: %s\n", why);
    exit(1);
}

uint64_t
peer_sum_texts(const char *const *texts, const size_t *lengths)
{
    static const char *const types[] = { "full_time", "part_time", "contract", "freelance", "internship" };
    static const char *const levels[] = { "entry", "mid", "senior", "executive" };
    static const char *const remotes[] = { "on_site", "remote", "hybrid" };
    bench_job job;
    hg_job *row = &job.row;
    int c = 0;

    memset(row, 0, sizeof *row);
#define NEXT(assign) \
    do { \
        const char *v = texts[c]; \
        size_t n = lengths[c]; \
        (void)n; \
        if (v == NULL) \
            row->null_mask |= HG_BIT(c); \
        else \
            assign; \
        c++; \
    } while (0)
#define TEXT(field) NEXT(row->field = ((hg_str){ v, n }))
#define BOOL(field) NEXT(row->field = *v == 't' || *v == '1')
    NEXT(hg_uuid_parse(v, n, &row->id, NULL));
    NEXT(hg_uuid_parse(v, n, &row->company_id, NULL));
    NEXT(hg_uuid_parse(v, n, &row->posted_by, NULL));
    TEXT(title); TEXT(slug); TEXT(description); TEXT(requirements); TEXT(responsibilities); TEXT(benefits);
    NEXT(row->job_type = bench_parse_enum(v, types, 5));
    NEXT(row->experience_level = bench_parse_enum(v, levels, 4));
    TEXT(location);
    NEXT(row->remote_type = bench_parse_enum(v, remotes, 3));
    NEXT(row->salary_min = bench_parse_int(v));
    NEXT(row->salary_max = bench_parse_int(v));
    TEXT(salary_currency); TEXT(salary_period); TEXT(skills); TEXT(department); TEXT(employment_status);
    NEXT(hg_timestamp_parse(v, n, &row->application_deadline, NULL));
    BOOL(is_featured); BOOL(is_public);
    NEXT(row->view_count = bench_parse_int(v));
    NEXT(row->application_count = bench_parse_int(v));
    TEXT(ai_generated_content);
    NEXT(bench_parse_list(v, &job));
    NEXT(hg_timestamp_parse(v, n, &row->created_at, NULL));
    NEXT(hg_timestamp_parse(v, n, &row->updated_at, NULL));
#undef BOOL
#undef TEXT
#undef NEXT
    return bench_sum_job(row);
}

static void
read_ids(const char *path)
{
    FILE *file = fopen(path, "r");

    if (file == NULL)
        peer_die("the ids cannot be read");
    while (id_count < IDS_MAX && fscanf(file, "%36s", ids[id_count]) == 1)
        id_count++;
    fclose(file);
}

static double
seconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static uint64_t
get_all(void)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < id_count; i++)
        sum += peer_get(ids[i]);
    return sum;
}

static void
measure(uint64_t (*run)(void), size_t units)
{
    double wall[RUNS], cpu[RUNS];
    uint64_t sum = run();               /* warms up */

    for (int i = 0; i < RUNS; i++) {
        wall[i] = seconds(CLOCK_MONOTONIC), cpu[i] = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (run() != sum)
            peer_die("two runs decoded different values");
        wall[i] = seconds(CLOCK_MONOTONIC) - wall[i], cpu[i] = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu[i];
    }
    qsort(wall, RUNS, sizeof *wall, ascending);
    qsort(cpu, RUNS, sizeof *cpu, ascending);
    printf("%.3f|%.3f|%llu|", wall[RUNS / 2] * 1e6 / (double)units, cpu[RUNS / 2] * 1e6 / (double)units, (unsigned long long)sum);
}

int
main(int argc, char **argv)
{
    if (argc != 4)
        peer_die("usage: PEER IDS_FILE ROWS DSN");
    read_ids(argv[1]);
    peer_open(argv[3]);
    measure(get_all, id_count);
    measure(peer_list, (size_t)atol(argv[2]));
    printf("\n");
    peer_close();
    return 0;
}
