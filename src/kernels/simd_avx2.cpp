// Compiled with -mavx2 -mfma; empty on processors other than x86-64.
#if defined(__x86_64__)
#define XERAS_SIMD_BYTES 32
#define XERAS_SIMD_ISA avx2
#include "kernels/simd_impl.hpp"
#endif
