/* measure.c - timing two sides fairly on a noisy machine.
 *
 * The sides take turns, ours, theirs, theirs, ours, so that neither always finds the server's cache warmed by the other; the
 * result is the median of these ratios, with their middle half as the spread. Round trips are measured with client and
 * server on one core: waking a process on another core costs more than the whole call. What one side takes more is told as
 * CPU of both processes, which on one core is its time without that of others. */

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

enum { TURNS_MAX = 256 };

typedef struct sample {
    double wall;                /* microseconds a unit */
    double cpu;
    double server;              /* CPU of the server's processes */
    double allocations;
} sample;

/* ---- Allocations, libpq's included: malloc and friends are counted by standing before the C library's ------------------ */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *ptr, size_t size);

static unsigned long allocations;

void *malloc(size_t size) { allocations++; return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { allocations++; return __libc_calloc(count, size); }
void *realloc(void *ptr, size_t size) { allocations++; return __libc_realloc(ptr, size); }

/* ---- Cores -------------------------------------------------------------------------------------------------------------- */

static int
set_cores(pid_t pid, int pinned)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    for (int i = 0; i < (pinned ? 1 : (int)sysconf(_SC_NPROCESSORS_ONLN)); i++)
        CPU_SET((size_t)i, &set);
    return sched_setaffinity(pid, sizeof set, &set) == 0;
}

static pid_t
server_of(PGconn *pg)
{
    PGresult *result = PQexec(pg, "SELECT pg_backend_pid()");
    pid_t pid = (pid_t)atoi(PQgetvalue(result, 0, 0));

    PQclear(result);
    return pid;
}

void
bench_pin(bench *b, int pinned)
{
    PGconn *raw = hg_conn_pq(b->conn);

    PGconn *tenant = hg_conn_pq(b->tenant);

    if (!set_cores(0, pinned) || !set_cores(server_of(b->pg), pinned) || !set_cores(server_of(raw), pinned) ||
        !set_cores(server_of(tenant), pinned))
        printf("# not pinned: the server runs as another user\n");
    PQsetnonblocking(raw, 1);   /* as the library has it */
    PQsetnonblocking(tenant, 1);
}

/* Microseconds that the server's three processes have been on a core, whatever else runs on the machine; 0: not to be had,
 * on another machine or another system. */
static double
server_cpu(bench *b)
{
    PGconn *conns[] = { b->pg, hg_conn_pq(b->conn), hg_conn_pq(b->tenant) };
    double sum = 0;

    for (size_t i = 0; i < sizeof conns / sizeof conns[0]; i++) {
        char path[64];
        unsigned long long on_core = 0;
        FILE *file;

        snprintf(path, sizeof path, "/proc/%d/schedstat", PQbackendPID(conns[i]));
        file = fopen(path, "r");
        if (file == NULL || fscanf(file, "%llu", &on_core) != 1)
            on_core = 0;
        if (file != NULL)
            fclose(file);
        sum += (double)on_core / 1000;
    }
    return sum;
}

/* ---- Pairs --------------------------------------------------------------------------------------------------------------- */

static double
seconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static sample
one_turn(bench *b, const bench_workload *w, void (*run)(bench *))
{
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
    double units = (double)w->units * w->runs_a_turn;
    double server = server_cpu(b);
    unsigned long before = allocations;

    for (int i = 0; i < w->runs_a_turn; i++)
        run(b);
    wall = seconds(CLOCK_MONOTONIC) - wall;
    cpu = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    return (sample){ wall * 1e6 / units, cpu * 1e6 / units, (server_cpu(b) - server) / units,
                     (double)(allocations - before) / units };
}

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
at(double *values, int count, double share)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    return values[(int)(share * (count - 1) + 0.5)];
}

static void
print_ratio(const char *what, double *ratios, int count, double goal)
{
    double low = at(ratios, count, 0.25), middle = at(ratios, count, 0.5), high = at(ratios, count, 0.75);

    printf("  %-4s ratio %.3f (%.3f to %.3f)", what, middle, low, high);
    if (goal > 0)
        printf("  goal %.2f %s", goal, middle <= goal ? "met" : "MISSED");
    printf("\n");
}

/* ---- JSON: one workload a line, for tests/bench/draw and whoever compares runs ------------------------------------------ */

static FILE *json;
static int json_count;

void
bench_json_begin(const char *path, int server_version)
{
    json = fopen(path, "w");
    if (json == NULL)
        bench_die("writing", path);
    fprintf(json, "{\"cores\": %ld, \"libpq\": %d, \"server\": %d, \"workloads\": [", sysconf(_SC_NPROCESSORS_ONLN),
            PQlibVersion(), server_version);
}

void
bench_json_end(void)
{
    fprintf(json, "\n]}\n");
    fclose(json);
}

static void
write_ratio(const char *name, double *ratios, int count)
{
    fprintf(json, ", \"%s\": %.3f, \"%s_low\": %.3f, \"%s_high\": %.3f", name, at(ratios, count, 0.5), name,
            at(ratios, count, 0.25), name, at(ratios, count, 0.75));
}

static void
write_side(const char *side, const char *name, double wall, double cpu, double allocations_a_unit)
{
    fprintf(json, ", \"%s\": \"%s\", \"%s_wall_us\": %.3f, \"%s_cpu_us\": %.3f, \"%s_allocations\": %.3f", side, name, side,
            wall, side, cpu, side, allocations_a_unit);
}

static double
trips(bench *b)
{
    hg_conn_stats conn = { .struct_size = sizeof conn }, tenant = { .struct_size = sizeof tenant };

    hg_conn_get_stats(b->conn, &conn, NULL);
    hg_conn_get_stats(b->tenant, &tenant, NULL);
    return (double)(conn.round_trips + tenant.round_trips);
}

/* One pair: both sides do the same work, on the same rows; the second finds them in the server's cache. */
static void
one_pair(bench *b, const bench_workload *w, int ours_first, sample *ours, sample *theirs, double *waited)
{
    size_t first = b->next;
    uint64_t sums[2];

    for (int i = 0; i < 2; i++) {
        int is_ours = ours_first ? i == 0 : i == 1;
        sample *side = is_ours ? ours : theirs;
        double before = trips(b);
        sample one;

        b->next = first;
        b->checksum = 0;
        one = one_turn(b, w, is_ours ? w->ours : w->theirs);
        side->wall += one.wall / 2;
        side->cpu += one.cpu / 2;
        side->server += one.server / 2;
        side->allocations += one.allocations / 2;
        if (is_ours)
            *waited = trips(b) - before;
        sums[i] = b->checksum;
    }
    if (sums[0] != sums[1])
        bench_die(w->name, "the two sides decoded different values");
}

void
bench_measure(bench *b, const bench_workload *w)
{
    static double wall[TURNS_MAX], cpu[TURNS_MAX], above[TURNS_MAX], ours_wall[TURNS_MAX], ours_cpu[TURNS_MAX],
        theirs_wall[TURNS_MAX], theirs_cpu[TURNS_MAX];
    sample ours = { 0 }, theirs = { 0 };
    double waited = 0;

    bench_pin(b, w->pinned);
    for (int turn = -1; turn < w->turns; turn++) {       /* the first warms up */
        ours = theirs = (sample){ 0 };
        one_pair(b, w, 1, &ours, &theirs, &waited);
        one_pair(b, w, 0, &ours, &theirs, &waited);
        if (turn < 0)
            continue;
        wall[turn] = ours.wall / theirs.wall;
        cpu[turn] = ours.cpu / theirs.cpu;
        above[turn] = ours.cpu + ours.server - theirs.cpu - theirs.server;
        ours_wall[turn] = ours.wall, theirs_wall[turn] = theirs.wall;
        ours_cpu[turn] = ours.cpu, theirs_cpu[turn] = theirs.cpu;
    }
    printf("%s, a %s: %s %.2f us (CPU %.2f), %s %.2f us (CPU %.2f); allocations %.2f and %.2f\n", w->name, w->unit,
           w->ours_name, at(ours_wall, w->turns, 0.5), at(ours_cpu, w->turns, 0.5), w->theirs_name,
           at(theirs_wall, w->turns, 0.5), at(theirs_cpu, w->turns, 0.5), ours.allocations, theirs.allocations);
    if (w->above_goal > 0)
        printf("  %.1f us of CPU above, client's and server's (%.1f to %.1f)  goal %.0f %s\n", at(above, w->turns, 0.5),
               at(above, w->turns, 0.25), at(above, w->turns, 0.75), w->above_goal,
               at(above, w->turns, 0.5) <= w->above_goal ? "met" : "MISSED");
    print_ratio("wall", wall, w->turns, w->wall_goal);
    print_ratio("CPU", cpu, w->turns, w->cpu_goal);
    printf("  %.5f round trips a %s\n", waited / ((double)w->units * w->runs_a_turn), w->unit);
    fprintf(json, "%s\n{\"name\": \"%s\", \"unit\": \"%s\"", json_count++ > 0 ? "," : "", w->name, w->unit);
    write_side("ours", w->ours_name, at(ours_wall, w->turns, 0.5), at(ours_cpu, w->turns, 0.5), ours.allocations);
    write_side("theirs", w->theirs_name, at(theirs_wall, w->turns, 0.5), at(theirs_cpu, w->turns, 0.5), theirs.allocations);
    write_ratio("wall", wall, w->turns);
    write_ratio("cpu", cpu, w->turns);
    fprintf(json, ", \"round_trips\": %.5f}", waited / ((double)w->units * w->runs_a_turn));
    bench_pin(b, 0);
}
