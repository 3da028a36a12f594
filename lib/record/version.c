/* version.c - the version of the library that is loaded, which a program compares with its headers'. */
#include "hotgigs/core.h"

uint32_t
hg_library_version(void)
{
    return HG_HEADER_VERSION;
}
