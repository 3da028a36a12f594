/* enum.c - numbers and texts of enumerated columns. */
#include "record/record_int.h"

const char *
hgi_enum_name(const hgi_table *table, int32_t column, int32_t value)
{
    const hg_column_info *info = &table->info.columns[column];

    return value >= 1 && value <= info->value_count ? info->values[value - 1] : NULL;
}

/* Most of the values differ in the first byte: no call is worth its while. */
static int
is_value(const char *value, const char *ptr, size_t len)
{
    size_t same = 0;

    while (same < len && value[same] != '\0' && value[same] == ptr[same])
        same++;
    return same == len && value[same] == '\0';
}

int32_t
hgi_enum_parse(const hgi_table *table, int32_t column, const char *ptr, size_t len)
{
    const hg_column_info *info = &table->info.columns[column];

    if (ptr == NULL)
        return -1;
    for (int32_t i = 0; i < info->value_count; i++)
        if (is_value(info->values[i], ptr, len))
            return i + 1;
    return -1;
}
