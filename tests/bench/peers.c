/* peers.c - lets programs of other libraries take turns: hotgigs-bench --peers DSN JSON QUICK NAME=PROGRAM ...
 *
 * The library's is the first. Each is a process that waits for an order, does it and says what it took (tests/bench/peers/peer.c). In a round each has one
 * turn, beginning with another one every time; what is told is the median over rounds of the library's time as a share of the
 * peer's in the same round. For round trips each program and its server's process run on one core, as in measure.c. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

enum { PEERS_MAX = 12, ROUNDS_MAX = 20 };

#define IDS_FILE "build/peers/ids"

typedef struct peer {
    const char *name;
    FILE       *orders;
    FILE       *answers;
    pid_t       pid;
    pid_t       server;         /* its backend */
    double      wall[ROUNDS_MAX];       /* microseconds a unit, of each round */
    double      cpu[ROUNDS_MAX];
} peer;

typedef struct order {
    const char *name;
    int         times;          /* of one turn */
    int         is_list;        /* a unit is a row; else a call, and on one core */
    int         rounds;
    int         rounds_quick;
    int         has_sum;
} order;

static const order all_orders[] = {
    { "get", 300, 0, 20, 3, 1 }, { "list", 1, 1, 5, 2, 1 }, { "page", 20, 0, 20, 2, 1 }, { "insert", 300, 0, 20, 3, 0 },
    { "transaction", 100, 0, 20, 3, 0 },
};

enum { ORDERS = sizeof all_orders / sizeof all_orders[0] };

static peer peers[PEERS_MAX];
static int peer_count;
static size_t job_count;

/* ---- Starting them --------------------------------------------------------------------------------------------------- */

static void
write_ids(PGconn *pg)
{
    FILE *file = fopen(IDS_FILE, "w");
    PGresult *ids = PQexec(pg, "(SELECT id FROM public.users LIMIT 1) UNION ALL (SELECT id FROM public.applications LIMIT 1)"
                               " UNION ALL (SELECT id FROM public.jobs ORDER BY md5(id::text) LIMIT 2000)");

    if (file == NULL || PQntuples(ids) < 3)
        bench_die("the peers", file == NULL ? IDS_FILE " cannot be written" : PQresultErrorMessage(ids));
    for (int i = 0; i < PQntuples(ids); i++)
        fprintf(file, "%s\n", PQgetvalue(ids, i, 0));
    PQclear(ids);
    fclose(file);
    ids = PQexec(pg, "SELECT count(*) FROM public.jobs");
    job_count = (size_t)atol(PQgetvalue(ids, 0, 0));
    PQclear(ids);
}

/* The newest connection of the same login, which is that of the peer that has just said that it is ready. */
static pid_t
newest_server(PGconn *pg)
{
    PGresult *result = PQexec(pg, "SELECT pid FROM pg_stat_activity WHERE usename = session_user AND datname = current_database()"
                                  " AND backend_type = 'client backend' ORDER BY backend_start DESC LIMIT 1");
    pid_t pid = PQntuples(result) == 1 ? atoi(PQgetvalue(result, 0, 0)) : 0;

    PQclear(result);
    return pid;
}

static void
start(PGconn *pg, const char *dsn, char *argument)
{
    peer *one = &peers[peer_count];
    char *program = strchr(argument, '='), line[64] = "";
    int orders[2], answers[2];

    if (program == NULL || peer_count == PEERS_MAX || pipe(orders) != 0 || pipe(answers) != 0)
        bench_die("the peers", argument);
    *program++ = '\0';
    one->name = argument;
    one->pid = fork();
    if (one->pid == 0) {
        dup2(orders[0], 0), dup2(answers[1], 1);
        for (int fd = 3; fd < 256; fd++)
            close(fd);
        execl(program, program, IDS_FILE, dsn, (char *)NULL);
        _exit(127);
    }
    close(orders[0]), close(answers[1]);
    one->orders = fdopen(orders[1], "w"), one->answers = fdopen(answers[0], "r");
    if (fgets(line, sizeof line, one->answers) != NULL && strcmp(line, "ready\n") == 0) {
        one->server = newest_server(pg);
        peer_count++;
        return;
    }
    printf("skip  %s: it does not start\n", one->name);
    fclose(one->orders), fclose(one->answers);
}

/* ---- Turns -------------------------------------------------------------------------------------------------------------- */

static uint64_t
take_turn(peer *one, const order *what, int round)
{
    double units = (double)what->times * (what->is_list ? (double)job_count : 1);
    unsigned long long sum = 0;

    fprintf(one->orders, "%s %d\n", what->name, what->times);
    fflush(one->orders);
    if (fscanf(one->answers, "%lf %lf %llu", &one->wall[round], &one->cpu[round], &sum) != 3)
        bench_die(one->name, "it has ended");
    one->wall[round] /= units, one->cpu[round] /= units;
    return sum;
}

static void
run_round(const order *what, int round, int number)
{
    uint64_t sums[PEERS_MAX];

    for (int i = 0; i < peer_count; i++) {
        int at = (number + (number % 2 == 0 ? i : peer_count - i)) % peer_count;

        sums[at] = take_turn(&peers[at], what, round);
    }
    for (int i = 1; i < peer_count; i++)
        if (what->has_sum && sums[i] != sums[0])
            bench_die(peers[i].name, "it decoded other values than the library");
}

static void
place(int one_core)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    for (int i = 0; i < (one_core ? 1 : (int)sysconf(_SC_NPROCESSORS_ONLN)); i++)
        CPU_SET((size_t)i, &set);
    for (int i = 0; i < peer_count; i++)
        if (sched_setaffinity(peers[i].pid, sizeof set, &set) != 0 ||
            sched_setaffinity(peers[i].server, sizeof set, &set) != 0)
            printf("# %s is not pinned: the server runs as another user\n", peers[i].name);
}

/* ---- Telling -------------------------------------------------------------------------------------------------------------- */

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

typedef struct spread {
    double low;
    double middle;
    double high;
} spread;

static spread
spread_of(const double *above, const double *below, int count)
{
    double values[ROUNDS_MAX];

    for (int i = 0; i < count; i++)
        values[i] = above[i] / (below == NULL ? 1 : below[i]);
    qsort(values, (size_t)count, sizeof *values, ascending);
    return (spread){ values[count / 4], values[count / 2], values[count - 1 - count / 4] };
}

/* Gives back beside how many of the peers the library is behind. */
static int
tell(const order *what, int rounds, FILE *json)
{
    int behind = 0;

    printf("%s beside peers, us a %s; the library's time as a share of theirs\n", what->name, what->is_list ? "row" : "call");
    for (int i = 0; i < peer_count; i++) {
        spread wall = spread_of(peers[0].wall, peers[i].wall, rounds), cpu = spread_of(peers[0].cpu, peers[i].cpu, rounds);
        double wall_us = spread_of(peers[i].wall, NULL, rounds).middle, cpu_us = spread_of(peers[i].cpu, NULL, rounds).middle;
        int is_behind = wall.low > 1 || cpu.middle > 1;         /* wall varies, with the server's share, by more than peers differ */

        behind += is_behind;
        printf("  %-11s wall %8.2f, %.2f (%.2f to %.2f)  CPU %8.2f, %.2f (%.2f to %.2f)%s\n", peers[i].name, wall_us, wall.middle,
               wall.low, wall.high, cpu_us, cpu.middle, cpu.low, cpu.high, is_behind ? "  BEHIND" : "");
        fprintf(json, ",\n{\"peer\": \"%s\", \"call\": \"%s\", \"wall_us\": %.3f, \"cpu_us\": %.3f, \"wall\": %.3f, \"cpu\": %.3f}",
                peers[i].name, what->name, wall_us, cpu_us, wall.middle, cpu.middle);
    }
    fflush(stdout);
    return behind;
}

void
bench_peers(const char *dsn, const char *json_path, int is_quick, int count, char **programs)
{
    PGconn *pg = PQconnectdb(dsn);
    FILE *json = fopen(json_path, "a");
    int behind = 0;

    if (PQstatus(pg) != CONNECTION_OK || json == NULL)
        bench_die("the peers", PQerrorMessage(pg));
    write_ids(pg);
    PQclear(PQexec(pg, "SET ROLE NONE"));               /* the login itself sees when its connections began */
    for (int i = 0; i < count; i++)
        start(pg, dsn, programs[i]);
    PQfinish(pg);
    for (int i = 0; i < ORDERS; i++) {
        const order *what = &all_orders[i];
        int rounds = is_quick ? what->rounds_quick : what->rounds;

        place(!what->is_list);
        run_round(what, 0, 0);                          /* warms up */
        for (int round = 0; round < rounds; round++)
            run_round(what, round, round);
        behind += tell(what, rounds, json);
    }
    printf("# goal: ahead of every peer, in CPU, and in wall time where the server is not the limit; behind in %d of %d lines\n", behind,
           ORDERS * (peer_count - 1));
    for (int i = 0; i < peer_count; i++)
        fclose(peers[i].orders), fclose(peers[i].answers);
    fclose(json);
}
