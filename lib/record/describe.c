/* describe.c - the generated descriptors, handed out. */
#include "hotgigs/tables.h"
#include "record/record.h"

int32_t
hg_table_count(void)
{
    return hgi_table_count;
}

int32_t
hg_operation_count(void)
{
    return hgi_operation_count;
}

const hg_operation_info *
hg_operation_describe(int32_t operation)
{
    return operation >= 0 && operation < hgi_operation_count ? hgi_operations[operation] : NULL;
}

int32_t
hg_view_count(void)
{
    return hgi_view_count;
}

const hgi_table *
hgi_table_of(int32_t number)
{
    if (number >= 0 && number < hgi_table_count)
        return hgi_tables[number];
    if (number >= HG_VIEW_FIRST && number - HG_VIEW_FIRST < hgi_view_count)
        return hgi_views[number - HG_VIEW_FIRST];
    return NULL;
}

const hg_table_info *
hg_table_describe(int32_t table)
{
    const hgi_table *found = hgi_table_of(table);

    return found != NULL ? &found->info : NULL;
}
