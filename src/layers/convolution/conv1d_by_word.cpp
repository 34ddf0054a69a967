#include "layers/convolution/conv1d_by_word.hpp"

#include <algorithm>
#include <array>

#include "core/parallel.hpp"
#include "kernels/conv1d_taps.hpp"
#include "kernels/gemm.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/repeats.hpp"

namespace xeras::layers {

Conv1DByWord::Conv1DByWord(const Call& call, const kernels::Conv1DSizes& sizes, const float* w, float* packed)
    : n_(sizes), x_(call.input().data), w_(w), packed_(packed) {
  if (!call.training() || sizes.groups != 1) return;
  repeats_ = call.repeats();
  const std::size_t room = room_for_words(repeats_);
  if (room == 0) return;
  // The products of a word with a panel have about numbers_of_a_word numbers; a panel has at least a vector of filters.
  constexpr std::size_t numbers_of_a_word = 192, vector = 16;
  panel_ = std::clamp(numbers_of_a_word / n_.K / vector * vector, vector, kernels::conv1d_panel);
  words_ = call.scratch(room * n_.D);
  given_ = call.scratch(room * n_.K * std::min(panel_, n_.U));
  pays_ = pays_by_word(repeats_, repeats_.number.size(), n_.D);
}

void Conv1DByWord::pick_words() const {
  kernels::gather_rows(x_, repeats_.first.data(), words_, repeats_.first.size(), n_.D);
}

void Conv1DByWord::project(std::size_t first_filter, std::size_t filters) const {
  const std::size_t size = kernels::packed_size(n_.D, filters);
  for (std::size_t k = 0; k < n_.K; ++k) {
    kernels::pack(false, n_.D, filters, w_ + k * n_.D * n_.U + first_filter, n_.U, packed_ + k * size);
  }
  const std::size_t words = repeats_.first.size();
  const auto project_words = [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = 0; k < n_.K; ++k) {
      const kernels::PackedMatrix tap{
          false, n_.D, filters, w_ + k * n_.D * n_.U + first_filter, n_.U, packed_ + k * size};
      kernels::gemm_packed(end - begin, words_ + begin * n_.D, n_.D, tap, 0.0f, given_ + (begin * n_.K + k) * filters,
                           n_.K * filters);
    }
  };
  // The parts for OpenBLAS do not depend on the number of threads.
  const bool each = kernels::gemm_takes_blas(false, words, filters, n_.D);
  const std::size_t part = each ? 256 : 1, products = n_.K * n_.D * filters / kernels::products_a_float;
  parallel_for((words + part - 1) / part, part * products, [&](std::size_t begin, std::size_t end) {
    if (!each) return project_words(begin, end);
    for (; begin < end; ++begin) project_words(begin * part, std::min((begin + 1) * part, words));
  });
}

void Conv1DByWord::sum(std::size_t sample, const kernels::Conv1DPart& part, const float* bias, float* y,
                       std::size_t ldy) const {
  const std::int32_t* number = repeats_.number.data() + sample * n_.T;
  for (std::size_t s = part.first_step; s < part.first_step + part.steps; ++s, y += ldy) {
    bias != nullptr ? std::copy_n(bias + part.first_filter, part.filters, y) : std::fill_n(y, part.filters, 0.0f);
    std::array<std::int32_t, 16> rows;  // of given_, for up to 16 taps
    std::size_t taps = 0;
    for (std::size_t k = 0; k < n_.K; ++k) {
      if (const std::size_t t = kernels::met_by(n_, s, k); t < n_.T) {
        rows[taps++] = number[t] * static_cast<std::int32_t>(n_.K) + static_cast<std::int32_t>(k);
      }
      if (taps < rows.size() && k + 1 < n_.K) continue;
      kernels::simd().gather_add(given_, part.filters, rows.data(), y, taps, part.filters);
      taps = 0;
    }
  }
}

// Sets given_ to the gradients of the words' products: the sums over their positions.
void Conv1DByWord::collect(const Places& of, const float* dy, std::size_t first_filter, std::size_t filters) const {
  const std::size_t words = repeats_.first.size(), size = n_.K * filters;
  const auto sum_of = [&](std::size_t word, std::size_t k, float* sum) {
    kernels::SumOfRows rows(dy + first_filter, n_.U, sum, filters);
    for (std::int32_t i = of.begins[word]; i < of.begins[word + 1]; ++i) {
      const auto place = static_cast<std::size_t>(of.places[i]);
      const std::size_t sample = place / n_.T, t = place % n_.T;
      const std::size_t s = (t + n_.before - k * n_.dilation) / n_.stride;  // huge if negative
      if (s >= n_.S || kernels::met_by(n_, s, k) != t) continue;
      rows.add(static_cast<std::int32_t>(sample * n_.S + s));
    }
    rows.finish();
  };
  // Parts interleave the words, since the first ones are often frequent.
  const std::size_t parts = parts_of(words, repeats_.number.size() * size / std::max<std::size_t>(words, 1));
  parallel_tasks(parts, [&](std::size_t part) {
    for (std::size_t word = part; word < words; word += parts) {
      std::fill_n(given_ + word * size, size, 0.0f);
      for (std::size_t k = 0; k < n_.K; ++k) sum_of(word, k, given_ + word * size + k * filters);
    }
  });
}

void Conv1DByWord::backward(const Call& call, const float* dy, float* dw, float* dx) const {
  const std::size_t words = repeats_.first.size(), room = room_for_words(repeats_), D = n_.D, U = n_.U;
  auto* const begins = reinterpret_cast<std::int32_t*>(call.scratch(room + 1));
  auto* const places = reinterpret_cast<std::int32_t*>(call.scratch(repeats_.number.size()));
  float* const dwords = call.scratch(room * D);
  pick_words();
  group_places(repeats_, begins, places);
  if (dx != nullptr) std::fill_n(dwords, words * D, 0.0f);
  for (std::size_t u = 0; u < U; u += panel_) {
    const std::size_t filters = std::min(panel_, U - u);
    collect({begins, places}, dy, u, filters);
    for (std::size_t k = 0; k < n_.K; ++k) {
      const float* given = given_ + k * filters;
      const std::size_t at = k * D * U + u, apart = n_.K * filters;
      if (dw != nullptr) kernels::gemm(true, false, D, filters, words, words_, D, given, apart, 1.0f, dw + at, U);
      if (dx != nullptr) kernels::gemm(false, true, words, D, filters, given, apart, w_ + at, U, 1.0f, dwords, D);
    }
  }
  if (dx == nullptr) return;
  std::fill_n(dx, repeats_.number.size() * D, 0.0f);
  kernels::scatter_rows(dwords, repeats_.first.data(), dx, words, D);
}

}  // namespace xeras::layers
