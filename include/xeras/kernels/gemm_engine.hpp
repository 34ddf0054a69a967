#pragma once

#include <string>

#include "xeras/core/export.hpp"

namespace xeras {

/// What multiplies matrices: "own", the library's kernels; "blas", OpenBLAS; or "auto", the faster one for the shape,
/// which is what programs begin with. The environment variable XERAS_GEMM sets it as well.
///
/// With "own", and with "auto" on processors that have AVX2 or AVX-512, a sample's prediction has the same bits in any
/// batch. With "blas", and elsewhere, it may differ in the last bits; results never depend on the number of threads.
/// Must not be called while another thread trains or predicts. Throws InvalidArgument for another name.
XERAS_API void set_gemm_engine(const std::string& name);
XERAS_API std::string gemm_engine();

/// One sentence about OpenBLAS: its release and kernels, and whether its products agree with those of the library's
/// kernels. Where they do not, as on processors that are newer than an OpenBLAS, the library's kernels do all work.
XERAS_API std::string gemm_report();

}  // namespace xeras
