// Compiled with -mavx512{f,cd,dq,bw,vl} -mavx2 -mfma; empty on processors other than x86-64.
#if defined(__x86_64__)
#define XERAS_SIMD_BYTES 64
#define XERAS_SIMD_ISA avx512
#include "kernels/simd_impl.hpp"
#endif
