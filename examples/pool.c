/* pool - eight threads share three connections.
 *
 * A connection belongs to one thread at a time; the pool hands it out and takes it back cleaned:
 * without identity, transaction or cursor of the one before.
 *
 * New here: hg_pool_open, hg_pool_acquire, hg_pool_get_stats, hg_pool_close; hg_conn_close gives a
 *           pooled connection back.
 *
 * Run:      pool [DSN]
 *           DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment.
 *
 * Prints:
 *     8 threads made 200 calls, 0 failed
 *     connections opened: 3, in use now: 0, handed out: 200 times
 *     a fourth one at once: HG_E_CANCELLED
 */
#include <hotgigs/hotgigs.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 8, CALLS = 25, CONNECTIONS = 3 };

typedef struct worker {
    hg_pool  *pool;
    pthread_t thread;
    int       failed;
} worker;

static void *
work(void *data)
{
    worker *me = data;

    for (int i = 0; i < CALLS; i++) {
        hg_conn *conn = NULL;
        const hg_job *job = NULL;
        hg_uuid nobody;
        hg_status st = hg_pool_acquire(me->pool, 10000, &conn, NULL);

        hg_uuid_random(&nobody);
        if (st == HG_OK)
            st = hg_job_get(conn, &nobody, &job, NULL);
        me->failed += st != HG_E_NOT_FOUND;             /* there is no job with a random id */
        hg_job_free(job);
        hg_conn_close(conn);                            /* back into the pool */
    }
    return NULL;
}

int
main(int argc, char **argv)
{
    const char *dsn = argc > 1 ? argv[1] : getenv("HOTGIGS_SERVICE_DSN");
    hg_pool_options options = { .struct_size = sizeof options, .max_size = CONNECTIONS,
                                .min_idle = CONNECTIONS };
    hg_pool_stats stats = { .struct_size = sizeof stats };
    hg_pool *pool = NULL;
    hg_conn *held[CONNECTIONS + 1] = { NULL };
    worker workers[THREADS];
    hg_error err = { 0 };
    int started = 0, failed = 0;
    hg_status st;

    st = hg_pool_open(dsn, &options, &pool, &err);
    if (st != HG_OK)
        goto out;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){ .pool = pool };
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            break;
        started++;
    }
    for (int i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
        failed += workers[i].failed;
    }
    printf("%d threads made %d calls, %d failed\n", started, started * CALLS, failed);
    hg_pool_get_stats(pool, &stats, NULL);
    printf("connections opened: %d, in use now: %d, handed out: %d times\n", (int)stats.opened,
           (int)(stats.open - stats.idle), (int)stats.acquired);

    for (int i = 0; i < CONNECTIONS && st == HG_OK; i++)
        st = hg_pool_acquire(pool, 1000, &held[i], &err);
    if (st == HG_OK)
        printf("a fourth one at once: %s\n",
               hg_status_name(hg_pool_acquire(pool, 0, &held[CONNECTIONS], NULL)));
out:
    if (st != HG_OK)
        fprintf(stderr, "pool: %s: %s\n", hg_status_name(st), err.message);
    for (int i = 0; i <= CONNECTIONS; i++)
        hg_conn_close(held[i]);                         /* NULL where none was given */
    hg_pool_close(pool);
    return st == HG_OK && failed == 0 ? 0 : 1;
}
