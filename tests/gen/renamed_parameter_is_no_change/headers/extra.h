#ifndef HOTGIGS_EXTRA_H
#define HOTGIGS_EXTRA_H

#include "hotgigs/core.h"

/* Another. */
hg_status hg_extra(const hg_uuid *key, hg_error *err);

#endif
