/* crowd.c - asks tests/crowd for the database. */
#include "crowd.h"

#include <stdlib.h>

const char *
crowd_database(void)
{
    return system("tests/crowd >&2") == 0 ? "hotgigs_crowd" : NULL;
}
