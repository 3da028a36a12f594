/* delay.c - what round trips are worth: the server behind half a millisecond of network, a quarter each way.
 *
 * The network is a process of its own that passes on what it reads a quarter of a millisecond later, however much that is: time
 * is added and none of the bandwidth taken. It listens at a Unix socket, so that no port is opened. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define ONE_WAY 250e-6          /* seconds */

enum { LINKS = 8, CHUNK = 65536 };

/* ---- Passing on -------------------------------------------------------------------------------------------------------- */

typedef struct chunk {
    struct chunk *next;
    double        due;
    size_t        len;
    size_t        done;
    char          data[CHUNK];
} chunk;

/* One direction of one connection. */
typedef struct flow {
    int    from;                /* -1: at its end */
    int    to;
    chunk *first;
    chunk *last;
} flow;

static void
take(flow *f)
{
    chunk *c = malloc(sizeof *c);
    ssize_t got = c == NULL ? -1 : read(f->from, c->data, sizeof c->data);

    if (got <= 0) {
        free(c);
        f->from = -1;
        return;
    }
    c->next = NULL, c->due = bench_seconds(BENCH_WALL) + ONE_WAY, c->len = (size_t)got, c->done = 0;
    if (f->first == NULL)
        f->first = c;
    else
        f->last->next = c;
    f->last = c;
}

/* Writes what is due; what is behind the end of the flow is its end. */
static void
give(flow *f)
{
    while (f->first != NULL && f->first->due <= bench_seconds(BENCH_WALL)) {
        chunk *c = f->first;
        ssize_t put = send(f->to, c->data + c->done, c->len - c->done, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (put < 0 && errno == EAGAIN)
            return;
        c->done += put < 0 ? c->len : (size_t)put;
        if (c->done < c->len)
            return;
        f->first = c->next;
        free(c);
    }
    if (f->first == NULL && f->from == -1 && f->to != -1) {
        shutdown(f->to, SHUT_WR);
        f->to = -1;
    }
}

static int
connect_to_server(const char *host, const char *port)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    struct addrinfo *found = NULL;
    int fd = -1;

    if (host[0] == '/') {
        snprintf(local.sun_path, sizeof local.sun_path, "%s/.s.PGSQL.%s", host, port);
        fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&local, sizeof local) != 0)
            bench_die("the delayed network", strerror(errno));
    } else if (getaddrinfo(host, port, &(struct addrinfo){ .ai_socktype = SOCK_STREAM }, &found) == 0) {
        fd = socket(found->ai_family, SOCK_STREAM, 0);
        if (connect(fd, found->ai_addr, found->ai_addrlen) != 0)
            bench_die("the delayed network", strerror(errno));
        freeaddrinfo(found);
    }
    return fd;
}

/* Sleeps until something is to be read or due, and no longer: the timer's slack is off. */
static void
wait_for_work(struct pollfd *polled, nfds_t count, const flow *flows, size_t flow_count)
{
    double now = bench_seconds(BENCH_WALL), due = now + 1;
    struct timespec left;

    for (size_t i = 0; i < flow_count; i++)
        if (flows[i].first != NULL && flows[i].first->due < due)
            due = flows[i].first->due;
    due = due > now ? due - now : 20e-6;                /* 20 us: the reader on the other side is slow */
    left = (struct timespec){ (time_t)due, (long)((due - (double)(time_t)due) * 1e9) };
    ppoll(polled, count, &left, NULL);
}

static void
forward(int listener, const char *host, const char *port)
{
    static flow flows[2 * LINKS];
    size_t count = 0;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_TIMERSLACK, 1);
    for (;;) {
        struct pollfd polled[1 + 2 * LINKS] = { { .fd = count < 2 * LINKS ? listener : -1, .events = POLLIN } };

        for (size_t i = 0; i < count; i++)
            polled[1 + i] = (struct pollfd){ .fd = flows[i].from, .events = POLLIN };
        wait_for_work(polled, 1 + count, flows, count);
        for (size_t i = 0; i < count; i++) {
            if (polled[1 + i].revents != 0)
                take(&flows[i]);
            give(&flows[i]);
        }
        if (polled[0].revents != 0) {
            int client = accept(listener, NULL, NULL), server = connect_to_server(host, port);

            flows[count++] = (flow){ client, server, NULL, NULL };
            flows[count++] = (flow){ server, client, NULL, NULL };
        }
    }
}

/* ---- The workloads -------------------------------------------------------------------------------------------------------- */

static const bench_workload workloads[] = {
    { "get, 0.5 ms away", "call", 1, 50, 25, "library", library_get, "libpq", libpq_get, 0 },
    { "50 jobs by id, 0.5 ms away", "row", 50, 2, 10, "library", library_get_50, "libpq one by one", libpq_get_50, 0 },
    { "insert in a batch, 0.5 ms away", "row", 1000, 1, 5, "library", library_batch, "libpq one by one", libpq_insert_1000, 0 },
    { "transaction of 5, 0.5 ms away", "call", 1, 20, 10, "library", library_transaction, "libpq", libpq_transaction, 0 },
    { "transaction of 5 in a batch, 0.5 ms away", "call", 1, 50, 25, "library", library_transaction_batch, "libpq",
      libpq_transaction, 0 },
    { "the batch beside a pipeline by hand, 0.5 ms away", "call", 1, 50, 15, "library", library_transaction_batch,
      "libpq, pipeline", libpq_transaction_pipeline, 0 },
};

static void
measure_behind(bench *b, const char *directory)
{
    bench far = { .job_ids = b->job_ids, .job_count = b->job_count, .is_quick = b->is_quick, .only = b->only };
    char dsn[1024];
    hg_error err;

    snprintf(dsn, sizeof dsn, "%s host='%s' port=5432", b->service_dsn, directory);
    if (hg_conn_open(dsn, NULL, &far.conn, &err) != HG_OK)
        bench_die("the delayed network", err.message);
    far.pg = PQconnectdb(dsn);
    bench_watch(far.pg);
    bench_watch(hg_conn_pq(far.conn));
    libpq_prepare(far.pg);
    writes_prepare(far.pg);
    transactions_prepare(far.pg);
    for (size_t i = 0; i < sizeof workloads / sizeof workloads[0]; i++)
        bench_measure(&far, &workloads[i]);
    bench_unwatch(far.pg);
    bench_unwatch(hg_conn_pq(far.conn));
    hg_conn_close(far.conn);
    PQfinish(far.pg);
}

void
bench_delay(bench *b)
{
    char directory[] = "/tmp/hotgigs-bench.XXXXXX";
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    pid_t pid;

    if (mkdtemp(directory) == NULL)
        bench_die("the delayed network", strerror(errno));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", directory);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, LINKS) != 0)
        bench_die("the delayed network", strerror(errno));
    fflush(stdout);
    pid = fork();
    if (pid == 0)
        forward(listener, PQhost(b->pg), PQport(b->pg));
    measure_behind(b, directory);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    close(listener);
    unlink(address.sun_path);
    rmdir(directory);
}
