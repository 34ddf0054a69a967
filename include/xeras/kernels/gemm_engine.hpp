#pragma once

#include <string>

#include "xeras/core/export.hpp"

namespace xeras {

/// Chooses what multiplies matrices: "own", the library's kernels; "blas", OpenBLAS; or "auto", the default, the faster
/// of the two for each shape. The environment variable XERAS_GEMM sets it too.
///
///   xeras::set_gemm_engine("own");
///
/// With "own", and with "auto" on processors with AVX2 or AVX-512, the prediction for a sample has the same bits in any
/// batch. With "blas", and with "auto" on other processors, the last bits may differ. Results never depend on the
/// number of threads. Do not call this while another thread trains or predicts. Throws InvalidArgument for an unknown
/// name.
XERAS_API void set_gemm_engine(const std::string& name);
XERAS_API std::string gemm_engine();

/// Returns one sentence about OpenBLAS: its release, its kernels, and whether its products agree with those of the
/// library's kernels. If they disagree, as on processors newer than the OpenBLAS release, the library's kernels do all
/// work.
XERAS_API std::string gemm_report();

}  // namespace xeras
