#pragma once

// These compiler options would fail in any case, but later and with messages that do not name the option.
#if !defined(__cpp_rtti)
#error "xeras needs run-time type information. Compile without -fno-rtti."
#endif
#if !defined(__cpp_exceptions)
#error "xeras reports errors by exceptions. Compile without -fno-exceptions."
#endif
#if defined(_GLIBCXX_DEBUG) && !defined(XERAS_GLIBCXX_DEBUG)
#error \
    "_GLIBCXX_DEBUG gives std::vector another layout than the library was built with. Use _GLIBCXX_ASSERTIONS, or build xeras with -D_GLIBCXX_DEBUG -DXERAS_GLIBCXX_DEBUG as well."
#endif

/// Exports a symbol from a shared build of the library; all other symbols are hidden.
#define XERAS_API __attribute__((visibility("default")))
