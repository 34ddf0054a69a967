#include "layers/recurrent/walk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {

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
  Timeline::declare(builder, input, handles);
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
      timeline(call, handles, options.go_backwards),
      call_(call),
      handles_(handles),
      options_(options),
      gates_(call[handles.gates].data) {}

// Products with a few rows are slow, so that a share has some.
std::size_t Walk::shares() const {
  constexpr std::size_t few = 8, many = 16;
  const auto threads = static_cast<std::size_t>(num_threads());
  const std::size_t worth_it = timeline.rows() * U * N / kernels::products_a_float / work_worth_a_thread;
  const std::size_t wanted = std::max(std::min(threads, B / few), std::min(4 * threads, B / many));
  return threads == 1 ? 1 : std::max<std::size_t>(std::min(wanted, worth_it), 1);
}

// As many steps for each: the longest sequences stand first.
Walk::Share Walk::share(std::size_t number, std::size_t shares) const {
  const auto begin_of = [&](std::size_t k) {
    std::size_t position = 0;
    for (std::size_t rows = 0; position < B && rows * shares < timeline.rows() * k; ++position) {
      rows += timeline.length(position);
    }
    return position;
  };
  return {begin_of(number), number + 1 == shares ? B : begin_of(number + 1)};
}

Walk::Rows Walk::rows_of(const Share& share, std::size_t step) const {
  const std::size_t last = std::min(share.last, timeline.active(step));
  return {step, timeline.row(step, share.first), share.first, last - share.first};
}

const float* Walk::recurrent_dropout(std::size_t gate) const {
  return drops_recurrent() ? call_[handles_.recurrent_dropout].data + gate * B * U : nullptr;
}

void Walk::pack_input() const {
  const float* from = call_.input().data;
  float* to = call_[handles_.x].data;
  parallel_for(timeline.rows(), D, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) std::copy_n(from + timeline.source(row) * D, D, to + row * D);
  });
}

// scales (draws, B, width): by position, but what a sequence draws depends on its place in the batch alone.
void Walk::draw(std::uint64_t first, double rate, std::size_t draws, std::size_t width, float* scales) const {
  const RandomStream stream = call_.random(options_.seed);
  const auto kept = rate < 1.0 ? static_cast<float>(1.0 / (1.0 - rate)) : 0.0f;
  for (std::size_t k = 0; k < draws; ++k) {
    for (std::size_t p = 0; p < B; ++p) {
      const std::uint64_t number = first + (k * B + timeline.sequence(p)) * width;
      for (std::size_t i = 0; i < width; ++i) *scales++ = stream.uniform(number + i) < rate ? 0.0f : kept;
    }
  }
}

void Walk::draw_dropout() const {
  const std::size_t draws = options_.input_draws();
  if (drops_input()) draw(0, options_.dropout, draws, D, call_[handles_.input_dropout].data);
  if (drops_recurrent()) {
    draw(draws * B * D, options_.recurrent_dropout, options_.gates, U, call_[handles_.recurrent_dropout].data);
  }
}

void Walk::scale_rows(const float* x, const float* scales, float* y, std::size_t width) const {
  parallel_for(timeline.steps(), B * width, [&](std::size_t begin, std::size_t end) {
    for (std::size_t step = begin; step < end; ++step) {
      const std::size_t at = timeline.first(step) * width;
      kernels::simd().multiply(x + at, scales, y + at, timeline.active(step) * width);
    }
  });
}

const float* Walk::dropped_x(std::size_t draw) const {
  const float* x = call_[handles_.x].data;
  if (!drops_input()) return x;
  float* dropped = call_[handles_.dropped_x].data;
  scale_rows(x, call_[handles_.input_dropout].data + draw * B * D, dropped, D);
  return dropped;
}

void Walk::begin() const {
  timeline.begin();
  pack_input();
  draw_dropout();
  const std::size_t R = timeline.rows();
  const std::size_t draws = drops_input() ? options_.input_draws() : 1;
  const std::size_t columns = N / draws;
  for (std::size_t k = 0; k < draws; ++k) {
    kernels::gemm(false, false, R, columns, D, dropped_x(k), D, call_[handles_.kernel].data + k * columns, N, 0.0f,
                  gates_ + k * columns, N);
  }
  if (options_.use_bias) {
    parallel_for(R, N, [&](std::size_t begin, std::size_t end) {
      kernels::simd().add_bias(gates(begin), call_[handles_.bias].data, end - begin, N);
    });
  }
  if (packs()) kernels::pack(false, U, N, call_[handles_.recurrent_kernel].data, N, call_[handles_.packed].data);
  start(handles_.h);
}

void Walk::begin_backward() const {
  if (packs()) kernels::pack(true, N, U, call_[handles_.recurrent_kernel].data, N, call_[handles_.packed].data);
  std::fill_n(call_[handles_.h.grad].data, B * U, 0.0f);
}

void Walk::start(const RecurrentHandles::Carried& carried) const {
  for (std::size_t p = 0; p < B; ++p) {
    float* to = timeline.length(p) > 0 ? before(carried, p) : call_[carried.last].data + p * U;
    if (options_.stateful) {
      std::copy_n(call_[carried.state].data + timeline.sequence(p) * U, U, to);
    } else {
      std::fill_n(to, U, 0.0f);
    }
  }
}

void Walk::multiply_recurrent(const Rows& rows, std::size_t gate, std::size_t count, float beta, float* y,
                              std::size_t ldy) const {
  const float* kernel = call_[handles_.recurrent_kernel].data + gate * U;
  const float* h = before(handles_.h, rows.row);
  if (packs() && count == options_.gates) {
    kernels::gemm_packed(rows.count, N, U, h, U, call_[handles_.packed].data, beta, y, ldy);
    return;
  }
  if (!drops_recurrent()) {
    kernels::gemm(false, false, rows.count, count * U, U, h, U, kernel, N, beta, y, ldy);
    return;
  }
  float* dropped = call_[handles_.dropped_h].data + rows.position * U;
  for (std::size_t k = 0; k < count; ++k) {
    kernels::simd().multiply(h, recurrent_dropout(gate + k) + rows.position * U, dropped, rows.count * U);
    kernels::gemm(false, false, rows.count, U, U, dropped, U, kernel + k * U, N, beta, y + k * U, ldy);
  }
}

void Walk::finish() const {
  const std::size_t shown = options_.return_sequences ? T : 1;
  float* output = call_.output().data;
  parallel_for(B, shown * U, [&](std::size_t begin, std::size_t end) {
    for (std::size_t p = begin; p < end; ++p) {
      const std::size_t b = timeline.sequence(p);
      float* y = output + b * shown * U;
      // What a step leaves is what the next one finds.
      std::size_t done = options_.return_sequences ? 0 : timeline.length(p);
      for (std::size_t i = T - std::min(T, shown); i < T; ++i, y += U) {
        const bool counts = timeline.counts(b, i);
        if (counts && options_.return_sequences) ++done;
        if (!counts && options_.zero_output_for_mask) {
          std::fill_n(y, U, 0.0f);
        } else {
          const bool ended = done == timeline.length(p);
          std::copy_n(ended ? call_[handles_.h.last].data + p * U : before(handles_.h, timeline.row(done, p)), U, y);
        }
      }
      if (T == 0 && shown == 1) std::copy_n(call_[handles_.h.last].data + p * U, U, y);
    }
  });
  keep(handles_.h);
}

void Walk::keep(const RecurrentHandles::Carried& carried) const {
  if (!options_.stateful) return;
  for (std::size_t p = 0; p < B; ++p) {
    std::copy_n(call_[carried.last].data + p * U, U, call_[carried.state].data + timeline.sequence(p) * U);
  }
}

void Walk::add_output_grad(const BackwardCall& call, const Rows& rows) const {
  float* dh = call_[handles_.h.grad].data + rows.position * U;
  for (std::size_t p = rows.position; p < rows.position + rows.count; ++p, dh += U) {
    const std::size_t b = timeline.sequence(p);
    const bool last = rows.step + 1 == timeline.length(p);
    if (!options_.return_sequences) {
      const bool shown = last && !(options_.zero_output_for_mask && !timeline.counts(b, T - 1));
      if (shown) kernels::simd().axpy(1.0f, call.output_grad().data + b * U, dh, U);
      continue;
    }
    // The masked steps behind it showed the same once more.
    const std::size_t first = timeline.step_of_walk(timeline.row(rows.step, p));
    const std::size_t next = last ? T : timeline.step_of_walk(timeline.row(rows.step + 1, p));
    const std::size_t end = options_.zero_output_for_mask ? first + 1 : next;
    for (std::size_t i = first; i < end; ++i) {
      kernels::simd().axpy(1.0f, call.output_grad().data + (b * T + i) * U, dh, U);
    }
  }
}

void Walk::add_recurrent_grad(const Rows& rows, std::size_t gate, std::size_t count, const float* dz,
                              std::size_t ldz) const {
  const float* kernel = call_[handles_.recurrent_kernel].data + gate * U;
  float* dh = call_[handles_.h.grad].data + rows.position * U;
  if (packs() && count == options_.gates) {
    kernels::gemm_packed(rows.count, U, N, dz, ldz, call_[handles_.packed].data, 1.0f, dh, U);
    return;
  }
  if (!drops_recurrent()) {
    kernels::gemm(false, true, rows.count, U, count * U, dz, ldz, kernel, N, 1.0f, dh, U);
    return;
  }
  float* dropped = call_[handles_.dropped_h].data + rows.position * U;
  for (std::size_t k = 0; k < count; ++k) {
    kernels::gemm(false, true, rows.count, U, U, dz + k * U, ldz, kernel + k * U, N, 0.0f, dropped, U);
    kernels::simd().multiply(dropped, recurrent_dropout(gate + k) + rows.position * U, dropped, rows.count * U);
    kernels::simd().axpy(1.0f, dropped, dh, rows.count * U);
  }
}

void Walk::add_recurrent_kernel_grad(const BackwardCall& call, std::size_t gate, std::size_t count, const float* dz,
                                     std::size_t ldz) const {
  if (!call.wants_grad(handles_.recurrent_kernel)) return;
  const std::size_t R = timeline.rows();
  float* grad = call.grad(handles_.recurrent_kernel).data + gate * U;
  const float* h = call_[handles_.h.before].data;
  if (!drops_recurrent()) {
    kernels::gemm(true, false, U, count * U, R, h, U, dz, ldz, 1.0f, grad, N);
    return;
  }
  float* dropped = call_[handles_.dropped_h].data;
  for (std::size_t k = 0; k < count; ++k) {
    scale_rows(h, recurrent_dropout(gate + k), dropped, U);
    kernels::gemm(true, false, U, U, R, dropped, U, dz + k * U, ldz, 1.0f, grad + k * U, N);
  }
}

void Walk::add_bias_grad(const BackwardCall& call) const {
  if (!options_.use_bias || !call.wants_grad(handles_.bias)) return;
  kernels::add_rows(gates_, call.grad(handles_.bias).data, timeline.rows(), N);
}

void Walk::finish_backward(const BackwardCall& call) const {
  const std::size_t R = timeline.rows();
  const std::size_t draws = drops_input() ? options_.input_draws() : 1;
  const std::size_t columns = N / draws;
  if (call.wants_grad(handles_.kernel)) {
    float* grad = call.grad(handles_.kernel).data;
    for (std::size_t k = 0; k < draws; ++k) {
      kernels::gemm(true, false, D, columns, R, dropped_x(k), D, gates_ + k * columns, N, 1.0f, grad + k * columns, N);
    }
  }
  if (!call.wants_input_grad()) return;
  // x is not needed any more: its memory takes dx.
  float* dx = call_[handles_.x].data;
  const float* kernel = call_[handles_.kernel].data;
  if (!drops_input()) {
    kernels::gemm(false, true, R, D, N, gates_, N, kernel, N, 0.0f, dx, D);
  } else {
    float* dropped = call_[handles_.dropped_x].data;
    std::fill_n(dx, R * D, 0.0f);
    for (std::size_t k = 0; k < draws; ++k) {
      kernels::gemm(false, true, R, D, columns, gates_ + k * columns, N, kernel + k * columns, N, 0.0f, dropped, D);
      scale_rows(dropped, call_[handles_.input_dropout].data + k * B * D, dropped, D);
      kernels::simd().axpy(1.0f, dropped, dx, R * D);
    }
  }
  float* to = call.input_grad().data;
  if (R < B * T) std::fill_n(to, B * T * D, 0.0f);
  parallel_for(R, D, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) std::copy_n(dx + row * D, D, to + timeline.source(row) * D);
  });
}

}  // namespace xeras::layers
