#ifndef HOTGIGS_EXTRA_H
#define HOTGIGS_EXTRA_H

#include "hotgigs/core.h"

enum { HG_EXTRA = 0, HG_OK = 1 };

#endif
