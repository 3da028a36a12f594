#ifndef HOTGIGS_EXTRA_H
#define HOTGIGS_EXTRA_H

#include "hotgigs/core.h"

typedef struct hg_extra {
    int64_t a;
} hg_extra;

#endif
