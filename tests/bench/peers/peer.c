/* peer.c - one peer at work: PEER IDS_FILE DSN reads orders, "get 300" or "list 1", and answers each with its wall and CPU time
 * in microseconds and the sum of what it decoded. Who gives the orders lets the peers take turns (tests/bench/peers.c).
 *
 * The first two ids are of a user and an application, for the writes; the others are of jobs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "peer.h"

enum { IDS_MAX = 2002 };

static char ids[IDS_MAX][HG_UUID_TEXT_SIZE];
static size_t id_count, next = 2;

const char *peer_user = ids[0], *peer_application = ids[1];

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

static uint64_t
get_next(void)
{
    const char *id = ids[next];

    next = next + 1 < id_count ? next + 1 : 2;
    return peer_get(id);
}

static uint64_t
insert(void)
{
    peer_insert();
    return 1;
}

static uint64_t
transaction(void)
{
    peer_transaction();
    return 1;
}

static const struct { const char *name; uint64_t (*run)(void); } orders[] = {
    { "get", get_next }, { "list", peer_list }, { "page", peer_page }, { "insert", insert }, { "transaction", transaction },
};

static void
obey(const char *name, long times)
{
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    uint64_t sum = 0;
    size_t i = 0;

    while (i < sizeof orders / sizeof orders[0] && strcmp(orders[i].name, name) != 0)
        i++;
    if (i == sizeof orders / sizeof orders[0])
        peer_die("there is no such order");
    while (times-- > 0)
        sum += orders[i].run();
    wall = seconds(CLOCK_MONOTONIC) - wall, cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("%.3f %.3f %llu\n", wall * 1e6, cpu * 1e6, (unsigned long long)sum);
    fflush(stdout);
}

int
main(int argc, char **argv)
{
    char name[16];
    long times;

    if (argc != 3)
        peer_die("usage: PEER IDS_FILE DSN");
    read_ids(argv[1]);
    peer_open(argv[2]);
    printf("ready\n");
    fflush(stdout);
    while (scanf("%15s %ld", name, &times) == 2)
        obey(name, times);
    peer_close();
    return 0;
}
