// The table that every processor runs: SSE2 on x86-64, elsewhere the compiler's code for vectors of four floats.
#define XERAS_SIMD_BYTES 16
#if defined(__x86_64__)
#define XERAS_SIMD_ISA sse2
#else
#define XERAS_SIMD_ISA baseline
#endif
#include "kernels/simd_impl.hpp"
