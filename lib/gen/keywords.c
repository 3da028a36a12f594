/* keywords.c - names that a field may not have as they are, in any of the languages that use the structs. */
#include <string.h>

#include "gen/gen.h"

/* C to C23 and C++ to C++23, lower case only, and what compilers and <errno.h> define as macros in gnu modes */
static const char c_family[] =
    " alignas alignof and and_eq asm assert atomic_cancel auto bitand bitor bool break case catch char char16_t"
    " char32_t char8_t class co_await co_return co_yield compl complex concept const const_cast consteval"
    " constexpr constinit continue decltype default delete do double dynamic_cast else enum errno explicit"
    " export extern false final float for friend goto if import inline int linux long module mutable namespace"
    " new noexcept not not_eq nullptr operator or or_eq override private protected public register"
    " reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct"
    " switch template this thread_local throw true try typedef typeid typename typeof typeof_unqual union unix"
    " unsigned using virtual void volatile wchar_t while xor xor_eq ";

static const char go[] =
    " break case chan const continue default defer else fallthrough for func go goto if import interface map"
    " package range return select struct switch type var ";

/* The soft keywords match, case and type included: they are fine as attributes today, and not for ever. */
static const char python[] =
    " and as assert async await break case class continue def del elif else except finally for from global if"
    " import in is lambda match nonlocal not or pass raise return try type while with yield ";

/* Keywords in use and reserved, up to the 2024 edition. */
static const char rust[] =
    " abstract as async await become box break const continue crate do dyn else enum extern false final fn for"
    " gen if impl in let loop macro match mod move mut override priv pub ref return self static struct super"
    " trait true try type typeof unsafe unsized use virtual where while yield ";

const char *
field_name(const char *name)
{
    const char *word = format(" %s ", name);

    if (strstr(c_family, word) != NULL || strstr(go, word) != NULL || strstr(python, word) != NULL
        || strstr(rust, word) != NULL)
        return format("%s_", name);
    return name;
}
