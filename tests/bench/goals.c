/* goals.c - what each workload is to reach, in one table: must, and superb. A ratio is to the same by hand with texts from
 * prepared statements, in one result, unless the workload's name says beside what; a page of cards is beside whole rows of a
 * table that has the document's indexes alone. What was measured is told beside its goal at once, and all of it at the end.
 * Nothing fails here: a machine is noisy, and counts are tested (tests/bench/counts). */
#include <stdio.h>
#include <string.h>

#include "bench.h"

static const char *const units[] = { "wall", "CPU", "us of CPU above", "memory", "MiB", "ms" };

static struct goal {
    const char *workload;
    int         what;           /* BENCH_WALL ... */
    double      must;
    double      superb;         /* 0: none */
    double      value;          /* of this run */
    int         is_measured;
} goals[] = {
    { "get by primary key", BENCH_CPU, 1.00, 0.95, 0, 0 },
    { "get by primary key", BENCH_WALL, 1.02, 0, 0, 0 },
    { "get by primary key in a session", BENCH_ABOVE, 18, 14, 0, 0 },
    { "get of a row behind a helper", BENCH_ABOVE, 18, 14, 0, 0 },
    { "50 jobs by id", BENCH_CPU, 0.40, 0.35, 0, 0 },
    { "50 jobs by id", BENCH_WALL, 0.65, 0.60, 0, 0 },
    { "list of all jobs", BENCH_CPU, 1.00, 0.93, 0, 0 },
    { "list of all jobs", BENCH_WALL, 0.95, 0.90, 0, 0 },
    { "list of all jobs", BENCH_MEMORY, 0.85, 0.78, 0, 0 },
    { "stream of all jobs", BENCH_CPU, 0.60, 0.54, 0, 0 },      /* an export by COPY */
    { "stream of all jobs", BENCH_WALL, 0.92, 0.89, 0, 0 },
    { "stream of 2,500 by rows", BENCH_CPU, 0.70, 0.64, 0, 0 },
    { "stream of 2,500 by rows", BENCH_WALL, 0.92, 0.89, 0, 0 },
    { "stream of all jobs", BENCH_MIB, 16, 0, 0, 0 },
    { "insert", BENCH_CPU, 1.05, 1.00, 0, 0 },
    { "insert", BENCH_WALL, 1.02, 1.00, 0, 0 },
    { "insert, and the row back", BENCH_CPU, 1.05, 1.00, 0, 0 },
    { "insert, and the row back", BENCH_WALL, 1.02, 1.00, 0, 0 },
    { "insert in a batch", BENCH_CPU, 0.28, 0.23, 0, 0 },
    { "insert in a batch", BENCH_WALL, 0.88, 0.84, 0, 0 },
    { "insert in a batch, 0.5 ms away", BENCH_WALL, 1 / 10.0, 1 / 13.0, 0, 0 },
    { "bulk insert", BENCH_WALL, 1.10, 1.06, 0, 0 },
    { "bulk insert in a session", BENCH_WALL, 1.10, 1.06, 0, 0 },
    { "page of 50", BENCH_CPU, 0.92, 0.86, 0, 0 },
    { "page of 50 as cards", BENCH_WALL, 0.20, 0.17, 0, 0 },
    { "transaction of 5", BENCH_CPU, 1.05, 1.02, 0, 0 },
    { "transaction of 5", BENCH_WALL, 1.02, 1.00, 0, 0 },
    { "transaction of 5 in a batch", BENCH_CPU, 0.36, 0.31, 0, 0 },
    { "transaction of 5 in a batch", BENCH_WALL, 0.80, 0.75, 0, 0 },
    { "transaction of 5 in a batch, 0.5 ms away", BENCH_WALL, 0.19, 0.175, 0, 0 },
    { "8 threads through the pool", BENCH_WALL, 1 / 0.97, 1 / 0.99, 0, 0 },
    { "get, 0.5 ms away", BENCH_WALL, 1.02, 0, 0, 0 },
    { "transaction of 5, 0.5 ms away", BENCH_WALL, 1.02, 0, 0, 0 },
    { "bulk insert and its trail", BENCH_WALL, 2.00, 0, 0, 0 },
    { "erasure, tombstone", BENCH_MS, 50, 0, 0, 0 },
    { "erasure, delete", BENCH_MS, 50, 0, 0, 0 },
};

enum { GOALS = sizeof goals / sizeof goals[0] };

static const char *
verdict(const struct goal *g)
{
    return g->value > g->must ? "MISSED" : g->superb > 0 && g->value <= g->superb ? "superb" : "met";
}

void
bench_goal(const char *workload, int what, double value)
{
    for (struct goal *g = goals; g < goals + GOALS; g++)
        if (g->what == what && strcmp(g->workload, workload) == 0) {
            g->value = value, g->is_measured = 1;
            printf("  goal %.4g", g->must);
            if (g->superb > 0)
                printf(", superb %.4g", g->superb);
            printf(": %s", verdict(g));
        }
}

void
bench_goals_tell(void)
{
    int counts[2] = { 0, 0 };

    printf("\n%-42s %-16s %8s %8s %8s\n", "# goals of this run", "", "measured", "must", "superb");
    for (const struct goal *g = goals; g < goals + GOALS; g++) {
        if (!g->is_measured)
            continue;
        printf("%-42s %-16s %8.3f %8.3f ", g->workload, units[g->what], g->value, g->must);
        if (g->superb > 0)
            printf("%8.3f  %s\n", g->superb, verdict(g));
        else
            printf("%8s  %s\n", "", verdict(g));
        counts[g->value <= g->must]++;
        bench_json_goal(g->workload, units[g->what], g->value, g->must, g->superb, verdict(g));
    }
    printf("# %d met, %d missed; instructions, allocations and round trips have theirs in make check (tests/bench/counts/run)\n",
           counts[1], counts[0]);
}
