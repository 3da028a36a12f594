/* machine.c - what was measured on, in a line: ratios travel from one machine to another worse than it seems. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench.h"

/* The processor by its maker's name, where the system tells it. */
static void
read_model(char *model, size_t size)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256], *colon;

    snprintf(model, size, "an unnamed processor");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "model name", 10) == 0 && (colon = strchr(line, ':')) != NULL) {
            snprintf(model, size, "%.*s", (int)strcspn(colon + 2, "\n\"\\<&"), colon + 2);
            break;
        }
    if (file != NULL)
        fclose(file);
}

static void
read_settings(PGconn *pg, char *settings, size_t size)
{
    PGresult *result = PQexec(pg, "SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) || ', fsync '"
                                  " || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')"
                                  " || ', shared_buffers ' || current_setting('shared_buffers')");

    snprintf(settings, size, "%s", PQntuples(result) == 1 ? PQgetvalue(result, 0, 0) : "?");
    PQclear(result);
}

const char *
bench_machine(PGconn *pg)
{
    static char machine[640];
    char model[200], settings[200];
    struct utsname system;
    const char *host = PQhost(pg);

    read_model(model, sizeof model);
    read_settings(pg, settings, sizeof settings);
    if (uname(&system) != 0)
        bench_die("uname", "it fails");
    snprintf(machine, sizeof machine, "%s, %ld cores, %.0f GiB, %s %.*s, libpq %d.%d, %s, %s", model, sysconf(_SC_NPROCESSORS_ONLN),
             (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) / (1 << 30), system.sysname,
             (int)strcspn(system.release, "-"), system.release, PQlibVersion() / 10000, PQlibVersion() % 10000, settings,
             host != NULL && host[0] == '/' ? "Unix socket" : "TCP");
    return machine;
}
