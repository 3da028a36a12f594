/* describe.c - the generated descriptors, handed out. */
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

const hg_table_info *
hg_table_describe(int32_t table)
{
    return table >= 0 && table < hgi_table_count ? &hgi_tables[table]->info : NULL;
}
