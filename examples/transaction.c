/* transaction - several writes that happen together or not at all, repeated when the server asks for it.
 *
 * Two editors want the same company. Under repeatable read the one who comes second is refused with
 * HG_E_RETRY, whatever it wrote is undone, and the loop runs its body again. A savepoint keeps the
 * rest of a transaction when one statement of it fails.
 *
 * New here: hg_tx_begin, hg_tx_commit, hg_tx_again with hg_retry; hg_tx_savepoint, hg_tx_rollback_to.
 *
 * Run:      transaction [DSN]
 *           DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment.
 *
 * Prints:
 *     run 1: the other editor was quicker: HG_E_RETRY
 *     run 2: committed
 *     a doubled slug inside the transaction: HG_E_CONFLICT, undone to the savepoint
 *     the company now: size 51-200, plan pro
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
    hg_conn *conn = NULL, *other = NULL;
    const hg_company *company = NULL, *seen = NULL;
    hg_tx_options isolated = { .struct_size = sizeof isolated,
                               .isolation = HG_ISOLATION_REPEATABLE_READ };
    hg_retry retry = { .struct_size = sizeof retry };
    hg_error err = { 0 };
    hg_uuid slug;
    char slug_text[HG_UUID_TEXT_SIZE];
    hg_status st;

    st = hg_conn_open(dsn, NULL, &conn, &err);
    if (st == HG_OK)
        st = hg_conn_open(dsn, NULL, &other, &err);
    if (st != HG_OK)
        goto out;
    hg_uuid_random(&slug);
    hg_uuid_to_text(&slug, slug_text, sizeof slug_text, NULL);
    hg_company row = { .struct_size = sizeof row, .name = str("Two Editors Ltd"),
                       .slug = str(slug_text) };
    uint64_t set = HG_BIT(HG_COMPANY_NAME) | HG_BIT(HG_COMPANY_SLUG);
    st = hg_company_insert(conn, &row, set, &company, &err);
    if (st != HG_OK)
        goto out;

    hg_company size = { .struct_size = sizeof size, .company_size = str("51-200") };
    hg_company plan = { .struct_size = sizeof plan, .subscription_plan = str("pro") };
    while (hg_tx_again(conn, &retry, &err) == HG_OK) {      /* rolls back what a failed run left */
        st = hg_tx_begin(conn, &isolated, &err);
        if (st == HG_OK)
            st = hg_company_get(conn, &company->id, &seen, &err);
        hg_company_free(seen);
        seen = NULL;
        if (st == HG_OK && retry.attempt == 1)              /* between our read and our write ... */
            st = hg_company_update(other, &company->id, &plan,
                                   HG_BIT(HG_COMPANY_SUBSCRIPTION_PLAN), NULL, &err);
        if (st == HG_OK)
            st = hg_company_update(conn, &company->id, &size, HG_BIT(HG_COMPANY_COMPANY_SIZE),
                                   NULL, &err);
        if (st == HG_OK)
            st = hg_tx_commit(conn, &err);
        printf("run %d: %s%s\n", (int)retry.attempt,
               st == HG_OK ? "committed" : "the other editor was quicker: ",
               st == HG_OK ? "" : hg_status_name(st));
        if (st == HG_OK)
            break;
    }
    if (st != HG_OK)                                        /* hg_tx_again left err as it was */
        goto out;

    st = hg_tx_begin(conn, NULL, &err);
    if (st == HG_OK)
        st = hg_tx_savepoint(conn, "before_the_risk", &err);
    if (st != HG_OK)
        goto out;
    printf("a doubled slug inside the transaction: %s, undone to the savepoint\n",
           hg_status_name(hg_company_insert(conn, &row, set, NULL, NULL)));
    st = hg_tx_rollback_to(conn, "before_the_risk", &err);
    if (st == HG_OK)
        st = hg_company_get(conn, &company->id, &seen, &err);
    if (st == HG_OK)
        st = hg_tx_commit(conn, &err);
    if (st == HG_OK)
        printf("the company now: size %s, plan %s\n", seen->company_size.ptr,
               seen->subscription_plan.ptr);
out:
    if (st != HG_OK)
        fprintf(stderr, "transaction: %s: %s\n", hg_status_name(st), err.message);
    if (company != NULL) {
        hg_tx_rollback(conn, NULL);                         /* HG_E_STATE if none is open: no matter */
        hg_company_delete(conn, &company->id, NULL);
    }
    hg_company_free(seen);
    hg_company_free(company);
    hg_conn_close(other);
    hg_conn_close(conn);
    return st == HG_OK ? 0 : 1;
}
