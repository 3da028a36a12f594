#ifndef HOTGIGS_EXTRA_H
#define HOTGIGS_EXTRA_H

#include "hotgigs/core.h"

/* One. */
hg_status hg_extra(const hg_uuid *id, hg_error *err);

#endif
