/* describe.c - the generated descriptors, handed out. */
#include "record/record.h"

int32_t
hg_table_count(void)
{
    return hgi_table_count;
}

const hg_table_info *
hg_table_describe(int32_t table)
{
    return table >= 0 && table < hgi_table_count ? &hgi_tables[table]->info : NULL;
}
