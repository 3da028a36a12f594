/* measure.c - timing two sides fairly on a noisy machine.
 *
 * The sides take turns, ours, theirs, theirs, ours, so that neither always finds the server's cache warmed by the other; the
 * result is the median of these ratios, with their middle half as the spread. Round trips are measured with client and
 * server on one core: waking a process on another core costs more than the whole call. Lists, streams and a page are not, where
 * the one works while the other does. What one side takes more is told as
 * CPU of both processes, which on one core is its time without that of others. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

enum { TURNS_MAX = 256, TURNS_MIN = 3, WATCHED_MAX = 16 };

/* Seconds that a workload may take. */
static const double time_for_each = 20, time_when_quick = 0.4;

typedef struct sample {
    double wall;                /* microseconds a unit */
    double cpu;
    double server;              /* CPU of the server's processes */
    double allocations;         /* counts a unit, of the last turn */
    double faults;              /* pages met for the first time, by the client and the server's processes */
    double round_trips;
    double sent;
    double received;
} sample;

/* ---- Cores -------------------------------------------------------------------------------------------------------------- */

static PGconn *watched[WATCHED_MAX];         /* whose servers' processes are pinned and looked at */
static int watched_count;

void
bench_watch(PGconn *pg)
{
    if (watched_count == WATCHED_MAX)
        bench_die("bench_watch", "too many connections");
    watched[watched_count++] = pg;
}

void
bench_unwatch(PGconn *pg)
{
    for (int i = 0; i < watched_count; i++)
        if (watched[i] == pg)
            watched[i--] = watched[--watched_count];
}

static int
set_cores(pid_t pid, int pinned)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    for (int i = 0; i < (pinned ? 1 : (int)sysconf(_SC_NPROCESSORS_ONLN)); i++)
        CPU_SET((size_t)i, &set);
    return sched_setaffinity(pid, sizeof set, &set) == 0;
}

void
bench_pin(int pinned)
{
    int is_done = set_cores(0, pinned);

    for (int i = 0; i < watched_count; i++)
        is_done &= set_cores(PQbackendPID(watched[i]), pinned);
    if (!is_done)
        printf("# not pinned: the server runs as another user\n");
}

/* Of all servers' processes the number that format finds in that file of /proc; 0: not to be had, on another machine or another
 * system. */
static double
servers_sum(const char *name, const char *format)
{
    double sum = 0;

    for (int i = 0; i < watched_count; i++) {
        char path[64];
        unsigned long long number = 0;
        FILE *file;

        snprintf(path, sizeof path, "/proc/%d/%s", PQbackendPID(watched[i]), name);
        file = fopen(path, "r");
        if (file == NULL || fscanf(file, format, &number) != 1)
            number = 0;
        if (file != NULL)
            fclose(file);
        sum += (double)number;
    }
    return sum;
}

/* Microseconds that the server's processes have been on a core, whatever else runs on the machine. */
static double
server_cpu(void)
{
    return servers_sum("schedstat", "%llu") / 1000;
}

/* Pages that the client and the server's processes met for the first time: where memory is virtual twice over, each costs more
 * than a get's decoding. */
static double
page_faults(void)
{
    struct rusage own;

    getrusage(RUSAGE_SELF, &own);
    return (double)own.ru_minflt + servers_sum("stat", "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %llu");
}

/* ---- Pairs --------------------------------------------------------------------------------------------------------------- */

double
bench_seconds(int clock)
{
    struct timespec now;

    clock_gettime(clock == BENCH_CPU ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static sample
one_turn(bench *b, const bench_workload *w, void (*run)(bench *))
{
    double wall = bench_seconds(BENCH_WALL), cpu = bench_seconds(BENCH_CPU);
    double units = (double)w->units * w->runs_a_turn, server = server_cpu(), faults = page_faults();
    bench_counts before = bench_counted(), after;

    for (int i = 0; i < w->runs_a_turn; i++)
        run(b);
    wall = bench_seconds(BENCH_WALL) - wall;
    cpu = bench_seconds(BENCH_CPU) - cpu;
    after = bench_counted();
    return (sample){ wall * 1e6 / units, cpu * 1e6 / units, (server_cpu() - server) / units,
                     (double)(after.allocations - before.allocations) / units, (page_faults() - faults) / units,
                     (double)(after.round_trips - before.round_trips) / units,
                     (double)(after.bytes_sent - before.bytes_sent) / units,
                     (double)(after.bytes_received - before.bytes_received) / units };
}

/* One pair: both sides do the same work, on the same rows; the second finds them in the server's cache. */
static void
one_pair(bench *b, const bench_workload *w, int ours_first, sample *ours, sample *theirs)
{
    size_t first = b->next;
    uint64_t sums[2];

    for (int i = 0; i < 2; i++) {
        int is_ours = ours_first ? i == 0 : i == 1;
        sample *side = is_ours ? ours : theirs, one;

        b->next = first;
        b->checksum = 0;
        one = one_turn(b, w, is_ours ? w->ours : w->theirs);
        one.wall = (one.wall + side->wall) / (ours_first ? 1 : 2);
        one.cpu = (one.cpu + side->cpu) / (ours_first ? 1 : 2);
        one.server = (one.server + side->server) / (ours_first ? 1 : 2);
        *side = one;
        sums[i] = b->checksum;
    }
    if (sums[0] != sums[1])
        bench_die(w->name, "the two sides decoded different values");
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

static double
middle(double *values, int count)
{
    return at(values, count, 0.5);
}

static void
print_ratio(const char *workload, int what, double *ratios, int count)
{
    printf("  %-4s ratio %.3f (%.3f to %.3f)", what == BENCH_CPU ? "CPU" : "wall", middle(ratios, count), at(ratios, count, 0.25),
           at(ratios, count, 0.75));
    bench_goal(workload, what, middle(ratios, count));
    printf("\n");
}

/* ---- JSON: one workload a line, for tests/bench/draw and whoever compares runs ------------------------------------------ */

static FILE *json;
static int json_count;

void
bench_json_begin(const char *path, const char *machine)
{
    json = fopen(path, "w");
    if (json == NULL)
        bench_die("writing", path);
    fprintf(json, "{\"machine\": \"%s\", \"workloads\": [", machine);
}

void
bench_json_end(void)
{
    fprintf(json, "\n]}\n");
    fclose(json);
}

void
bench_number(const char *what, double x, const char *unit, double value)
{
    fprintf(json, "%s\n{\"number\": \"%s\", \"x\": %.0f, \"unit\": \"%s\", \"value\": %.3f}", json_count++ > 0 ? "," : "", what, x,
            unit, value);
}

void
bench_json_goal(const char *workload, const char *what, double value, double must, double superb, const char *verdict)
{
    fprintf(json, "%s\n{\"goal\": \"%s\", \"of\": \"%s\", \"value\": %.3f, \"must\": %.3f", json_count++ > 0 ? "," : "", workload,
            what, value, must);
    if (superb > 0)
        fprintf(json, ", \"superb\": %.3f", superb);
    fprintf(json, ", \"verdict\": \"%s\"}", verdict);
}

static void
write_ratio(const char *name, double *ratios, int count)
{
    fprintf(json, ", \"%s\": %.3f, \"%s_low\": %.3f, \"%s_high\": %.3f", name, middle(ratios, count), name,
            at(ratios, count, 0.25), name, at(ratios, count, 0.75));
}

static void
write_side(const char *side, const char *name, double wall, double cpu, const sample *one)
{
    fprintf(json, ", \"%s\": \"%s\", \"%s_wall_us\": %.3f, \"%s_cpu_us\": %.3f, \"%s_server_cpu_us\": %.3f", side, name, side,
            wall, side, cpu, side, one->server);
    fprintf(json, ", \"%s_page_faults\": %.3f, \"%s_allocations\": %.3f", side, one->faults, side, one->allocations);
    fprintf(json, ", \"%s_round_trips\": %.5f, \"%s_sent\": %.1f, \"%s_received\": %.1f", side, one->round_trips, side,
            one->sent, side, one->received);
}

static void
print_side(const char *name, double wall, double cpu, const sample *one)
{
    printf("  %-16s %9.2f us  CPU %8.2f", name, wall, cpu);
    if (one->server > 0)
        printf("  server's %8.2f", one->server);
    printf("  page faults %5.2f  allocations %6.2f  round trips %.5f  bytes %.0f out, %.0f in\n", one->faults, one->allocations,
           one->round_trips, one->sent, one->received);
}

void
bench_measure(bench *b, const bench_workload *given)
{
    static double wall[TURNS_MAX], cpu[TURNS_MAX], above[TURNS_MAX], ours_wall[TURNS_MAX], ours_cpu[TURNS_MAX],
        theirs_wall[TURNS_MAX], theirs_cpu[TURNS_MAX];
    sample ours = { 0 }, theirs = { 0 };
    bench_workload quick = *given, *w = &quick;
    double until = bench_seconds(BENCH_WALL) + (b->is_quick ? time_when_quick : time_for_each);
    int turns;

    if (b->only != NULL && strstr(w->name, b->only) == NULL)
        return;
    if (w->units == 0)
        w->units = b->job_count;
    if (b->is_quick)
        w->runs_a_turn = (w->runs_a_turn + 3) / 4;
    bench_pin(w->pinned);
    for (turns = 0; turns < w->turns && (turns < (b->is_quick ? 1 : TURNS_MIN) || bench_seconds(BENCH_WALL) < until); turns++) {
        if (turns == 0)                                  /* warms up */
            one_pair(b, w, 1, &ours, &theirs);
        ours = theirs = (sample){ 0 };
        one_pair(b, w, 1, &ours, &theirs);
        one_pair(b, w, 0, &ours, &theirs);
        wall[turns] = ours.wall / theirs.wall;
        cpu[turns] = ours.cpu / theirs.cpu;
        above[turns] = ours.cpu + ours.server - theirs.cpu - theirs.server;
        ours_wall[turns] = ours.wall, theirs_wall[turns] = theirs.wall;
        ours_cpu[turns] = ours.cpu, theirs_cpu[turns] = theirs.cpu;
    }
    printf("%s, a %s\n", w->name, w->unit);
    print_side(w->ours_name, middle(ours_wall, turns), middle(ours_cpu, turns), &ours);
    print_side(w->theirs_name, middle(theirs_wall, turns), middle(theirs_cpu, turns), &theirs);
    if (strcmp(w->theirs_name, "service") == 0) {
        printf("  %.1f us of CPU above, client's and server's (%.1f to %.1f)", middle(above, turns), at(above, turns, 0.25),
               at(above, turns, 0.75));
        bench_goal(w->name, BENCH_ABOVE, middle(above, turns));
        printf("\n");
    }
    print_ratio(w->name, BENCH_WALL, wall, turns);
    print_ratio(w->name, BENCH_CPU, cpu, turns);
    fflush(stdout);
    fprintf(json, "%s\n{\"name\": \"%s\", \"unit\": \"%s\"", json_count++ > 0 ? "," : "", w->name, w->unit);
    write_side("ours", w->ours_name, middle(ours_wall, turns), middle(ours_cpu, turns), &ours);
    write_side("theirs", w->theirs_name, middle(theirs_wall, turns), middle(theirs_cpu, turns), &theirs);
    write_ratio("wall", wall, turns);
    write_ratio("cpu", cpu, turns);
    fprintf(json, "}");
    bench_pin(0);
}
