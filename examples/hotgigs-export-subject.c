/* hotgigs-export-subject - all that is held about one person, into a file for him.
 *
 * New here: hg_privacy_export_open, _next, _sha256, _close.
 *
 * Run:      hotgigs-export-subject USER_ID access|portable FILE [DSN]
 *           access is everything about him; portable is what he provided, which can be imported again. The file must not be
 *           there yet, and is readable by its owner alone. DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's
 *           environment. The export stands in the audit trail as the service's.
 *
 * Prints the sum in the form that sha256sum -c checks; keep it, an import asks for it:
 *     6f0c...  FILE
 */
#include <hotgigs/hotgigs.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
complain(const char *what, const hg_error *err)
{
    fprintf(stderr, "hotgigs-export-subject: %s: %s (%s)\n", what, err->message, hg_status_name(err->status));
    return 1;
}

/* Piece by piece, so that no size of document needs more memory. */
static int
write_document(hg_export *document, FILE *file, uint8_t *sha256)
{
    hg_error err;
    const char *ptr;
    size_t len;

    do {
        if (hg_privacy_export_next(document, &ptr, &len, &err) != HG_OK)
            return complain("the document broke off", &err);
        if (len > 0 && fwrite(ptr, 1, len, file) != len)
            return perror("hotgigs-export-subject"), 1;
    } while (ptr != NULL);
    if (hg_privacy_export_sha256(document, sha256, &err) != HG_OK)
        return complain("no sum", &err);
    if (fflush(file) != 0 || fsync(fileno(file)) != 0)
        return perror("hotgigs-export-subject"), 1;
    return 0;
}

static void
print_sum(const uint8_t *sha256, const char *path)
{
    for (int i = 0; i < HG_EXPORT_SHA256_SIZE; i++)
        printf("%02x", sha256[i]);
    printf("  %s\n", path);
}

static FILE *
create(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

    if (file == NULL)
        perror(path);
    return file;
}

static int
export_subject(hg_conn *conn, const hg_uuid *user, int32_t scope, const char *path)
{
    uint8_t sha256[HG_EXPORT_SHA256_SIZE];
    hg_export *document = NULL;
    FILE *file = NULL;
    hg_error err;
    int failed = 1;

    if (hg_privacy_export_open(conn, user, scope, &document, &err) != HG_OK) {
        complain("not exported", &err);
        goto out;
    }
    file = create(path);
    if (file == NULL)
        goto out;
    failed = write_document(document, file, sha256);
    if (fclose(file) != 0)
        failed = 1;
    if (failed)
        remove(path);              /* part of a document is none */
    else
        print_sum(sha256, path);
out:
    hg_privacy_export_close(document);
    return failed;
}

int
main(int argc, char **argv)
{
    const char *dsn = argc > 4 ? argv[4] : getenv("HOTGIGS_SERVICE_DSN");
    int32_t scope = argc > 2 && strcmp(argv[2], "portable") == 0 ? HG_EXPORT_PORTABLE : HG_EXPORT_ACCESS;
    hg_conn *conn = NULL;
    hg_uuid user;
    hg_error err;
    int failed;

    if (argc < 4 || (scope == HG_EXPORT_ACCESS && strcmp(argv[2], "access") != 0)) {
        fputs("usage: hotgigs-export-subject USER_ID access|portable FILE [DSN]\n", stderr);
        return 2;
    }
    if (hg_uuid_parse(argv[1], strlen(argv[1]), &user, &err) != HG_OK)
        return complain("USER_ID", &err);
    if (hg_conn_open(dsn, NULL, &conn, &err) != HG_OK)
        return complain("not connected", &err);
    failed = export_subject(conn, &user, scope, argv[3]);
    hg_conn_close(conn);
    return failed;
}
