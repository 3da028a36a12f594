/* crowd.c - asks tests/crowd for the database. */
#include "crowd.h"

#include <stdlib.h>

int
crowd_is_million(void)
{
    return getenv("HOTGIGS_MILLION") != NULL;
}

const char *
crowd_database(void)
{
    if (crowd_is_million())
        return system("tests/crowd million >&2") == 0 ? "hotgigs_million" : NULL;
    return system("tests/crowd >&2") == 0 ? "hotgigs_crowd" : NULL;
}
