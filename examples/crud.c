/* crud - the life of one company: insert, get, update, a stale update, JSON, delete.
 *
 * New here: hg_company_insert, _get, _update, _delete, _free, _to_json; HG_BIT and the set mask;
 *           null_mask and row_version; hg_uuid_random, hg_uuid_to_text; hg_text_ptr, hg_text_free.
 *
 * Run:      crud [DSN]
 *           DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment.
 *
 * Prints:
 *     inserted Çelik & Søn, plan free (the column's default), founded: not said
 *     read back: Çelik & Søn, in the industry Shipbuilding
 *     updated: founded 1921, Shipbuilding is gone
 *     an editor with the old row: HG_E_CONFLICT
 *     as JSON it begins {"id":
 *     deleted; a second look says HG_E_NOT_FOUND
 */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static hg_str
str(const char *text)
{
    return (hg_str){ text, strlen(text) };
}

int
main(int argc, char **argv)
{
    const char *dsn = argc > 1 ? argv[1] : getenv("HOTGIGS_SERVICE_DSN");
    hg_conn *conn = NULL;
    const hg_company *made = NULL, *seen = NULL, *now = NULL, *gone = NULL;
    hg_text *json = NULL;
    hg_error err = { 0 };
    hg_uuid slug;
    char slug_text[HG_UUID_TEXT_SIZE];
    hg_status st;

    st = hg_conn_open(dsn, NULL, &conn, &err);
    if (st != HG_OK)
        goto out;

    /* Insert. Only the columns in set are written; the others get their DEFAULT, id a new uuid. */
    hg_uuid_random(&slug);
    hg_uuid_to_text(&slug, slug_text, sizeof slug_text, NULL);     /* a slug that nobody has */
    hg_company row = { .struct_size = sizeof row, .name = str("Çelik & Søn"),
                       .slug = str(slug_text), .industry = str("Shipbuilding") };
    st = hg_company_insert(conn, &row, HG_BIT(HG_COMPANY_NAME) | HG_BIT(HG_COMPANY_SLUG) |
                                       HG_BIT(HG_COMPANY_INDUSTRY), &made, &err);
    if (st != HG_OK)
        goto out;
    printf("inserted %s, plan %s (the column's default), founded: %s\n", made->name.ptr,
           made->subscription_plan.ptr,
           made->null_mask & HG_BIT(HG_COMPANY_FOUNDED_YEAR) ? "not said" : "said");

    st = hg_company_get(conn, &made->id, &seen, &err);
    if (st != HG_OK)
        goto out;
    printf("read back: %s, in the industry %s\n", seen->name.ptr, seen->industry.ptr);

    /* Update: a value, and SQL NULL for a column that is in set and in null_mask. The row that was
     * read brings its row_version along, so this succeeds only if nobody changed it since. */
    hg_company change = { .struct_size = sizeof change, .row_version = seen->row_version,
                          .founded_year = 1921, .null_mask = HG_BIT(HG_COMPANY_INDUSTRY) };
    st = hg_company_update(conn, &made->id, &change, HG_BIT(HG_COMPANY_FOUNDED_YEAR) |
                                                     HG_BIT(HG_COMPANY_INDUSTRY), &now, &err);
    if (st != HG_OK)
        goto out;
    printf("updated: founded %d, %s\n", (int)now->founded_year,
           now->null_mask & HG_BIT(HG_COMPANY_INDUSTRY) ? "Shipbuilding is gone" : "?");

    /* The same change with the version of before: the row is not that row any more. */
    st = hg_company_update(conn, &made->id, &change, HG_BIT(HG_COMPANY_FOUNDED_YEAR) |
                                                     HG_BIT(HG_COMPANY_INDUSTRY), NULL, &err);
    printf("an editor with the old row: %s\n", hg_status_name(st));

    st = hg_company_to_json(now, &json, &err);
    if (st != HG_OK)
        goto out;
    printf("as JSON it begins %.6s\n", hg_text_ptr(json));

    st = hg_company_delete(conn, &made->id, &err);
    if (st != HG_OK)
        goto out;
    printf("deleted; a second look says %s\n",
           hg_status_name(hg_company_get(conn, &made->id, &gone, NULL)));
out:
    if (st != HG_OK)
        fprintf(stderr, "crud: %s: %s\n", hg_status_name(st), err.message);
    hg_text_free(json);
    hg_company_free(gone);                          /* each row that a call gave is freed by itself */
    hg_company_free(now);
    hg_company_free(seen);
    hg_company_free(made);
    hg_conn_close(conn);
    return st == HG_OK ? 0 : 1;
}
