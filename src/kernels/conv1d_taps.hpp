#pragma once

#include <algorithm>

#include "kernels/conv1d.hpp"

// The input steps that the taps of a convolution read.
namespace xeras::kernels {

// Returns the input step that tap k of output step s reads; T or more if there is none, since a step before the first
// wraps around to a huge number.
inline std::size_t met_by(const Conv1DSizes& n, std::size_t s, std::size_t k) {
  return s * n.stride + k * n.dilation - n.before;
}

// The output steps [begin, begin + count) for which a tap reads an input step; at `begin` it reads `first`.
struct Reach {
  std::size_t begin = 0, count = 0, first = 0;
};

// Returns the reach of tap k among the output steps [from, to).
inline Reach reach_of(const Conv1DSizes& n, std::size_t k, std::size_t from, std::size_t to) {
  const std::size_t shift = k * n.dilation;
  const std::size_t limit = n.before + n.T;  // an upper bound of s * stride + shift
  if (shift >= limit) return {};
  const std::size_t begin = std::max(from, shift >= n.before ? 0 : (n.before - shift + n.stride - 1) / n.stride);
  const std::size_t end = std::min(to, (limit - shift - 1) / n.stride + 1);
  if (begin >= end) return {};
  return {begin, end - begin, begin * n.stride + shift - n.before};
}

// The output steps [begin, end) whose window lies within the input, among some steps [from, to).
struct Interior {
  std::size_t begin, end;
};

inline Interior interior_of(const Conv1DSizes& n, std::size_t from, std::size_t to) {
  const Reach first = reach_of(n, 0, from, to), last = reach_of(n, n.K - 1, from, to);
  const std::size_t begin = first.count > 0 ? first.begin : to;
  const std::size_t end = std::max(begin, last.count > 0 ? last.begin + last.count : begin);
  return {begin, end};
}

}  // namespace xeras::kernels
