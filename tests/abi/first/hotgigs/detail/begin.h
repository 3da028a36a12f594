/* detail/begin.h - opens what every public header opens: C linkage, default visibility.
 *
 * No include guard: it is meant to be read once in each header, and closed by detail/end.h. Kept apart so that
 * the body of a public header has no macro in it and can be fed to a binding generator as it is. */
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#ifdef __cplusplus
extern "C" {
#endif
