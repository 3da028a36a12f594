/* soci.cpp - SOCI: prepared statements into bound strings with their indicators, 1,000 rows at a time where there are many. */
#include <memory>
#include <string>
#include <vector>

#include <soci/soci.h>
#include <soci/postgresql/soci-postgresql.h>

#include "peer.h"

/* A statement into vectors of so many rows. */
struct bulk {
    size_t                           many;
    std::vector<std::string>         columns[PEER_COLUMNS];
    std::vector<soci::indicator>     nulls[PEER_COLUMNS];
    std::unique_ptr<soci::statement> statement;
};

static std::unique_ptr<soci::session> session;
static bulk every_job, newest_jobs;
static std::unique_ptr<soci::statement> get;
static std::string key;
static std::string cells[PEER_COLUMNS];
static soci::indicator indicators[PEER_COLUMNS];
static const peer_write writes[] = { PEER_SQL_OF_WRITES(":v1", ":v2", ":v3", ":v4", ":v5", ":v6", ":v7") };
static std::unique_ptr<soci::statement> written[PEER_WRITES];
static std::string given[PEER_VALUES_MAX];
static std::unique_ptr<soci::transaction> transaction;

/* Vectors give back how many rows came, and must be as long as before when the statement is executed again. */
static void
size_again(bulk *rows)
{
    for (int c = 0; c < PEER_COLUMNS; c++) {
        rows->columns[c].resize(rows->many);
        rows->nulls[c].resize(rows->many);
    }
}

static void
prepare(bulk *rows, const char *sql, size_t many)
{
    rows->many = many;
    size_again(rows);
    rows->statement.reset(new soci::statement(*session));
    for (int c = 0; c < PEER_COLUMNS; c++)
        rows->statement->exchange(soci::into(rows->columns[c], rows->nulls[c]));
    rows->statement->alloc();
    rows->statement->prepare(sql);
    rows->statement->define_and_bind();
}

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
    prepare(&every_job, PEER_LIST, 1000);
    prepare(&newest_jobs, PEER_PAGE, 50);
    for (int i = 0; i < PEER_WRITES; i++) {
        written[i].reset(new soci::statement(*session));
        for (int v = 0; v < writes[i].values; v++)
            written[i]->exchange(soci::use(given[v], "v" + std::to_string(v + 1)));
        written[i]->alloc();
        written[i]->prepare(writes[i].sql);
        written[i]->define_and_bind();
    }
}

void
peer_close(void)
{
    every_job.statement.reset();
    newest_jobs.statement.reset();
    for (auto &statement : written)
        statement.reset();
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

static uint64_t
sum_all(bulk *rows)
{
    uint64_t sum = 0;

    size_again(rows);
    for (bool more = rows->statement->execute(true); more; size_again(rows), more = rows->statement->fetch()) {
        for (size_t r = 0; r < rows->columns[0].size(); r++) {
            const char *texts[PEER_COLUMNS];
            size_t lengths[PEER_COLUMNS];

            for (int c = 0; c < PEER_COLUMNS; c++) {
                texts[c] = rows->nulls[c][r] == soci::i_null ? nullptr : rows->columns[c][r].c_str();
                lengths[c] = rows->columns[c][r].size();
            }
            sum += peer_sum_texts(texts, lengths);
        }
    }
    return sum;
}

uint64_t
peer_list(void)
{
    return sum_all(&every_job);
}

uint64_t
peer_page(void)
{
    return sum_all(&newest_jobs);
}

void
peer_begin(void)
{
    transaction.reset(new soci::transaction(*session));
}

void
peer_commit(void)
{
    transaction->commit();
    transaction.reset();
}

void
peer_write_row(int which, const char *const *values)
{
    for (int i = 0; i < writes[which].values; i++)
        given[i] = values[i];
    written[which]->execute(true);
    if (written[which]->get_affected_rows() != 1)
        peer_die("no row was written");
}
