// What every processor runs: SSE2 on x86-64, elsewhere whatever the compiler makes of vectors of four.
#define XERAS_SIMD_BYTES 16
#if defined(__x86_64__)
#define XERAS_SIMD_ISA sse2
#else
#define XERAS_SIMD_ISA baseline
#endif
#include "kernels/simd_impl.hpp"
