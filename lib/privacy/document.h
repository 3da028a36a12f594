/* document.h - the document of an export: its frame around rows that come one by one. */
#ifndef HGI_DOCUMENT_H
#define HGI_DOCUMENT_H

#include "value/value.h"

/* What the text has come to. Zero it to begin with; hgi_document_free() at the end. */
typedef struct hgi_document {
    hgi_buffer text;          /* written and not taken yet: the owner clears it */
    hgi_buffer table;         /* the name of the one whose rows are being written */
    int32_t    has_member;    /* 1: a member of the outermost object is there */
    int32_t    in_tables;     /* 1: "tables" is open, */
    int32_t    in_rows;       /* 1: and has a table, which is open and whose name is in table, */
    int32_t    has_row;       /* 1: with a row */
} hgi_document;

/* A member of the outermost object, whose value is JSON. */
void hgi_document_member(hgi_document *document, hg_str name, hg_str value);

/* A row of a table, a JSON object; ptr NULL: the table has none. Tables come one behind the other. */
void hgi_document_row(hgi_document *document, hg_str table, hg_str row);

void hgi_document_end(hgi_document *document);
void hgi_document_free(hgi_document *document);

#endif
