/* detail/end.h - closes what detail/begin.h opened. */
#ifdef __cplusplus
}
#endif
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
