/* policies.h - what the tests of the policies share: names of rows, identities, databases, and the matrix.
 *
 * Nothing here uses Check, so that the mutation runner can use it too: what fails is written to a stream. */
#ifndef TESTS_POLICIES_H
#define TESTS_POLICIES_H

#include <libpq-fe.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "hotgigs/session.h"

/* ---- names.c: the rows of fixture.sql ---------------------------------------------------------------------------- */

/* The id of a row; NULL if there is no such name. */
const char *policy_id(const char *name);
/* The id of row i, in the order of the file; NULL behind the last. */
const char *policy_id_at(int i);
/* The name of a row, or the id itself if it has none. */
const char *policy_name(const char *id);
/* sql with every :name replaced by that row's id in quotes, and :self by self in quotes or NULL. To be freed. */
char *policy_sql(const char *sql, const char *self);
/* The same id for the library; ends the program if there is none. */
hg_uuid policy_uuid(const char *name);

/* ---- people.c: the identities ------------------------------------------------------------------------------------ */

typedef struct policy_person {
    const char *name;
    const char *group;     /* nobody/candidate, ..., visitor; "" if he stands for himself */
    int32_t     role;      /* HG_ROLE_* */
    const char *claims;    /* a user of the fixture, or the text of the claim itself; NULL: no claims */
} policy_person;

extern const policy_person policy_people[];
extern const int policy_people_count;

const policy_person *policy_person_find(const char *name);
/* The id that he claims, as the database reads it; NULL: none. */
const char *policy_person_id(const policy_person *person);
const char *policy_role_name(int32_t role);             /* hotgigs_candidate */
const char *policy_role_word(int32_t role);             /* candidate */
/* Becomes person for the rest of the transaction. 0, or -1. */
int policy_become(PGconn *conn, const policy_person *person);

/* ---- database.c -------------------------------------------------------------------------------------------------- */

/* The fixture's database, and the one where tenants have every grant ("bare": nothing but the policies holds). */
extern const char *policy_db, *policy_bare_db;

/* Makes both, once a process: migrations, fixture, copy. 0, or -1 with the reason on the standard error. */
int policy_databases_make(void);
/* A scratch database of its own, migrated; prepare is SQL that the administrator runs in it first, or NULL. */
int policy_database_make(const char *name, const char *prepare);
void policy_database_drop(const char *name);
/* fixture.sql into a database that is migrated. */
int policy_fixture_load(const char *name);

/* login: "ADMIN", "INSTALLER", "LOGIN" or "SERVICE". A conninfo string, to be freed. */
char *policy_dsn(const char *login, const char *database);
/* NULL, with the reason on the standard error, if it cannot be had. */
PGconn *policy_connect(const char *login, const char *database);
/* Runs one command; 0, or -1 with the reason on the standard error. */
int policy_do(PGconn *conn, const char *sql);
/* The text of a query's first cell, "" without one; to be freed. */
char *policy_ask(PGconn *conn, const char *sql);

/* ---- matrix_file.c and matrix_run.c ------------------------------------------------------------------------------ */

enum { POLICY_SELECT, POLICY_UPDATE, POLICY_DELETE, POLICY_TRY, POLICY_BARE_TRY };
enum { POLICY_ROWS_MAX = 64, POLICY_PEOPLE_MAX = 64 };

/* What a statement did: rows (then a mask), or a word: denied, refused, ok, zero, a SQLSTATE. */
typedef struct policy_outcome {
    char     word[24];     /* "" for rows */
    uint64_t rows;         /* bit i: row i of the section */
} policy_outcome;

typedef struct policy_verb {
    int    kind;           /* POLICY_SELECT ... */
    int    line;           /* in matrix.txt */
    char  *text;           /* as written */
    char  *sql;            /* with :names */
    policy_outcome wanted[POLICY_PEOPLE_MAX];
} policy_verb;

typedef struct policy_section {
    char  *table;          /* jobs, or hotgigs.user_cards */
    char  *key;            /* id, or what stands for it */
    char  *rows[POLICY_ROWS_MAX];
    int    row_count;
    policy_verb *verbs;
    int    verb_count;
} policy_section;

typedef struct policy_matrix {
    policy_section *sections;
    int             count;
} policy_matrix;

/* NULL after a mistake in the file, which is on the standard error with its line. */
policy_matrix *policy_matrix_read(const char *path);
void policy_matrix_free(policy_matrix *matrix);
policy_section *policy_section_find(policy_matrix *matrix, const char *table);

/* Where a section is run: as tenants and as the service, in both databases (bare may be NULL: those cells are left out); and
 * the owner, who sees every row. */
typedef struct policy_stage {
    PGconn *login, *service, *bare_login, *bare_service, *owner;
} policy_stage;

int  policy_stage_open(policy_stage *stage);
void policy_stage_close(policy_stage *stage);
/* Runs every cell; those that differ are a line each on report. The number of those; stops after limit (0: none). */
int  policy_section_run(const policy_section *section, const policy_stage *stage, FILE *report, int limit);
int  policy_section_cells(const policy_section *section);

#endif
