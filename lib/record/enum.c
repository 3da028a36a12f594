/* enum.c - numbers and texts of enumerated columns. */
#include "record/record_int.h"

const char *
hgi_enum_name(const hgi_table *table, int32_t column, int32_t value)
{
    const hg_column_info *info = &table->info.columns[column];

    return value >= 1 && value <= info->value_count ? info->values[value - 1] : NULL;
}

int32_t
hgi_enum_parse(const hgi_table *table, int32_t column, const char *ptr, size_t len)
{
    return ptr != NULL ? hgi_enum_value(&table->info.columns[column], ptr, len) : -1;
}
