/* attack.c - runs one attack, raw and through the library. */
#include "policies/attack.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- Raw --------------------------------------------------------------------------------------------------------- */

/* What is copied is not looked at. */
static void
end_copy(PGconn *conn)
{
    PGresult *result;
    char *line;

    PQputCopyEnd(conn, "no");
    while (PQgetCopyData(conn, &line, 0) > 0)
        PQfreemem(line);
    while ((result = PQgetResult(conn)) != NULL)
        PQclear(result);
}

void
attack_raw(PGconn *conn, const policy_person *person, const char *sql, char word[24])
{
    char *text = policy_sql(sql, policy_person_id(person));
    PGresult *result;
    const char *state, *message;

    word[0] = '\0';
    ck_assert_int_eq(policy_do(conn, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(conn, person), 0);
    result = PQexec(conn, text);
    state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state != NULL && strcmp(state, "42501") == 0)
        strcpy(word, strncmp(message, "permission denied", 17) == 0 ? "denied" : "refused");
    else if (state != NULL)
        snprintf(word, 24, "%.5s", state);
    else if (PQresultStatus(result) == PGRES_COPY_OUT || PQresultStatus(result) == PGRES_COPY_IN)
        strcpy(word, "copies");
    else
        strcpy(word, strtol(PQcmdTuples(result), NULL, 10) > 0 ? "ok" : "zero");
    PQclear(result);
    free(text);
    if (strcmp(word, "copies") == 0)
        end_copy(conn);
    policy_do(conn, "ROLLBACK");
}

/* ---- Through the library ----------------------------------------------------------------------------------------- */

const hgi_table *
attack_table(const char *name)
{
    for (int32_t i = 0; i < hgi_table_count; i++)
        if (strcmp(hgi_tables[i]->info.name, name) == 0)
            return hgi_tables[i];
    ck_abort_msg("no table %s", name);
    return NULL;
}

hg_conn *
attack_open(const char *who)
{
    const policy_person *person = policy_person_find(who);
    hg_identity identity = { .struct_size = sizeof identity };
    char *dsn;
    hg_conn *conn = NULL;
    hg_error err;

    ck_assert_msg(person != NULL, "nobody is called %s", who);
    dsn = policy_dsn(person->role == HG_ROLE_SERVICE ? "SERVICE" : "LOGIN", policy_db);
    ck_assert_msg(hg_conn_open(dsn, NULL, &conn, &err) == HG_OK, "%s", err.message);
    free(dsn);
    identity.role = person->role;
    if (policy_person_id(person) != NULL && person->role != HG_ROLE_ANON)
        hg_uuid_parse(policy_person_id(person), 36, &identity.user_id, NULL);
    ck_assert_msg(hg_session_enter(conn, &identity, &err) == HG_OK, "%s", err.message);
    return conn;
}

static int32_t
column_of(const hgi_table *table, const char *name)
{
    for (int32_t i = 0; i < table->info.column_count; i++)
        if (strcmp(table->info.columns[i].name, name) == 0)
            return i;
    ck_abort_msg("%s has no column %s", table->info.name, name);
    return -1;
}

static void
set_field(const hgi_table *table, unsigned char *row, int32_t column, const char *value)
{
    const hg_column_info *info = &table->info.columns[column];
    unsigned char *field = row + info->offset;
    hg_uuid uuid;
    hg_str text = { value, strlen(value) };
    hg_decimal decimal;
    hg_timestamp time;
    int32_t number;

    switch (info->kind) {
    case HG_KIND_UUID:
        uuid = policy_uuid(value);
        memcpy(field, &uuid, sizeof uuid);
        break;
    case HG_KIND_TEXT:
    case HG_KIND_JSON:
        memcpy(field, &text, sizeof text);
        break;
    case HG_KIND_ENUM:
        number = hgi_enum_parse(table, column, value, strlen(value));
        ck_assert_int_gt(number, 0);
        memcpy(field, &number, sizeof number);
        break;
    case HG_KIND_INT:
    case HG_KIND_BOOL:
        number = (int32_t)strtol(value, NULL, 10);
        memcpy(field, &number, sizeof number);
        break;
    case HG_KIND_DECIMAL:
        ck_assert_int_eq(hg_decimal_parse(value, strlen(value), &decimal, NULL), HG_OK);
        memcpy(field, &decimal, sizeof decimal);
        break;
    case HG_KIND_TIMESTAMP:
        ck_assert_int_eq(hg_timestamp_parse(value, strlen(value), &time, NULL), HG_OK);
        memcpy(field, &time, sizeof time);
        break;
    default:
        ck_abort_msg("%s.%s cannot be set here", table->info.name, info->name);
    }
}

static uint64_t
trips_of(hg_conn *conn)
{
    hg_conn_stats stats = { .struct_size = sizeof stats };

    hg_conn_get_stats(conn, &stats, NULL);
    return stats.round_trips;
}

hg_status
attack_call(hg_conn *conn, const char *call, uint64_t *trips, hg_error *err)
{
    char *copy = strdup(call), *save = NULL;
    const char *verb = strtok_r(copy, " ", &save);
    const hgi_table *table = attack_table(strtok_r(NULL, " ", &save));
    unsigned char *row = calloc(1, table->info.row_size);
    uint64_t set = 0, before = trips_of(conn);
    const void *out = NULL;
    hg_uuid id;
    hg_status st;

    memcpy(row, &table->info.row_size, sizeof table->info.row_size);
    if (strcmp(verb, "insert") != 0)
        id = policy_uuid(strtok_r(NULL, " ", &save));
    for (char *pair = strtok_r(NULL, " ", &save); pair != NULL; pair = strtok_r(NULL, " ", &save)) {
        char *equals = strchr(pair, '=');
        int32_t column;

        *equals = '\0';
        column = column_of(table, pair);
        set |= UINT64_C(1) << column;
        set_field(table, row, column, equals + 1);
    }
    if (strcmp(verb, "get") == 0)
        st = hgi_get(conn, table, &id, &out, err);
    else if (strcmp(verb, "insert") == 0)
        st = hgi_insert(conn, table, row, set, NULL, err);
    else if (strcmp(verb, "update") == 0)
        st = hgi_update(conn, table, &id, row, set, NULL, err);
    else
        st = hgi_delete(conn, table, &id, err);
    if (trips != NULL)
        *trips = trips_of(conn) - before;
    hgi_row_free(out);
    free(row);
    free(copy);
    return st;
}
