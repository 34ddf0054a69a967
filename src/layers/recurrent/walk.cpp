#include "layers/recurrent/walk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

// y(t) = x(t) * scale for each step; x, y (T, n), scale (n).
void scale_steps(const float* x, const float* scale, float* y, std::size_t T, std::size_t n) {
  for (std::size_t t = 0; t < T; ++t) kernels::simd().multiply(x + t * n, scale, y + t * n, n);
}

void draw(const RandomStream& stream, std::uint64_t first, double rate, View scales) {
  const auto kept = rate < 1.0 ? static_cast<float>(1.0 / (1.0 - rate)) : 0.0f;
  const auto count = static_cast<std::size_t>(scales.size());
  for (std::size_t i = 0; i < count; ++i) scales.data[i] = stream.uniform(first + i) < rate ? 0.0f : kept;
}

}  // namespace

void CellActivation::forward(const float* x, float* y, std::size_t rows, std::size_t columns) const {
  if (activation_ != nullptr) {
    activation_->forward(x, y, rows, columns);
  } else if (x != y) {
    std::copy_n(x, rows * columns, y);
  }
}

void CellActivation::backward(const float* x, const float* y, float* dy, std::size_t rows, std::size_t columns) const {
  if (activation_ != nullptr) activation_->backward(x, y, dy, dy, rows, columns);
}

void WalkOptions::check(const std::string& who) const {
  if (units <= 0) {
    throw InvalidArgument(
        fmt::format("{}: units is {}; expected a positive integer. It is the size of the output.", who, units));
  }
  const auto check_rate = [&](const char* name, double rate, const char* of) {
    if (rate >= 0.0 && rate <= 1.0) return;
    throw InvalidArgument(
        fmt::format("{}: {} is {}; expected a fraction in [0, 1]. It is the share of {} that training sets to 0.", who,
                    name, rate, of));
  };
  check_rate("dropout", dropout, "the input");
  check_rate("recurrent_dropout", recurrent_dropout, "the previous output");
  if (return_state) {
    throw InvalidArgument(
        fmt::format("{}: return_state is true; expected false. A layer has one output here: return_sequences gives "
                    "every step's, stateful keeps the state.",
                    who));
  }
  if (unroll) {
    throw InvalidArgument(fmt::format(
        "{}: unroll is true; expected false. There is no graph to unroll, and the numbers are the same.", who));
  }
}

void declare_carried(Builder& builder, const Spec& input, const WalkOptions& options,
                     RecurrentHandles::Carried& carried) {
  carried.before = builder.saved({input.shape[0], input.shape[1], options.units});
  carried.last = builder.saved({input.shape[0], options.units});
  carried.grad = builder.scratch({input.shape[0], options.units});
  if (options.stateful) carried.state = builder.state({input.shape[0], options.units});
}

Spec declare_walk(Builder& builder, const Spec& input, const WalkOptions& options, RecurrentHandles& handles) {
  const Dim batch = input.shape[0], time = input.shape[1], features = input.last();
  const auto gates = static_cast<std::int64_t>(options.gates);
  handles.x = builder.saved(input.shape);
  handles.gates = builder.saved({batch, time, gates * options.units});
  declare_carried(builder, input, options, handles.h);
  if (options.dropout > 0.0) {
    const auto draws = static_cast<std::int64_t>(options.input_draws());
    handles.input_dropout = builder.saved({batch, draws * features.size()});
    handles.dropped_x = builder.scratch(input.shape);
  }
  if (options.recurrent_dropout > 0.0) {
    handles.recurrent_dropout = builder.saved({batch, gates * options.units});
    handles.dropped_h = builder.scratch({batch, time, options.units});
  }
  if (options.recurrent_dropout == 0.0) {
    const auto U = static_cast<std::size_t>(options.units), N = options.gates * U;
    const std::size_t most = std::max(kernels::packed_size(U, N), kernels::packed_size(N, U));
    handles.packed = builder.scratch({static_cast<std::int64_t>(most)});
  }
  builder.uses_mask();
  if (!options.return_sequences) return {{batch, options.units}};
  return {{batch, time, options.units}, DType::float32, input.masked};
}

Walk::Walk(const Call& call, const RecurrentHandles& handles, const WalkOptions& options)
    : B(static_cast<std::size_t>(call.input().extents[0])),
      T(static_cast<std::size_t>(call.input().extents[1])),
      D(static_cast<std::size_t>(call.input().extents[2])),
      U(static_cast<std::size_t>(options.units)),
      N(options.gates * U),
      call_(call),
      handles_(handles),
      options_(options),
      mask_(call.mask().data),
      gates_(call[handles.gates].data) {}

const float* Walk::recurrent_dropout(std::size_t gate) const {
  return drops_recurrent() ? call_[handles_.recurrent_dropout].data + gate * B * U : nullptr;
}

// Masked steps become 0: their numbers, NaN included, then matter nowhere.
void Walk::pack_input() const {
  const float* from = call_.input().data;
  float* to = call_[handles_.x].data;
  for (std::size_t step = 0; step < T; ++step) {
    const std::size_t t = options_.go_backwards ? T - 1 - step : step;
    for (std::size_t row = 0; row < B; ++row, to += D) {
      if (counts(step, row)) {
        std::copy_n(from + (row * T + t) * D, D, to);
      } else {
        std::fill_n(to, D, 0.0f);
      }
    }
  }
}

void Walk::draw_dropout() const {
  if (!drops_input() && !drops_recurrent()) return;
  const RandomStream stream = call_.random(options_.seed);
  if (drops_input()) draw(stream, 0, options_.dropout, call_[handles_.input_dropout]);
  if (drops_recurrent()) {
    draw(stream, options_.input_draws() * B * D, options_.recurrent_dropout, call_[handles_.recurrent_dropout]);
  }
}

const float* Walk::dropped_x(std::size_t draw) const {
  const float* x = call_[handles_.x].data;
  if (!drops_input()) return x;
  float* dropped = call_[handles_.dropped_x].data;
  scale_steps(x, call_[handles_.input_dropout].data + draw * B * D, dropped, T, B * D);
  return dropped;
}

void Walk::begin() const {
  pack_input();
  draw_dropout();
  const std::size_t draws = drops_input() ? options_.input_draws() : 1;
  const std::size_t columns = N / draws;
  for (std::size_t k = 0; k < draws; ++k) {
    kernels::gemm(false, false, T * B, columns, D, dropped_x(k), D, call_[handles_.kernel].data + k * columns, N, 0.0f,
                  gates_ + k * columns, N);
  }
  if (options_.use_bias) kernels::simd().add_bias(gates_, call_[handles_.bias].data, T * B, N);
  if (packs()) kernels::pack(false, U, N, call_[handles_.recurrent_kernel].data, N, call_[handles_.packed].data);
  start(handles_.h);
}

void Walk::begin_backward() const {
  if (packs()) kernels::pack(true, N, U, call_[handles_.recurrent_kernel].data, N, call_[handles_.packed].data);
  std::fill_n(call_[handles_.h.grad].data, B * U, 0.0f);
}

void Walk::start(const RecurrentHandles::Carried& carried) const {
  if (options_.stateful) {
    std::copy_n(call_[carried.state].data, B * U, before(carried, 0));
  } else {
    std::fill_n(before(carried, 0), B * U, 0.0f);
  }
}

void Walk::multiply_recurrent(std::size_t step, std::size_t gate, std::size_t count, float beta, float* y,
                              std::size_t ldy) const {
  const float* kernel = call_[handles_.recurrent_kernel].data + gate * U;
  const float* h = before(handles_.h, step);
  if (packs() && count == options_.gates) {
    kernels::gemm_packed(B, N, U, h, U, call_[handles_.packed].data, beta, y, ldy);
    return;
  }
  if (!drops_recurrent()) {
    kernels::gemm(false, false, B, count * U, U, h, U, kernel, N, beta, y, ldy);
    return;
  }
  float* dropped = call_[handles_.dropped_h].data;
  for (std::size_t k = 0; k < count; ++k) {
    kernels::simd().multiply(h, recurrent_dropout(gate + k), dropped, B * U);
    kernels::gemm(false, false, B, U, U, dropped, U, kernel + k * U, N, beta, y + k * U, ldy);
  }
}

void Walk::carry_over(const RecurrentHandles::Carried& carried, std::size_t step, std::size_t row) const {
  std::copy_n(before(carried, step) + row * U, U, before(carried, step + 1) + row * U);
}

void Walk::finish() const {
  float* y = call_.output().data;
  const std::size_t first = options_.return_sequences ? 0 : std::max<std::size_t>(T, 1) - 1;
  const std::size_t shown = options_.return_sequences ? T : 1;
  for (std::size_t row = 0; row < B; ++row) {
    for (std::size_t step = first; step < first + shown; ++step, y += U) {
      if (T > 0 && options_.zero_output_for_mask && !counts(step, row)) {
        std::fill_n(y, U, 0.0f);
      } else {
        std::copy_n(before(handles_.h, step + 1) + row * U, U, y);
      }
    }
  }
  keep(handles_.h);
}

void Walk::keep(const RecurrentHandles::Carried& carried) const {
  if (options_.stateful) std::copy_n(before(carried, T), B * U, call_[carried.state].data);
}

void Walk::add_output_grad(const BackwardCall& call, std::size_t step) const {
  if (!options_.return_sequences && step + 1 < T) return;
  const std::size_t shown = options_.return_sequences ? T : 1;
  const float* dy = call.output_grad().data + (options_.return_sequences ? step * U : 0);
  float* dh = call_[handles_.h.grad].data;
  for (std::size_t row = 0; row < B; ++row) {
    if (options_.zero_output_for_mask && !counts(step, row)) continue;
    kernels::simd().axpy(1.0f, dy + row * shown * U, dh + row * U, U);
  }
}

void Walk::add_recurrent_grad(std::size_t gate, std::size_t count, const float* dz, std::size_t ldz) const {
  const float* kernel = call_[handles_.recurrent_kernel].data + gate * U;
  float* dh = call_[handles_.h.grad].data;
  if (packs() && count == options_.gates) {
    kernels::gemm_packed(B, U, N, dz, ldz, call_[handles_.packed].data, 1.0f, dh, U);
    return;
  }
  if (!drops_recurrent()) {
    kernels::gemm(false, true, B, U, count * U, dz, ldz, kernel, N, 1.0f, dh, U);
    return;
  }
  float* dropped = call_[handles_.dropped_h].data;
  for (std::size_t k = 0; k < count; ++k) {
    kernels::gemm(false, true, B, U, U, dz + k * U, ldz, kernel + k * U, N, 0.0f, dropped, U);
    kernels::simd().multiply(dropped, recurrent_dropout(gate + k), dropped, B * U);
    kernels::simd().axpy(1.0f, dropped, dh, B * U);
  }
}

void Walk::add_recurrent_kernel_grad(const BackwardCall& call, std::size_t gate, std::size_t count, const float* dz,
                                     std::size_t ldz) const {
  if (!call.wants_grad(handles_.recurrent_kernel)) return;
  float* grad = call.grad(handles_.recurrent_kernel).data + gate * U;
  const float* h = call_[handles_.h.before].data;
  if (!drops_recurrent()) {
    kernels::gemm(true, false, U, count * U, T * B, h, U, dz, ldz, 1.0f, grad, N);
    return;
  }
  float* dropped = call_[handles_.dropped_h].data;
  for (std::size_t k = 0; k < count; ++k) {
    scale_steps(h, recurrent_dropout(gate + k), dropped, T, B * U);
    kernels::gemm(true, false, U, U, T * B, dropped, U, dz + k * U, ldz, 1.0f, grad + k * U, N);
  }
}

void Walk::add_bias_grad(const BackwardCall& call) const {
  if (!options_.use_bias || !call.wants_grad(handles_.bias)) return;
  kernels::simd().add_rows(gates_, call.grad(handles_.bias).data, T * B, N);
}

void Walk::finish_backward(const BackwardCall& call) const {
  const std::size_t draws = drops_input() ? options_.input_draws() : 1;
  const std::size_t columns = N / draws;
  if (call.wants_grad(handles_.kernel)) {
    float* grad = call.grad(handles_.kernel).data;
    for (std::size_t k = 0; k < draws; ++k) {
      kernels::gemm(true, false, D, columns, T * B, dropped_x(k), D, gates_ + k * columns, N, 1.0f, grad + k * columns,
                    N);
    }
  }
  if (!call.wants_input_grad()) return;
  // x is not needed any more: its memory takes dx.
  float* dx = call_[handles_.x].data;
  const float* kernel = call_[handles_.kernel].data;
  if (!drops_input()) {
    kernels::gemm(false, true, T * B, D, N, gates_, N, kernel, N, 0.0f, dx, D);
  } else {
    float* dropped = call_[handles_.dropped_x].data;
    std::fill_n(dx, T * B * D, 0.0f);
    for (std::size_t k = 0; k < draws; ++k) {
      kernels::gemm(false, true, T * B, D, columns, gates_ + k * columns, N, kernel + k * columns, N, 0.0f, dropped, D);
      scale_steps(dropped, call_[handles_.input_dropout].data + k * B * D, dropped, T, B * D);
      kernels::simd().axpy(1.0f, dropped, dx, T * B * D);
    }
  }
  float* to = call.input_grad().data;
  for (std::size_t step = 0; step < T; ++step) {
    const std::size_t t = options_.go_backwards ? T - 1 - step : step;
    for (std::size_t row = 0; row < B; ++row) std::copy_n(dx + (step * B + row) * D, D, to + (row * T + t) * D);
  }
}

}  // namespace xeras::layers
