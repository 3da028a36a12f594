/* libpqxx.cpp - libpqxx: prepared statements, each alone or in a transaction; a result's fields are texts. */
#include <memory>
#include <string>
#include <pqxx/pqxx>

#include "peer.h"

static const peer_write writes[] = { PEER_SQL_OF_WRITES("$1", "$2", "$3", "$4", "$5", "$6", "$7") };
static std::unique_ptr<pqxx::connection> connection;
static std::unique_ptr<pqxx::work> transaction;

static uint64_t
sum_of(const pqxx::result &result)
{
    uint64_t sum = 0;

    for (const auto &row : result) {
        const char *texts[PEER_COLUMNS];
        size_t lengths[PEER_COLUMNS];

        for (int c = 0; c < PEER_COLUMNS; c++) {
            texts[c] = row[c].is_null() ? nullptr : row[c].c_str();
            lengths[c] = row[c].size();
        }
        sum += peer_sum_texts(texts, lengths);
    }
    return sum;
}

void
peer_open(const char *dsn)
{
    connection.reset(new pqxx::connection(dsn));
    connection->prepare("get", PEER_GET "$1");
    connection->prepare("list", PEER_LIST);
    connection->prepare("page", PEER_PAGE);
    for (int i = 0; i < PEER_WRITES; i++)
        connection->prepare("write " + std::to_string(i), writes[i].sql);
}

void
peer_close(void)
{
    connection.reset();
}

uint64_t
peer_get(const char *id)
{
    pqxx::nontransaction work(*connection);

    return sum_of(work.exec_prepared("get", id));
}

uint64_t
peer_list(void)
{
    pqxx::nontransaction work(*connection);

    return sum_of(work.exec_prepared("list"));
}

uint64_t
peer_page(void)
{
    pqxx::nontransaction work(*connection);

    return sum_of(work.exec_prepared("page"));
}

void
peer_begin(void)
{
    transaction.reset(new pqxx::work(*connection));
}

void
peer_commit(void)
{
    transaction->commit();
    transaction.reset();
}

static pqxx::result
run(pqxx::transaction_base &work, int which, const char *const *values)
{
    static const std::string names[] = { "write 0", "write 1", "write 2", "write 3", "write 4", "write 5" };

    return work.exec_prepared(names[which], pqxx::prepare::make_dynamic_params(values, values + writes[which].values));
}

void
peer_write_row(int which, const char *const *values)
{
    pqxx::result result;

    if (transaction) {
        result = run(*transaction, which, values);
    } else {
        pqxx::nontransaction work(*connection);

        result = run(work, which, values);
    }
    if (result.affected_rows() != 1)
        peer_die("no row was written");
}
