#include "plots/principal_components.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kernels/blas.hpp"
#include "xeras/core/error.hpp"
#include "xeras/xtensor.hpp"

// This comes after xeras/xtensor.hpp, which includes xtensor from its place in the installed release.
#include <xtensor-blas/xlinalg.hpp>

namespace xeras::plots {
namespace {

using Matrix = xt::xtensor<double, 2, xt::layout_type::column_major>;

[[noreturn]] void throw_wrong() {
  throw Error(fmt::format(
      "embedding: {} computed a wrong decomposition; expected the principal components. Set the environment "
      "variable OPENBLAS_CORETYPE to an older processor, such as Haswell.",
      kernels::blas_name()));
}

// The rounding of floats is larger than this, and that of the sums here is smaller.
constexpr double negligible = 1e-10;

// Subtracts the mean of each column. Returns false if the rows are equal up to rounding.
bool center(Matrix& x) {
  double largest = 0.0, largest_before = 0.0;
  for (const double value : x) largest_before = std::max(largest_before, std::abs(value));
  for (std::size_t j = 0; j < x.shape()[1]; ++j) {
    double mean = 0.0;
    for (std::size_t i = 0; i < x.shape()[0]; ++i) mean += x(i, j) / static_cast<double>(x.shape()[0]);
    for (std::size_t i = 0; i < x.shape()[0]; ++i) largest = std::max(largest, std::abs(x(i, j) -= mean));
  }
  return largest > negligible * largest_before;
}

}  // namespace

PrincipalComponents principal_components(const std::vector<double>& matrix, std::size_t rows, std::size_t columns) {
  Matrix x = Matrix::from_shape({rows, columns});
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) x(i, j) = matrix[i * columns + j];
  }
  PrincipalComponents result;
  result.places.resize(rows);
  if (!center(x)) return result;

  const kernels::SingleThreadedBlas alone;
  Matrix scratch = x;
  const auto [failed, u, sizes, vt] = xt::lapack::gesdd(scratch, 'S');
  if (failed != 0) throw_wrong();
  double variance = 0.0, whole = 0.0;
  for (const double size : sizes) variance += size * size;
  for (const double value : x) whole += value * value;
  // An OpenBLAS older than the processor may compute nonsense.
  if (!(std::abs(variance - whole) <= 1e-6 * whole)) throw_wrong();
  for (std::size_t c = 0; c < std::min<std::size_t>(2, sizes.size()); ++c) {
    if (sizes(c) <= negligible * sizes(0)) break;
    result.shares[c] = sizes(c) * sizes(c) / variance;
    std::size_t main = 0;
    for (std::size_t j = 1; j < columns; ++j) {
      // Rounding must not choose between loadings of equal size.
      if (std::abs(vt(c, j)) > std::abs(vt(c, main)) * (1.0 + 1e-9)) main = j;
    }
    const double sign = vt(c, main) < 0.0 ? -1.0 : 1.0;
    for (std::size_t i = 0; i < rows; ++i) result.places[i][c] = sign * u(i, c) * sizes(c);
  }
  return result;
}

}  // namespace xeras::plots
