/* libpqxx.cpp - libpqxx: a prepared statement in a transaction of its own; a result's fields are texts. */
#include <memory>
#include <pqxx/pqxx>

#include "peer.h"

static std::unique_ptr<pqxx::connection> connection;

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
