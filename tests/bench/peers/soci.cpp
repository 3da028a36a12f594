/* soci.cpp - SOCI: a prepared statement into bound strings with their indicators, 1,000 rows at a time where there are many. */
#include <memory>
#include <string>
#include <vector>

#include <soci/soci.h>
#include <soci/postgresql/soci-postgresql.h>

#include "peer.h"

static const size_t many = 1000;
static std::unique_ptr<soci::session> session;
static std::unique_ptr<soci::statement> get;
static std::string key;
static std::string cells[PEER_COLUMNS];
static soci::indicator indicators[PEER_COLUMNS];

void
peer_open(const char *dsn)
{
    session.reset(new soci::session(soci::postgresql, dsn));
    get.reset(new soci::statement(*session));
    for (int c = 0; c < PEER_COLUMNS; c++)
        get->exchange(soci::into(cells[c], indicators[c]));
    get->exchange(soci::use(key, "id"));
    get->alloc();
    get->prepare(PEER_GET ":id");
    get->define_and_bind();
}

void
peer_close(void)
{
    get.reset();
    session.reset();
}

uint64_t
peer_get(const char *id)
{
    const char *texts[PEER_COLUMNS];
    size_t lengths[PEER_COLUMNS];

    key = id;
    if (!get->execute(true))
        peer_die("no row");
    for (int c = 0; c < PEER_COLUMNS; c++) {
        texts[c] = indicators[c] == soci::i_null ? nullptr : cells[c].c_str();
        lengths[c] = cells[c].size();
    }
    return peer_sum_texts(texts, lengths);
}

uint64_t
peer_list(void)
{
    std::vector<std::string> columns[PEER_COLUMNS];
    std::vector<soci::indicator> nulls[PEER_COLUMNS];
    soci::statement list(*session);
    uint64_t sum = 0;

    for (int c = 0; c < PEER_COLUMNS; c++) {
        columns[c].resize(many);
        nulls[c].resize(many);
        list.exchange(soci::into(columns[c], nulls[c]));
    }
    list.alloc();
    list.prepare(PEER_LIST);
    list.define_and_bind();
    list.execute();
    while (list.fetch()) {
        for (size_t r = 0; r < columns[0].size(); r++) {
            const char *texts[PEER_COLUMNS];
            size_t lengths[PEER_COLUMNS];

            for (int c = 0; c < PEER_COLUMNS; c++) {
                texts[c] = nulls[c][r] == soci::i_null ? nullptr : columns[c][r].c_str();
                lengths[c] = columns[c][r].size();
            }
            sum += peer_sum_texts(texts, lengths);
        }
        for (int c = 0; c < PEER_COLUMNS; c++) {
            columns[c].resize(many);
            nulls[c].resize(many);
        }
    }
    return sum;
}
