/* suites.h - for the unit tests, which are written as ../suites.h: all suites stand in tests/suites.h. */
#include "../suites.h"
