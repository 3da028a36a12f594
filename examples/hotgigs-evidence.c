/* hotgigs-evidence - what an auditor asks for, from a live database: roles, grants, policies, the trail and its verification.
 *
 * One operation gives the facts, another verifies the audit trail. As JSON it is one object with an array a section; as a page
 * it is HTML that needs nothing else, each section a table. Either goes to standard output.
 *
 * New here: hg_evidence, hg_audit_verify; an operation's list walked by hg_<name>_list_at.
 *
 * Run:      hotgigs-evidence json | html  [SERVICE_DSN]
 *           or with the variable HOTGIGS_SERVICE_DSN.
 *
 * Exit status 1: the trail is not as it was written, a table is without forced row security, or the database is out of
 * reach; 2: wrong use. */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text as JSON or HTML wants it between its marks. */
static void
print_escaped(const char *text, int is_html)
{
    for (; *text != '\0'; text++) {
        if (is_html && strchr("<>&\"", *text) != NULL)
            printf("&#%d;", *text);
        else if (!is_html && (*text == '"' || *text == '\\'))
            printf("\\%c", *text);
        else if (!is_html && (unsigned char)*text < ' ')
            printf("\\u%04x", *text);
        else
            putchar(*text);
    }
}

static int
begins_section(const hg_evidence_list *facts, size_t i)
{
    return i == 0 || strcmp(hg_evidence_list_at(facts, i)->section.ptr, hg_evidence_list_at(facts, i - 1)->section.ptr) != 0;
}

static void
print_json(const hg_evidence_list *facts, const hg_audit_verify_row *verified)
{
    printf("{\"verification\": {\"problem\": ");
    if (verified->null_mask & HG_BIT(HG_AUDIT_VERIFY_ROW_PROBLEM)) {
        printf("null");
    } else {
        putchar('"');
        print_escaped(verified->problem.ptr, 0);
        putchar('"');
    }
    printf(", \"seals\": %lld, \"entries\": %lld, \"unsealed\": %lld}", (long long)verified->seals,
           (long long)verified->entries, (long long)verified->unsealed);
    for (size_t i = 0; i < hg_evidence_list_count(facts); i++) {
        const hg_evidence_row *row = hg_evidence_list_at(facts, i);

        if (begins_section(facts, i))
            printf("%s,\n\"%s\": [", i == 0 ? "" : "]", row->section.ptr);
        printf("%s\n    {\"item\": \"", begins_section(facts, i) ? "" : ",");
        print_escaped(row->item.ptr, 0);
        printf("\", \"facts\": %s}", row->facts.ptr);
    }
    printf("]\n}\n");
}

static void
print_html(const hg_evidence_list *facts, const hg_audit_verify_row *verified)
{
    int is_whole = (verified->null_mask & HG_BIT(HG_AUDIT_VERIFY_ROW_PROBLEM)) != 0;

    printf("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Evidence</title>\n"
           "<style>body{font:15px/1.5 sans-serif;max-width:70em;margin:2em auto}td{vertical-align:top;padding:.2em 1em .2em 0;"
           "border-top:1px solid #ddd}code{font-size:85%%}</style>\n<h1>Evidence</h1>\n<p>The audit trail is ");
    if (is_whole)
        printf("as it was written: ");
    else {
        printf("<strong>not as it was written</strong>: ");
        print_escaped(verified->problem.ptr, 1);
        printf("; ");
    }
    printf("%lld seals over %lld entries, %lld not sealed yet.</p>\n", (long long)verified->seals,
           (long long)verified->entries, (long long)verified->unsealed);
    for (size_t i = 0; i < hg_evidence_list_count(facts); i++) {
        const hg_evidence_row *row = hg_evidence_list_at(facts, i);

        if (begins_section(facts, i))
            printf("%s<h2>%s</h2>\n<table>\n", i == 0 ? "" : "</table>\n", row->section.ptr);
        printf("<tr><td>");
        print_escaped(row->item.ptr, 1);
        printf("<td><code>");
        print_escaped(row->facts.ptr, 1);
        printf("</code>\n");
    }
    printf("</table>\n</html>\n");
}

/* Whether every table is under forced row security, as its facts say. */
static int
is_closed(const hg_evidence_list *facts)
{
    for (size_t i = 0; i < hg_evidence_list_count(facts); i++) {
        const hg_evidence_row *row = hg_evidence_list_at(facts, i);

        if (strcmp(row->section.ptr, "table") == 0 && (strstr(row->facts.ptr, "\"forced\": true") == NULL ||
                                                       strstr(row->facts.ptr, "\"row_security\": true") == NULL))
            return 0;
    }
    return 1;
}

int
main(int argc, char **argv)
{
    const char *dsn = argc > 2 ? argv[2] : getenv("HOTGIGS_SERVICE_DSN");
    hg_evidence_list *facts = NULL;
    const hg_audit_verify_row *verified = NULL;
    hg_conn *conn = NULL;
    hg_error err;
    int code = 1;

    if (argc < 2 || (strcmp(argv[1], "json") != 0 && strcmp(argv[1], "html") != 0)) {
        fprintf(stderr, "usage: hotgigs-evidence json | html [SERVICE_DSN]\n");
        return 2;
    }
    if (hg_conn_open(dsn, NULL, &conn, &err) != HG_OK || hg_evidence(conn, NULL, &facts, &err) != HG_OK ||
        hg_audit_verify(conn, NULL, &verified, &err) != HG_OK) {
        fprintf(stderr, "hotgigs-evidence: %s: %s\n", hg_status_name(err.status), err.message);
        goto out;
    }
    (strcmp(argv[1], "html") == 0 ? print_html : print_json)(facts, verified);
    code = verified->null_mask & HG_BIT(HG_AUDIT_VERIFY_ROW_PROBLEM) && is_closed(facts) ? 0 : 1;
out:
    hg_audit_verify_row_free(verified);
    hg_evidence_list_free(facts);
    hg_conn_close(conn);
    return code;
}
