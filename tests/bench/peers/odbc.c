/* odbc.c - ODBC with psqlODBC: a prepared statement, and columns that are bound once, as texts. */
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"

enum { CELL_MAX = 4096 };

static SQLHENV environment;
static SQLHDBC connection;
static const peer_write writes[] = { PEER_SQL_OF_WRITES("?", "?", "?", "?", "?", "?", "?") };
static SQLHSTMT get, list, page, written[PEER_WRITES];
static char given[PEER_VALUES_MAX][128];
static SQLLEN given_lengths[PEER_VALUES_MAX];
static char key[HG_UUID_TEXT_SIZE];
static SQLLEN key_length = SQL_NTS;
static char cells[PEER_COLUMNS][CELL_MAX];
static SQLLEN lengths[PEER_COLUMNS];

static void
must(SQLRETURN result, SQLSMALLINT kind, SQLHANDLE handle)
{
    SQLCHAR state[6], message[256] = "ODBC failed";

    if (SQL_SUCCEEDED(result))
        return;
    SQLGetDiagRec(kind, handle, 1, state, NULL, message, sizeof message, NULL);
    peer_die((const char *)message);
}

static SQLHSTMT
prepare_any(const char *sql)
{
    SQLHSTMT statement;

    must(SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement), SQL_HANDLE_DBC, connection);
    must(SQLPrepare(statement, (SQLCHAR *)sql, SQL_NTS), SQL_HANDLE_STMT, statement);
    return statement;
}

static SQLHSTMT
prepare_write(const peer_write *write)
{
    SQLHSTMT statement = prepare_any(write->sql);

    for (int i = 0; i < write->values; i++)
        must(SQLBindParameter(statement, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, sizeof given[i], 0, given[i],
                              sizeof given[i], &given_lengths[i]), SQL_HANDLE_STMT, statement);
    return statement;
}

static SQLHSTMT
prepare(const char *sql)
{
    SQLHSTMT statement = prepare_any(sql);

    for (int c = 0; c < PEER_COLUMNS; c++)
        must(SQLBindCol(statement, (SQLUSMALLINT)(c + 1), SQL_C_CHAR, cells[c], CELL_MAX, &lengths[c]), SQL_HANDLE_STMT, statement);
    return statement;
}

/* The value of a keyword of a conninfo string of sql/cluster, which quotes only what it must. */
static void
keyword(const char *dsn, const char *name, char *out, size_t size)
{
    const char *at, *found = NULL;

    for (at = dsn; (at = strstr(at, name)) != NULL; at++)
        if (at[strlen(name)] == '=' && (at == dsn || at[-1] == ' '))
            found = at + strlen(name) + 1;
    snprintf(out, size, "%.*s", found == NULL ? 0 : (int)strcspn(found, " "), found == NULL ? "" : found);
}

void
peer_open(const char *dsn)
{
    char host[256], port[16], database[64], user[64], password[64], text[1024];

    keyword(dsn, "host", host, sizeof host);
    keyword(dsn, "port", port, sizeof port);
    keyword(dsn, "dbname", database, sizeof database);
    keyword(dsn, "user", user, sizeof user);
    keyword(dsn, "password", password, sizeof password);
    snprintf(text, sizeof text, "Driver=PostgreSQL Unicode;Servername=%s;Port=%s;Database=%s;UID=%s;PWD=%s;"
             "UseServerSidePrepare=1;MaxVarcharSize=4000;MaxLongVarcharSize=4000;BoolsAsChar=0", host, port, database, user, password);
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
    must(SQLDriverConnect(connection, NULL, (SQLCHAR *)text, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_HANDLE_DBC, connection);
    get = prepare(PEER_GET "?");
    must(SQLBindParameter(get, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_GUID, 36, 0, key, sizeof key, &key_length), SQL_HANDLE_STMT, get);
    list = prepare(PEER_LIST);
    page = prepare(PEER_PAGE);
    for (int i = 0; i < PEER_WRITES; i++)
        written[i] = prepare_write(&writes[i]);
}

void
peer_close(void)
{
    SQLFreeHandle(SQL_HANDLE_STMT, get);
    SQLFreeHandle(SQL_HANDLE_STMT, list);
    SQLFreeHandle(SQL_HANDLE_STMT, page);
    for (int i = 0; i < PEER_WRITES; i++)
        SQLFreeHandle(SQL_HANDLE_STMT, written[i]);
    SQLDisconnect(connection);
    SQLFreeHandle(SQL_HANDLE_DBC, connection);
    SQLFreeHandle(SQL_HANDLE_ENV, environment);
}

static uint64_t
run(SQLHSTMT statement)
{
    uint64_t sum = 0;

    must(SQLExecute(statement), SQL_HANDLE_STMT, statement);
    while (SQL_SUCCEEDED(SQLFetch(statement))) {
        const char *texts[PEER_COLUMNS];
        size_t sizes[PEER_COLUMNS];

        for (int c = 0; c < PEER_COLUMNS; c++) {
            texts[c] = lengths[c] == SQL_NULL_DATA ? NULL : cells[c];
            sizes[c] = lengths[c] == SQL_NULL_DATA ? 0 : (size_t)lengths[c];
        }
        sum += peer_sum_texts(texts, sizes);
    }
    SQLFreeStmt(statement, SQL_CLOSE);
    return sum;
}

uint64_t
peer_get(const char *id)
{
    memcpy(key, id, sizeof key);
    return run(get);
}

uint64_t
peer_list(void)
{
    return run(list);
}

uint64_t
peer_page(void)
{
    return run(page);
}

void
peer_begin(void)
{
    SQLSetConnectAttr(connection, SQL_ATTR_AUTOCOMMIT, (SQLPOINTER)SQL_AUTOCOMMIT_OFF, 0);
}

void
peer_commit(void)
{
    must(SQLEndTran(SQL_HANDLE_DBC, connection, SQL_COMMIT), SQL_HANDLE_DBC, connection);
    SQLSetConnectAttr(connection, SQL_ATTR_AUTOCOMMIT, (SQLPOINTER)SQL_AUTOCOMMIT_ON, 0);
}

void
peer_write_row(int which, const char *const *values)
{
    SQLLEN rows = 0;

    for (int i = 0; i < writes[which].values; i++)
        given_lengths[i] = snprintf(given[i], sizeof given[i], "%s", values[i]);
    must(SQLExecute(written[which]), SQL_HANDLE_STMT, written[which]);
    SQLRowCount(written[which], &rows);
    if (rows != 1)
        peer_die("no row was written");
    SQLFreeStmt(written[which], SQL_CLOSE);
}
