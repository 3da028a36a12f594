/* export - any table or view, or what a query finds of it, as CSV or JSON Lines, in a few megabytes of memory.
 *
 * New here: hg_<singular>_stream, _next, _count; hg_cursor_close; hg_table_count, hg_table_describe; hg_row_column_text;
 *           hg_query_where_*() by the kind of a column that only the arguments tell.
 *
 * Run:      export TABLE csv|jsonl [FILTER ...] [order=COLUMN] [bar=always] [dsn=DSN] > file
 *           FILTER is COLUMN=VALUE, COLUMN>=VALUE, COLUMN<=VALUE or COLUMN~PART OF A TEXT; COLUMN= asks for NULL.
 *           DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment. Columns that the login may not read
 *           are left out. A bar on stderr shows how far it is, if stderr is a terminal.
 *
 * Prints, for companies as csv:
 *     id,name,slug,description,...
 *     01920000-...,Çelik & Søn,celik-son,,...
 */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The calls of one table. A row's type is the table's own, so two of them need a wrapper that forgets it. */
typedef struct calls {
    const char *singular;
    hg_status (*count)(hg_conn *, const hg_query *, int64_t *, hg_error *);
    hg_status (*stream)(hg_conn *, const hg_query *, hg_cursor **, hg_error *);
    hg_status (*next)(hg_cursor *, const void **, hg_error *);
    hg_status (*to_json)(const void *, hg_text **, hg_error *);
} calls;

#define TABLES(X) \
    X(user) X(user_profile) X(oauth_account) X(company) X(company_member) X(job) X(job_skill) X(candidate_profile) \
    X(candidate_experience) X(candidate_education) X(application) X(application_timeline) X(interview) \
    X(ai_interview_session) X(document) X(ai_job_match) X(ai_resume_analysis) X(freelance_recruiter) X(referral) \
    X(analytics_event) X(system_metric) X(notification) X(email_log) X(task) X(audit_log) \
    X(user_card) X(company_card) X(company_setting) X(candidate_card) X(interview_card) X(referral_card) \
    X(document_card) X(freelance_recruiter_card) X(job_card) X(application_card) X(pipeline_card) X(agenda_item) \
    X(named_referral) X(task_card) X(member_card) X(notification_card)

#define WRAP(name) \
    static hg_status next_##name(hg_cursor *cursor, const void **row, hg_error *err) \
    { \
        const hg_##name *typed = NULL; \
        hg_status st = hg_##name##_next(cursor, &typed, err); \
        *row = typed; \
        return st; \
    } \
    static hg_status json_##name(const void *row, hg_text **out, hg_error *err) { return hg_##name##_to_json(row, out, err); }
TABLES(WRAP)

#define ROW(name) { #name, hg_##name##_count, hg_##name##_stream, next_##name, json_##name },
static const calls tables[] = { TABLES(ROW) };

/* ---- Output ------------------------------------------------------------------------------------------------------------ */

/* As RFC 4180 wants it: quoted where needed, quotes doubled. NULL is nothing at all, the empty text is "". */
static void
put_csv(const char *text, size_t len)
{
    if (len > 0 && strcspn(text, ",\"\r\n") == len && text[0] != ' ') {
        fwrite(text, 1, len, stdout);
        return;
    }
    putchar('"');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            putchar('"');
        putchar(text[i]);
    }
    putchar('"');
}

static hg_status
print_csv(const hg_table_info *info, const void *row, hg_error *err)
{
    for (int32_t c = 0; c < info->column_count; c++) {
        hg_text *text = NULL;
        hg_status st = hg_row_column_text(info->table, row, c, &text, err);

        if (st != HG_OK)
            return st;
        if (c > 0)
            putchar(',');
        if (text != NULL)
            put_csv(hg_text_ptr(text), hg_text_len(text));
        hg_text_free(text);
    }
    putchar('\n');
    return HG_OK;
}

static hg_status
print_json(const calls *of, const void *row, hg_error *err)
{
    hg_text *text = NULL;
    hg_status st = of->to_json(row, &text, err);

    if (st == HG_OK) {
        fwrite(hg_text_ptr(text), 1, hg_text_len(text), stdout);
        putchar('\n');
    }
    hg_text_free(text);
    return st;
}

static void
print_bar(int64_t done, int64_t total)
{
    enum { WIDTH = 40 };
    int filled = total > 0 && done < total ? (int)(done * WIDTH / total) : WIDTH;

    fprintf(stderr, "\r\033[32m");
    for (int i = 0; i < WIDTH; i++)
        fputs(i < filled ? "\u2588" : "\u2591", stderr);
    fprintf(stderr, "\033[0m %lld of %lld", (long long)done, (long long)total);
}

/* ---- The table ----------------------------------------------------------------------------------------------------------- */

/* A table or a view by its name; views have numbers of their own. */
static const hg_table_info *
find_table(const char *name)
{
    for (int32_t i = 0; i < hg_table_count(); i++)
        if (strcmp(hg_table_describe(i)->name, name) == 0)
            return hg_table_describe(i);
    for (int32_t i = HG_VIEW_FIRST; i < HG_VIEW_FIRST + hg_view_count(); i++)
        if (strcmp(hg_table_describe(i)->name, name) == 0)
            return hg_table_describe(i);
    return NULL;
}

static const calls *
calls_of(const hg_table_info *info)
{
    for (size_t i = 0; info != NULL && i < sizeof tables / sizeof *tables; i++)
        if (strcmp(tables[i].singular, info->singular) == 0)
            return &tables[i];
    return NULL;
}

static int32_t
find_column(const hg_table_info *info, const char *name, size_t len)
{
    for (int32_t c = 0; c < info->column_count; c++)
        if (strlen(info->columns[c].name) == len && memcmp(info->columns[c].name, name, len) == 0)
            return c;
    return -1;
}

/* One filter, by the kind of its column. Texts, and the names of enumerated values, are what the others parse. */
static hg_status
where(hg_query *query, const hg_column_info *of, int32_t column, int32_t op, const char *text, hg_error *err)
{
    size_t len = strlen(text);
    hg_uuid uuid;
    hg_timestamp time;
    hg_date date;
    hg_decimal decimal;
    hg_inet inet;
    hg_status st;

    if (len == 0)
        return hg_query_where_null(query, column, 1, err);
    switch (of->kind) {
    case HG_KIND_UUID:
        st = hg_uuid_parse(text, len, &uuid, err);
        return st == HG_OK ? hg_query_where_uuid(query, column, op, &uuid, err) : st;
    case HG_KIND_INT:
        return hg_query_where_int(query, column, op, strtol(text, NULL, 10), err);
    case HG_KIND_BOOL:
        return hg_query_where_bool(query, column, op, text[0] == 't', err);
    case HG_KIND_DECIMAL:
        st = hg_decimal_parse(text, len, &decimal, err);
        return st == HG_OK ? hg_query_where_decimal(query, column, op, &decimal, err) : st;
    case HG_KIND_TIMESTAMP:
        st = hg_timestamp_parse(text, len, &time, err);
        return st == HG_OK ? hg_query_where_time(query, column, op, time, err) : st;
    case HG_KIND_DATE:
        st = hg_date_parse(text, len, &date, err);
        return st == HG_OK ? hg_query_where_date(query, column, op, date, err) : st;
    case HG_KIND_INET:
        st = hg_inet_parse(text, len, &inet, err);
        return st == HG_OK ? hg_query_where_inet(query, column, op, &inet, err) : st;
    case HG_KIND_JSON:
        return hg_query_where_json(query, column, op, text, len, err);
    default:
        return hg_query_where_text(query, column, op, text, len, err);
    }
}

/* An argument: COLUMN=VALUE and so on, or order=COLUMN; HG_E_INVALID: neither. */
static hg_status
ask(hg_query *query, const hg_table_info *info, const char *argument, hg_error *err)
{
    size_t len = strcspn(argument, "=<>~"), behind = len + strspn(argument + len, "=<>~");
    int32_t column = find_column(info, argument, len), op;

    if (strncmp(argument, "order=", 6) == 0)
        return hg_query_order(query, find_column(info, argument + 6, strlen(argument + 6)), HG_ASCENDING,
                              HG_NULLS_DEFAULT, err);
    switch (argument[len]) {
    case '>': op = HG_OP_GE;       break;
    case '<': op = HG_OP_LE;       break;
    case '~': op = HG_OP_CONTAINS; break;
    default:  op = HG_OP_EQ;       break;
    }
    if (column < 0)                                /* the query says what is wrong with it */
        return hg_query_where_null(query, column, 1, err);
    return where(query, &info->columns[column], column, op, argument + behind, err);
}

/* The text behind name= in the arguments, or NULL. */
static const char *
option(int argc, char **argv, const char *name)
{
    size_t len = strlen(name);

    for (int i = 3; i < argc; i++)
        if (strncmp(argv[i], name, len) == 0 && argv[i][len] == '=')
            return argv[i] + len + 1;
    return NULL;
}

int
main(int argc, char **argv)
{
    const hg_table_info *info = argc > 2 ? find_table(argv[1]) : NULL;
    const calls *of = calls_of(info);
    int as_csv = argc > 2 && strcmp(argv[2], "csv") == 0, with_bar;
    const char *dsn;
    hg_conn *conn = NULL;
    hg_query *query = NULL;
    hg_cursor *cursor = NULL;
    const void *row = NULL;
    int64_t total = 0, done = 0;
    hg_error err = { 0 };
    hg_status st;

    if (of == NULL || (!as_csv && strcmp(argv[2], "jsonl") != 0)) {
        fprintf(stderr, "usage: export TABLE csv|jsonl [COLUMN=VALUE ...] [order=COLUMN] [bar=always] [dsn=DSN]\n");
        return 2;
    }
    with_bar = isatty(STDERR_FILENO) || option(argc, argv, "bar") != NULL;
    dsn = option(argc, argv, "dsn");
    st = hg_conn_open(dsn != NULL ? dsn : getenv("HOTGIGS_SERVICE_DSN"), NULL, &conn, &err);
    if (st != HG_OK)
        goto out;
    query = hg_query_new(info->table);
    if (query == NULL) {
        fprintf(stderr, "export: out of memory\n");
        goto out;
    }
    for (int i = 3; i < argc && st == HG_OK; i++)
        if (strncmp(argv[i], "dsn=", 4) != 0 && strncmp(argv[i], "bar=", 4) != 0)
            st = ask(query, info, argv[i], &err);
    if (st == HG_OK && with_bar)
        st = of->count(conn, query, &total, &err);
    if (st == HG_OK)
        st = of->stream(conn, query, &cursor, &err);
    if (st != HG_OK)
        goto out;

    for (int32_t c = 0; as_csv && c < info->column_count; c++)
        printf("%s%s", info->columns[c].name, c + 1 < info->column_count ? "," : "\n");
    while ((st = of->next(cursor, &row, &err)) == HG_OK && row != NULL) {
        st = as_csv ? print_csv(info, row, &err) : print_json(of, row, &err);
        if (st != HG_OK)
            break;
        if (++done % 1000 == 0 && with_bar)
            print_bar(done, total);
    }
    if (with_bar) {
        print_bar(done, done > total ? done : total);
        fputc('\n', stderr);
    }
    if (fflush(stdout) != 0) {
        perror("export");
        done = -1;
    }
out:
    if (st != HG_OK)
        fprintf(stderr, "export: %s: %s\n", hg_status_name(st), err.message);
    hg_cursor_close(cursor);
    hg_query_free(query);
    hg_conn_close(conn);
    return st == HG_OK && query != NULL && done >= 0 ? 0 : 1;
}
