#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace xeras::plots {

struct PrincipalComponents {
  std::vector<std::array<double, 2>> places;  // of each row, from the mean of all
  std::array<double, 2> shares{};             // of the variance, from 0 to 1
};

// Returns the first two principal components of the rows of a matrix (rows, columns), neither of which is 0. The
// loading of the largest size is positive in each component (the first one of equal loadings). A component without
// variance is 0. Throws Error where LAPACK fails.
PrincipalComponents principal_components(const std::vector<double>& matrix, std::size_t rows, std::size_t columns);

}  // namespace xeras::plots
