/* document.c - see document.h. A line a member or row, so that two exports can be compared with diff. */
#include "privacy/document.h"

#include <string.h>

static void
add_name(hgi_document *document, hg_str name)
{
    hgi_json_escape(name.ptr, name.len, &document->text);
    hgi_buffer_add_byte(&document->text, ':');
}

static void
begin_member(hgi_document *document, hg_str name)
{
    hgi_buffer_add_text(&document->text, document->has_member ? ",\n" : "{");
    document->has_member = 1;
    add_name(document, name);
}

static void
end_rows(hgi_document *document)
{
    if (document->in_rows)
        hgi_buffer_add_byte(&document->text, ']');
    document->in_rows = 0;
    document->has_row = 0;
}

static void
end_tables(hgi_document *document)
{
    end_rows(document);
    if (document->in_tables)
        hgi_buffer_add_byte(&document->text, '}');
    document->in_tables = 0;
}

static void
begin_rows(hgi_document *document, hg_str table)
{
    if (document->in_tables)
        hgi_buffer_add_text(&document->text, ",\n");
    else
        begin_member(document, (hg_str){ "tables", 6 });
    if (!document->in_tables)
        hgi_buffer_add_byte(&document->text, '{');
    document->in_tables = 1;
    document->in_rows = 1;
    hgi_buffer_clear(&document->table);
    hgi_buffer_add(&document->table, table.ptr, table.len);
    add_name(document, table);
    hgi_buffer_add_byte(&document->text, '[');
}

static int
is_open(const hgi_document *document, hg_str table)
{
    return document->in_rows && document->table.len == table.len
        && memcmp(document->table.ptr, table.ptr, table.len) == 0;
}

void
hgi_document_member(hgi_document *document, hg_str name, hg_str value)
{
    end_tables(document);
    begin_member(document, name);
    hgi_buffer_add(&document->text, value.ptr, value.len);
}

void
hgi_document_row(hgi_document *document, hg_str table, hg_str row)
{
    if (!is_open(document, table)) {
        end_rows(document);
        begin_rows(document, table);
    }
    if (row.ptr == NULL)
        return;
    if (document->has_row)
        hgi_buffer_add_text(&document->text, ",\n");
    document->has_row = 1;
    hgi_buffer_add(&document->text, row.ptr, row.len);
}

void
hgi_document_end(hgi_document *document)
{
    end_tables(document);
    hgi_buffer_add_text(&document->text, document->has_member ? "}\n" : "{}\n");
}

void
hgi_document_free(hgi_document *document)
{
    hgi_buffer_free(&document->text);
    hgi_buffer_free(&document->table);
}
