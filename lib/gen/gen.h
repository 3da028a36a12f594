/* gen.h - the generator: asks a PostgreSQL that has run sql/migrations what it knows, and writes the C.
 *
 * A step is a file, and main.c lists the steps in their order:
 *
 *     read_headers      the hand-written headers            -> declarations
 *     read_snapshot     tests/abi/layout.txt of last time   -> facts
 *     read_migrations   sql/migrations                      -> migration
 *     read_catalogue    the database                        -> table, column, key
 *     read_relations    ... its foreign keys                -> relation
 *     read_views        ... and lib/gen/views.txt           -> table, column
 *     read_operations   sql/operations                      -> operation, as its file says
 *     prepare_operations the database                       -> its types, who may run it, whether it writes
 *     lay_out           where each field lies               -> field
 *     write_...         texts, kept in memory
 *     check_append_only the new facts against the old ones
 *     output_finish     and only then the files
 *
 * It is a short-lived program: memory is kept until it ends, and an error ends it (die_at, die). */
#ifndef HGI_GEN_H
#define HGI_GEN_H

#include <stddef.h>
#include <stdint.h>

/* ---- memory.c, text.c: memory and texts -------------------------------------------------------------------------- */

void *keep(size_t size);                                   /* zeroed */
void *keep_grown(void *old, size_t old_size, size_t size); /* a copy with more room */
char *keep_text(const char *ptr, size_t len);
char *format(const char *how, ...) __attribute__((format(printf, 1, 2)));

/* Room for one more element behind count, doubling: items = MORE(items, count). Zeroed. */
#define MORE(items, count) more((items), (count), sizeof *(items))
void *more(void *items, size_t count, size_t size);

/* Ends the program: one line "file:line: what", or "gen: what". line 0: the file as a whole. */
_Noreturn void die_at(const char *file, int line, const char *how, ...) __attribute__((format(printf, 3, 4)));
_Noreturn void die(const char *how, ...) __attribute__((format(printf, 1, 2)));

typedef struct text {
    char  *ptr;              /* NUL-ended, or NULL while nothing was added */
    size_t len;
    size_t capacity;
} text;

enum { LINE_WIDTH = 99 };    /* generated lines have fewer than 100 columns */

void   add(text *t, const char *what);
void   addf(text *t, const char *how, ...) __attribute__((format(printf, 2, 3)));
void   add_bytes(text *t, const char *ptr, size_t len);
void   add_spaces(text *t, size_t count);
void   pad_to(text *t, size_t to);                     /* spaces, until the last line is that long */
size_t width(const char *what);                            /* in characters */
size_t last_line_width(const text *t);
void   add_c_string(text *t, const char *what);            /* quoted and escaped */

/* Appends words with a space between them; a word that would leave the line, less room, begins another with prefix.
 * In a comment room is 3, for its end behind the last word. */
void   add_words(text *t, const char *prefix, const char *words, size_t room);

/* Appends "head(" or "head{", the items and ")" with line breaks, aligned behind the bracket. */
void   add_call(text *t, const char *head, const char *const *items, size_t count, const char *end);

char       *upper(const char *name);                       /* job_type -> JOB_TYPE */
char       *spaced(const char *name);                      /* job_type -> job type */
const char *in_comment(const char *what);                  /* one line that cannot end a comment or begin another */
int         starts_with(const char *what, const char *with);
int         ends_with(const char *what, const char *with);
int         is_name(const char *what);                     /* lower-case letters, digits and _, no digit first */

/* ---- files.c: reading, and output that is all or nothing --------------------------------------------------------- */

char        *read_file(const char *path, size_t *len);     /* NULL: there is none */
/* A file of the checkout, or its copy in an installation's share/hotgigs, which has no folders. */
char        *read_shared(const char *root, const char *path);
const char **list_folder(const char *path, const char *ending, size_t *count);   /* sorted names */

/* All paths of output lie under root. */
text       *output(const char *path);                      /* a new, empty output */
const char *output_text(const char *path);                 /* of an output, else NULL */
int         output_check(const char *root);                /* 1, and a line each on stderr, if files differ */
void        output_finish(const char *root);               /* writes what differs */

/* ---- database.c: the only file that knows libpq ------------------------------------------------------------------ */

typedef struct rows {
    int          count;
    int          columns;
    const char **cells;      /* row by row; NULL: SQL NULL */
} rows;

void        database_open(const char *conninfo);
void        database_close(void);
/* A statement as the server understands it. */
typedef struct statement {
    const char *problem;     /* NULL: none; else what the server said, */
    int         at;          /* and behind how many bytes of the statement, or -1 */
    int         denied;      /* 1: the role may not */
    int         parameter_count;
    const char **parameters; /* type ids, as text */
    int         column_count;
    struct described_column {
        const char *name;
        const char *type;    /* its id, as text */
        int         typmod;
        const char *table;   /* id of the table or view that it comes from straight, */
        int         number;  /* and its number there; 0: it is computed */
    } *columns;
} statement;

statement   database_describe(const char *sql);
/* Plans it as a role would run it. *plan gets EXPLAIN's text. */
statement   database_explain(const char *sql, const char *role, int parameter_count, const char **plan);
rows        database_ask(const char *sql, const char *const *parameters, int count);
char       *database_sha256(const char *bytes, size_t len);                      /* 64 hexadecimal digits */
const char *cell(const rows *r, int row, int at);
int         cell_int(const rows *r, int row, int at);

/* ---- What the headers declare: read_headers.c -------------------------------------------------------------------- */

enum { IS_OPAQUE, IS_TYPE, IS_STRUCT, IS_CONSTANT, IS_FUNCTION };

typedef struct member {
    const char *name;
    const char *type;        /* "const hg_column_info *" */
    size_t      elements;    /* of an array; else 1 */
    size_t      offset;
    size_t      size;
} member;

typedef struct declaration {
    int         kind;
    const char *name;
    const char *type;        /* IS_TYPE: the other type; IS_FUNCTION: the signature without names */
    int64_t     value;       /* IS_CONSTANT */
    member     *members;     /* IS_STRUCT, with offsets as a 64-bit compiler gives them */
    size_t      member_count;
    size_t      size;        /* IS_STRUCT */
    size_t      align;
    int         line;
} declaration;

typedef struct header {
    const char  *path;       /* include/hotgigs/core.h */
    const char  *content;
    const char **includes;   /* "hotgigs/core.h", in order */
    size_t       include_count;
    declaration *declarations;
    size_t       count;
} header;

typedef struct headers {
    header *items;           /* in the order in which they need each other */
    size_t  count;
    size_t  reached;         /* so many of them, the first, are reached from hotgigs/hotgigs.h */
} headers;

headers            read_headers(const char *root);         /* outputs first, else the disk */
const declaration *find_declaration(const headers *all, const char *name);
int64_t            header_version(const char *root);       /* HG_HEADER_VERSION of core.h */

/* ---- The snapshot of last time: read_snapshot.c ------------------------------------------------------------------ */

/* One line: "0.1.0 field hg_job.title offset 80 size 16 hg_str". */
typedef struct fact {
    uint32_t    since;
    const char *kind;        /* field */
    const char *name;        /* hg_job.title */
    const char *value;       /* offset 80 size 16 hg_str */
    int         line;
} fact;

typedef struct facts {
    fact  *items;
    size_t count;
    int    exists;           /* 0: there was no snapshot */
} facts;

extern const char snapshot_path[];
facts       read_snapshot(const char *root);
const fact *find_fact(const facts *all, const char *kind, const char *name);
void        add_fact(facts *all, uint32_t since, const char *kind, const char *name, const char *value);
char       *fact_text(const fact *f);                      /* field hg_job.title offset 80 ... */
char       *version_text(uint32_t version);                /* 0x000100 -> 0.1.0 */

/* ---- The migrations: read_migrations.c --------------------------------------------------------------------------- */

typedef struct migration {
    const char *path;        /* sql/migrations/106_jobs.sql */
    const char *version;     /* 106 */
    const char *name;        /* jobs */
    const char *sql;
    size_t      sql_len;
    int         transaction; /* 0: CREATE INDEX CONCURRENTLY, alone in its file */
} migration;

typedef struct migrations {
    migration *items;
    size_t     count;
} migrations;

migrations  read_migrations(const char *root);

/* Where something stands, for errors and first lines; line 0 and the folder if nowhere. */
typedef struct place {
    const char *file;
    int         line;
} place;
place       place_of_table(const migrations *all, const char *name);
place       place_of_view(const migrations *all, const char *name);
place       place_of_column(const migrations *all, const char *of_table, const char *name);

/* ---- The privacy catalogue: read_privacy.c, write_privacy.c ------------------------------------------------------- */

typedef struct privacy_line {
    const char *table, *subject, *action;      /* of its table's line */
    const char *column, *class_, *erasure, *export_, *audit, *log;
    int         line;
} privacy_line;

typedef struct privacy {
    privacy_line *lines;
    size_t        count;
} privacy;

extern const char *const privacy_classes[], *const privacy_erasures[];    /* in the order of HG_DATA_*, HG_ERASURE_* */
int     word_among(const char *word, const char *const *words);           /* -1: it is none of them */
privacy read_privacy(const char *root);
void    write_privacy(const char *root);                                  /* the migration */

/* ---- What the database knows: read_catalogue.c ------------------------------------------------------------------- */

enum { ANON, CANDIDATE, COMPANY, FREELANCER, SERVICE, ROLES, OTHER = ROLES, ROLES_AND_OTHER };
extern const char *const role_names[ROLES];                /* anon ...; in the database hotgigs_anon */
#define ROLE_ARRAY "ARRAY['hotgigs_anon', 'hotgigs_candidate', 'hotgigs_company', 'hotgigs_freelancer'," \
                   " 'hotgigs_service']"

enum { COLUMNS_MAX = 64, PRECISION_MAX = 18 };

/* One kind of value. */
typedef struct value_kind {
    const char *name;        /* in the snapshot: text */
    const char *pg_type;     /* pg_type.typname: varchar */
    const char *constant;    /* HG_KIND_TEXT */
    const char *c_type;      /* hg_str */
    const char *oid;         /* HGI_OID_VARCHAR */
    const char *sql_type;    /* of a dropped column, of which no more is known */
    size_t      size;
    size_t      align;
    int         of_operations; /* 1: no table has it */
} value_kind;
const value_kind *kind_by_name(const char *name);                /* NULL: there is none */
const value_kind *kind_by_pg_type(const char *pg_type);
extern const value_kind kind_enum;

typedef struct column {
    const char  *name;
    const char  *field;      /* the name, with a trailing _ if some language has it as a keyword */
    const char  *constant;   /* HG_JOB_TITLE */
    const value_kind *kind;
    const char  *oid;        /* HGI_OID_... */
    const char  *sql_type;
    const char  *default_sql;
    const char  *comment;
    const char **values;     /* of an enumerated column, */
    const char  *values_of;  /* whose constants begin with HG_JOB_JOB_TYPE */
    size_t       value_count;
    int          length;
    int          scale;
    int          nullable;
    int          generated;  /* never written */
    int          dropped;    /* in the snapshot, no longer in the database */
    uint32_t     readers;    /* bit role */
    uint32_t     inserters;
    uint32_t     updaters;
    uint32_t     since;
    place        place;
    const struct privacy_line *privacy; /* of a table's column; NULL: there is no catalogue */
} column;

typedef struct key {
    const char *name;        /* company_id_user_id */
    const char *constant;    /* HG_COMPANY_MEMBER_KEY_COMPANY_ID_USER_ID */
    uint64_t    columns;
} key;

typedef struct constraint {
    const char *name;
    int         column;      /* ordinal, or -1 */
} constraint;

/* A field of the row struct. */
typedef struct field {
    const char *type;
    const char *name;
    int         column;      /* ordinal, or -1 */
    size_t      offset;
    size_t      size;
} field;

/* The fields that a struct begins with: five of them, 32 bytes. */
enum { HEAD_FIELDS = 5 };
extern const field row_head[HEAD_FIELDS], params_head[HEAD_FIELDS];

/* Rows of another table that belong to one of this: what the foreign key of one of the two says. */
typedef struct relation {
    const char *name;        /* company, or job_skills */
    const char *constant;    /* HG_REL_JOB_COMPANY, HG_REL_JOB_JOB_SKILLS */
    const char *comment;
    const char *number;      /* HG_TABLE_COMPANIES: the other one */
    int         table;       /* the other one's index */
    const char *other_constant; /* HG_COMPANY_ID */
    int         column;      /* of this table: company_id, or id */
    int         other;       /* of the other one: id, or job_id */
} relation;

/* A table, or a view, which is one without writes, keys and constraints. */
typedef struct table {
    const field *head;       /* row_head, but of the parameters of an operation */
    const char *name;        /* jobs */
    const char *singular;    /* job */
    const char *row;         /* hg_job */
    const char *prefix;      /* HG_JOB */
    const char *relation;    /* public.jobs */
    const char *comment;
    const char *folder;      /* of its header: tables, views */
    const char *number;      /* HG_TABLE_JOBS */
    int         is_view;
    const char *main_table;  /* of a view: that its columns are of where nothing else is said */
    int         line;        /* in lib/gen/tables.txt, views.txt */
    place       place;
    column     *columns;     /* by ordinal */
    size_t      column_count;
    key        *keys;        /* by number */
    size_t      key_count;
    constraint *constraints;
    size_t      constraint_count;
    relation   *relations;   /* by number */
    size_t      relation_count;
    field      *fields;
    size_t      field_count;
    size_t      row_size;
    int         version_column;
    uint32_t    readable_version;  /* bit role */
    uint32_t    deletable;
} table;

/* ---- What the files of operations say: read_operations.c, prepare_operations.c ------------------------------------- */

enum { ROWS_NONE, ROWS_ONE, ROWS_MAYBE, ROWS_MANY, ROWS_COUNT, ROWS_KINDS };
enum { RIGHTS_CALLER, RIGHTS_DEFINER, RIGHTS_SERVICE, RIGHTS_KINDS };
extern const char *const rows_names[ROWS_KINDS], *const rights_names[RIGHTS_KINDS];

/* A line of the head: $1 name? = source  comment */
typedef struct head_item {
    const char *name;
    const char *source;      /* jobs.status, numeric(12,2); NULL: none */
    const char *comment;     /* "" */
    int         optional;
    int         given;       /* $3 given name */
    int         line;
} head_item;

/* A parameter or a boolean: $n of the statement. */
typedef struct argument {
    int         column;      /* ordinal in params */
    int         given;
    const char *oid;
} argument;

typedef struct operation {
    const char *name;        /* job_set_state */
    const char *group;       /* jobs */
    const char *path;        /* sql/operations/job_set_state.sql */
    const char *c_name;      /* hg_job_set_state */
    const char *sentence;
    const char *detail;      /* further paragraphs, joined; "" */
    const char *row_name;    /* of row:, or NULL */
    int         rows;
    int         rights;
    uint32_t    by;          /* bit role, as the file says; 0: nothing */
    uint32_t    roles;       /* bit role: who may run it */
    int         writes;
    int         keys_line;
    head_item  *parameters;
    size_t      parameter_count;
    head_item  *columns;
    size_t      column_count;
    const char **notes;      /* HG_E_STATE and when, by turns */
    size_t      note_count;
    const char *not_found;   /* or NULL */
    const char *sql;         /* without the head and a ';' at the end */
    int         sql_line;
    argument   *arguments;
    size_t      argument_count;
    table       params;
    table       row;         /* columns only if they are the operation's own */
    int         counts_by_column; /* rows: count, and a column has it */
    const table *of;         /* the table whose rows come back, or NULL */
    uint64_t    of_columns;
    size_t      number;      /* HG_OPERATION_* */
    uint32_t    since;
} operation;

typedef struct model {
    const char *root;
    const char *operations_folder; /* sql/operations, or the user's */
    int         is_user;     /* 1: operations of a user's own, and nothing else */
    const char *prefix;      /* what names begin with: hg */
    uint32_t    version;     /* HG_HEADER_VERSION */
    facts       old;         /* the snapshot of last time */
    facts       now;
    migrations  migrations;
    headers     headers;
    table      *tables;      /* and behind them the views */
    size_t      table_count;
    size_t      view_count;
    operation  *operations;  /* by name */
    size_t      operation_count;
} model;

enum { FIRST_VIEW = 128 };   /* the number of the first view: tables have those before it */

void read_catalogue(model *m);
void read_relations(model *m);                             /* read_relations.c */
void check_privacy(model *m);                              /* read_privacy.c: each column has its line */
void read_views(model *m);                                 /* read_views.c */

/* For the readers of views. */
int     column_ordinal(const table *t, const char *name);     /* ordinal, or -1 */
column *new_column(table *t, const char *name);
void    begin_with_old_columns(const model *m, table *t);
void    read_type(const table *t, column *c, const char *schema, const char *pg_type, int typmod);

void read_operations(model *m);
void prepare_operations(model *m);                         /* prepare_operations.c */
/* Which of the words that stand before a bracket in a statement may be functions: schema and name, or "" and name. */
typedef struct called { const char *schema, *name; } called;
called *called_functions(const char *sql, size_t *count);  /* read_calls.c */

/* The list of values of CHECK (column IN ('a', 'b')) as PostgreSQL prints it; NULL if the check is none. */
const char **read_value_list(const char *expression, const char *name, size_t *count);     /* read_value_list.c */

const char *field_name(const char *name);                /* keywords.c */
const char *value_name(const char *value);                 /* in-person -> IN_PERSON */

/* ---- Steps ------------------------------------------------------------------------------------------------------- */

void lay_out(model *m);                                    /* layout.c */
void check_names(const model *m);                          /* check_names.c */
void collect_facts(model *m);                              /* write_layout.c */
void check_append_only(const model *m);                    /* check_append_only.c */

void write_headers(const model *m);                        /* write_header.c */
void write_tables(const model *m);                         /* write_tables.c: what lists all tables */
void write_doors(const model *m);                          /* write_door.c, with the descriptors of */
void write_descriptor(text *t, const table *of);           /* write_descriptor.c */
void write_operations(const model *m);                     /* write_operations.c */
void write_operation_descriptor(text *t, const model *m, const operation *of);   /* write_operation_descriptor.c */
/* Of a row's or of params' struct: write_header.c. words begin with what it is. */
void write_ordinals(text *t, const table *of, const char *words);
typedef struct enum_constant {
    const char *name;        /* HG_JOB_ID */
    size_t      value;
    const char *words;
} enum_constant;
void write_constants(text *t, const char *words, const enum_constant *all, size_t count);   /* an enum */
void write_fields(text *t, const table *of, const char *words);
/* A member of a descriptor: .comment = "...",  write_descriptor.c */
void write_string(text *t, const char *label, const char *what);
void write_comment_string(text *t, const char *what);
const char *listed(const char *const *items, size_t count);       /* "a, b and c": calls.c */
void write_migrations(const model *m);                     /* write_migrations.c */
void write_catalogue(void);                                /* write_catalogue.c */
void write_map(const model *m);                            /* write_map.c */
void write_ffi(const model *m);                            /* write_ffi.c */
void write_layout(const model *m);                         /* write_layout.c */
void write_description(const model *m);                    /* write_description.c */
void write_json(const model *m);                           /* write_json.c */
int  is_per_table(const header *of);                       /* of a table, a view, or a group of operations */
int  is_of_operations(const header *of);                   /* of a group of operations */
uint32_t since_of(const model *m, const char *kind, const char *name);   /* the version that first had a fact */

/* The calls of every table, in the order of the headers: calls.c. $r in them stands for hg_job, $t for jobs, and so on:
 * filled() replaces it. */
typedef struct call {
    const char *verb;          /* get: hg_job_get */
    const char *result;        /* hg_status */
    const char *parameters[9]; /* const $r *row; up to the first NULL */
    const char *body;          /* of the door, without braces */
    const char *comment;       /* first paragraph */
    const char *notes[16];     /* a label and its words by turns; without words it is left out */
    int         needs_key;     /* only of tables with a unique key */
    int         reads;         /* of views, too: READS, or READS_ID where the view has an id */
    int         needs_relation; /* only of tables with a foreign key, or that one refers to */
} call;
enum { READS = 1, READS_ID = 2 };
extern const call calls[];
extern const size_t call_count;
const char *filled(const char *how, const table *of);   /* calls.c */
int has_call(const table *of, const call *c);

void comment_open(text *t, const char *words);             /* begins a block comment */
void comment_note(text *t, const char *label, size_t label_width, const char *words);
void comment_rules(text *t);                               /* what holds for all calls of a generated header */
void comment_close(text *t);

/* "Generated by make generate from ...". what is the file or folder that a person changes instead. */
void add_origin(text *t, const char *what);
uint64_t hash_of(const char *content);                     /* write_layout.c */
int  has_enum(const table *of);
uint64_t role_mask(const table *of, int role, int privilege);   /* of columns */
enum { MAY_READ, MAY_INSERT, MAY_UPDATE };

#endif
