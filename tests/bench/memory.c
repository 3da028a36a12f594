/* memory.c - what is kept: at the most for a list of all jobs and for a stream of them, and for a connection that does nothing.
 *
 * The peak is a process's of its own: this program again, with --calls or --stream. */
#include <malloc.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { IDLE = 20 };

/* Peak of the resident memory in MiB of this program with these arguments. */
static double
peak_of(char *const *arguments)
{
    struct rusage usage;
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        execv("/proc/self/exe", arguments);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0)
        bench_die("memory", "the measured process failed");
    return (double)usage.ru_maxrss / 1024;
}

static double
peak_of_calls(bench *b, const char *workload, const char *side)
{
    return peak_of((char *[]){ "hotgigs-bench", "--calls", (char *)workload, (char *)side, "1", "", (char *)b->service_dsn, NULL });
}

double
memory_of_stream(bench *b, int64_t rows)
{
    char number[24];

    snprintf(number, sizeof number, "%lld", (long long)rows);
    return peak_of((char *[]){ "hotgigs-bench", "--stream", number, (char *)b->service_dsn, NULL });
}

static void
compare(bench *b, const char *workload)
{
    double ours = peak_of_calls(b, workload, "library"), theirs = peak_of_calls(b, workload, "libpq");

    printf("memory, %s: library %.0f MiB, libpq %.0f MiB; ratio %.3f", workload, ours, theirs, ours / theirs);
    bench_goal(workload, BENCH_MEMORY, ours / theirs);
    bench_goal(workload, BENCH_MIB, ours);
    printf("\n");
    bench_number(workload, (double)b->job_count, "MiB at the most, library", ours);
    bench_number(workload, (double)b->job_count, "MiB at the most, libpq", theirs);
}

/* A connection that has prepared its statements and read a row. */
static void
measure_idle(bench *b)
{
    hg_conn *conns[IDLE];
    PGconn *pgs[IDLE];
    const hg_job *job;
    size_t begun = mallinfo2().uordblks, between, done;
    hg_error err;

    for (int i = 0; i < IDLE; i++) {
        if (hg_conn_open(b->service_dsn, NULL, &conns[i], &err) != HG_OK ||
            hg_job_get(conns[i], &b->job_ids[0], &job, &err) != HG_OK)
            bench_die("an idle connection", err.message);
        hg_job_free(job);
    }
    between = mallinfo2().uordblks;
    for (int i = 0; i < IDLE; i++) {
        pgs[i] = PQconnectdb(b->service_dsn);
        libpq_prepare(pgs[i]);
        libpq_get_one(pgs[i], &b->job_ids[0]);
    }
    done = mallinfo2().uordblks;
    for (int i = 0; i < IDLE; i++) {
        hg_conn_close(conns[i]);
        PQfinish(pgs[i]);
    }
    printf("memory, an idle connection: library %.1f KiB, libpq %.1f KiB\n", (double)(between - begun) / IDLE / 1024,
           (double)(done - between) / IDLE / 1024);
    bench_number("idle connection", 1, "KiB, library", (double)(between - begun) / IDLE / 1024);
    bench_number("idle connection", 1, "KiB, libpq", (double)(done - between) / IDLE / 1024);
}

void
bench_memory(bench *b)
{
    compare(b, "list of all jobs");
    compare(b, "stream of all jobs");
    measure_idle(b);
}
