#ifndef HOTGIGS_EXTRA_H
#define HOTGIGS_EXTRA_H

#include "hotgigs/core.h"

static inline int32_t hg_extra(void) { return 0; }

#endif
