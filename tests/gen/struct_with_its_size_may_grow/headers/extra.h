#ifndef HOTGIGS_EXTRA_H
#define HOTGIGS_EXTRA_H

#include "hotgigs/core.h"

typedef struct hg_extra {
    uint32_t struct_size;
    int32_t  a;
    int64_t  b;
} hg_extra;

#endif
