/* hotgigs-migrate - brings a database to the schema of the library, and looks whether it still is that.
 *
 * New here: hg_conn_options.skip_check, hg_schema_status, hg_schema_plan_rows, hg_schema_plan_free,
 *           hg_schema_apply, hg_schema_verify; hg_timestamp_to_text.
 *
 * Run:      hotgigs-migrate status|apply|verify [DSN]
 *           DSN of the installer, who owns the database and may create roles; or HOTGIGS_INSTALLER_DSN, or
 *           libpq's environment. apply needs a direct connection, without a pooler.
 *
 *     status   a line a file: applied, pending, changed since, unknown to this library
 *     apply    applies what is pending, a line a file; a database made with psql is adopted
 *     verify   a line a difference between the database and what this library was made for
 *
 * Exit status: 0 nothing is to be done, or all was done; 1 it failed, with a line on stderr;
 *              2 wrong arguments; 3 status: something is not applied; verify: there are differences.
 *
 * Prints, as apply in an empty database:
 *     31 of 31 files are pending
 *     001_roles                     applied 2026-11-22T11:27:10.119889Z in 3 ms
 *     ...
 *     450_cards                     applied 2026-11-22T11:27:10.409311Z in 9 ms
 *     31 files applied
 */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAILED = 1, WRONG_ARGUMENTS = 2, DIFFERS = 3 };

static void
print_file(const hg_migration *file)
{
    static const char *const states[] = { "pending", "applied", "changed since it was applied",
                                          "unknown: applied by a newer library" };
    char name[64], time[HG_TIMESTAMP_TEXT_SIZE] = "";

    snprintf(name, sizeof name, "%s_%s", file->version, file->name);
    if (file->state != HG_MIGRATION_APPLIED) {
        printf("%-29s %s\n", name, states[file->state]);
        return;
    }
    hg_timestamp_to_text(file->applied_at, time, sizeof time, NULL);
    printf("%-29s applied %s in %d ms\n", name, time, (int)file->duration_ms);
}

/* Files of this state, and *all of them. */
static size_t
count_files(const hg_schema_plan *plan, int32_t state, size_t *all)
{
    const hg_migration *files = hg_schema_plan_rows(plan, all, NULL);
    size_t found = 0;

    for (size_t i = 0; i < *all; i++)
        found += files[i].state == state;
    return found;
}

static hg_status
show_status(hg_conn *conn, int *code, hg_error *err)
{
    hg_schema_plan *plan = NULL;
    const hg_migration *files;
    size_t count;
    hg_status st = hg_schema_status(conn, &plan, err);

    files = hg_schema_plan_rows(plan, &count, NULL);
    for (size_t i = 0; i < count; i++)
        print_file(&files[i]);
    if (count_files(plan, HG_MIGRATION_APPLIED, &count) < count)
        *code = DIFFERS;
    hg_schema_plan_free(plan);
    return st;
}

/* What was pending before and is applied now, also of a run that ended half-way. */
static void
show_applied(hg_conn *conn, const hg_schema_plan *before)
{
    hg_schema_plan *after = NULL;
    const hg_migration *old, *new;
    size_t old_count, new_count;

    hg_schema_status(conn, &after, NULL);           /* after a failure it is NULL, which has no rows */
    old = hg_schema_plan_rows(before, &old_count, NULL);
    new = hg_schema_plan_rows(after, &new_count, NULL);
    for (size_t i = 0; i < old_count && i < new_count; i++)
        if (old[i].state == HG_MIGRATION_PENDING && new[i].state == HG_MIGRATION_APPLIED)
            print_file(&new[i]);
    hg_schema_plan_free(after);
}

static hg_status
apply(hg_conn *conn, hg_error *err)
{
    hg_schema_plan *before = NULL;
    size_t pending, count;
    int32_t applied = 0;
    hg_status st = hg_schema_status(conn, &before, err);

    if (st != HG_OK)
        return st;
    pending = count_files(before, HG_MIGRATION_PENDING, &count);
    printf("%zu of %zu files are pending\n", pending, count);
    st = hg_schema_apply(conn, 0, &applied, err);
    if (applied > 0)
        show_applied(conn, before);
    printf("%d files applied\n", (int)applied);
    hg_schema_plan_free(before);
    return st;
}

static hg_status
verify(hg_conn *conn, int *code, hg_error *err)
{
    hg_text *differences = NULL;
    hg_status st = hg_schema_verify(conn, &differences, err);

    fputs(hg_text_ptr(differences), stdout);      /* of NULL it is "" */
    if (st == HG_OK)
        puts("the database is what this library was made for");
    if (st == HG_E_SCHEMA)
        *code = DIFFERS;
    hg_text_free(differences);
    return st;
}

int
main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    const char *dsn = argc > 2 ? argv[2] : getenv("HOTGIGS_INSTALLER_DSN");   /* NULL: libpq's environment */
    hg_conn_options options = { .struct_size = sizeof options, .skip_check = 1 };
    hg_conn *conn = NULL;
    hg_error err = { 0 };
    int code = FAILED;
    hg_status st;

    if (argc > 3 || (strcmp(command, "status") && strcmp(command, "apply") && strcmp(command, "verify"))) {
        fprintf(stderr, "usage: hotgigs-migrate status|apply|verify [DSN]\n");
        return WRONG_ARGUMENTS;
    }
    st = hg_conn_open(dsn, &options, &conn, &err);
    if (st != HG_OK)
        goto out;
    if (strcmp(command, "status") == 0)
        st = show_status(conn, &code, &err);
    else if (strcmp(command, "apply") == 0)
        st = apply(conn, &err);
    else
        st = verify(conn, &code, &err);
out:
    hg_conn_close(conn);
    if (st == HG_OK)
        return code == DIFFERS ? DIFFERS : 0;
    fprintf(stderr, "hotgigs-migrate: %s: %s%s%s\n", hg_status_name(st), err.message,
            err.sqlstate[0] != '\0' ? "; SQLSTATE " : "", err.sqlstate);
    return code;
}
