#include "layers/recurrent/projection.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/packed_matrix.hpp"
#include "layers/parallel_each.hpp"
#include "layers/recurrent/sequence_dropout.hpp"
#include "layers/repeats.hpp"

namespace xeras::layers {

Projection::Projection(const Call& call, const RecurrentHandles& handles, const WalkOptions& options,
                       const Timeline& timeline)
    : call_(call),
      handles_(handles),
      options_(options),
      timeline_(timeline),
      D(static_cast<std::size_t>(call.input().extents[2])),
      N(options.columns()),
      repeats_(drops() ? Repeats{} : call.repeats()),
      by_word_(call.scratch(room_for_words(repeats_) * N)),
      x_(call[handles.x].data),
      gates_(call[handles.gates].data) {}

void Projection::declare(Builder& builder, const Spec& input, const WalkOptions& options, RecurrentHandles& handles) {
  const Dim batch = input.shape[0], time = input.shape[1];
  handles.x = builder.saved(input.shape);
  handles.gates = builder.saved({batch, time, static_cast<std::int64_t>(options.columns())});
  if (options.dropout > 0.0) {
    const auto draws = static_cast<std::int64_t>(options.input_draws());
    handles.input_dropout = builder.saved({batch, draws * input.last().size()});
    handles.dropped_x = builder.scratch(input.shape);
  }
  handles.packed_kernel =
      declare_packed(builder, handles.kernel, input.last(), static_cast<std::int64_t>(options.columns()));
}

Projection::Factor Projection::factor() const {
  const std::size_t R = timeline_.rows();
  if (!pays_by_word(repeats_, R, D)) return {R, timeline_.sources(), gates_};
  return {repeats_.first.size(), repeats_.first.data(), by_word_};
}

const float* Projection::scales(std::size_t draw) const {
  return call_[handles_.input_dropout].data + draw * timeline_.sequences() * D;
}

const float* Projection::dropped_x(std::size_t draw) const {
  if (!drops()) return x_;
  float* dropped = call_[handles_.dropped_x].data;
  scale_rows(timeline_, x_, scales(draw), dropped, D);
  return dropped;
}

void Projection::forward() const {
  const Factor factor = this->factor();
  kernels::gather_rows(call_.input().data, factor.places, x_, factor.rows, D);
  if (drops()) {
    draw_scales(call_.random(options_.seed, static_cast<std::int64_t>(D)), 0, options_.dropout, draws(),
                static_cast<std::size_t>(call_.batch_rows()), D, timeline_, call_[handles_.input_dropout].data);
  }
  const std::size_t columns = N / draws();
  const float* const kernel = call_[handles_.kernel].data;
  if (!drops()) multiply(call_, factor.rows, x_, handles_.kernel, handles_.packed_kernel, factor.gates);
  for (std::size_t k = 0; k < draws() && drops(); ++k) {
    kernels::gemm(false, false, factor.rows, columns, D, dropped_x(k), D, kernel + k * columns, N, 0.0f,
                  factor.gates + k * columns, N);
  }
  if (options_.use_bias) {
    parallel_for(factor.rows, N, [&](std::size_t begin, std::size_t end) {
      kernels::simd().add_bias(factor.gates + begin * N, call_[handles_.bias].data, end - begin, N);
    });
  }
  if (factor.gates == gates_) return;
  parallel_each(timeline_.rows(), N,
                [&](std::size_t row) { std::copy_n(factor.gates + word_of(row) * N, N, gates_ + row * N); });
}

// Parts are blocks of columns, so each sum has a fixed order.
void Projection::sum_by_word(float* sums) const {
  constexpr std::size_t part = 64;
  const std::size_t R = timeline_.rows(), words = repeats_.first.size(), parts = (N + part - 1) / part;
  const auto integers = [&](std::size_t count) { return reinterpret_cast<std::int32_t*>(call_.scratch(count)); };
  const std::size_t most = repeats_.number.size();
  std::int32_t *const number = integers(most), *const begins = integers(room_for_words(repeats_) + 1),
                      *const rows = integers(most);
  for (std::size_t row = 0; row < R; ++row) number[row] = static_cast<std::int32_t>(word_of(row));
  group_places({{number, R}, repeats_.first}, begins, rows);
  parallel_each(parts, R * part, [&](std::size_t k) {
    const std::size_t first = k * part, width = std::min(part, N - first);
    for (std::size_t word = 0; word < words; ++word) {
      float* const sum = sums + word * N + first;
      std::fill_n(sum, width, 0.0f);
      kernels::SumOfRows rows_of_word(gates_ + first, N, sum, width);
      for (std::int32_t i = begins[word]; i < begins[word + 1]; ++i) rows_of_word.add(rows[i]);
      rows_of_word.finish();
    }
  });
}

void Projection::backward(const BackwardCall& call) const {
  const Factor factor = this->factor();
  if (factor.gates != gates_) sum_by_word(factor.gates);
  if (options_.use_bias && call.wants_grad(handles_.bias)) {
    kernels::add_rows(factor.gates, call.grad(handles_.bias).data, factor.rows, N);
  }
  if (call.wants_grad(handles_.kernel)) {
    float* grad = call.grad(handles_.kernel).data;
    const std::size_t columns = N / draws();
    for (std::size_t k = 0; k < draws(); ++k) {
      kernels::gemm(true, false, D, columns, factor.rows, dropped_x(k), D, factor.gates + k * columns, N, 1.0f,
                    grad + k * columns, N);
    }
  }
  if (call.wants_input_grad()) set_input_grad(call, factor);
}

void Projection::set_input_grad(const BackwardCall& call, const Factor& factor) const {
  float* dx = x_;  // x is no longer needed
  const float* kernel = call_[handles_.kernel].data;
  if (!drops()) {
    kernels::gemm(false, true, factor.rows, D, N, factor.gates, N, kernel, N, 0.0f, dx, D);
  } else {
    float* dropped = call_[handles_.dropped_x].data;
    const std::size_t columns = N / draws();
    std::fill_n(dx, factor.rows * D, 0.0f);
    for (std::size_t k = 0; k < draws(); ++k) {
      kernels::gemm(false, true, factor.rows, D, columns, factor.gates + k * columns, N, kernel + k * columns, N, 0.0f,
                    dropped, D);
      scale_rows(timeline_, dropped, scales(k), dropped, D);
      kernels::simd().axpy(1.0f, dropped, dx, factor.rows * D);
    }
  }
  const View to = call.input_grad();
  const auto all = static_cast<std::size_t>(to.extents.row_count());
  if (factor.rows < all) std::fill_n(to.data, all * D, 0.0f);
  kernels::scatter_rows(dx, factor.places, to.data, factor.rows, D);
}

}  // namespace xeras::layers
