#include "layers/recurrent/walk.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/packed_matrix.hpp"
#include "layers/recurrent/sequence_dropout.hpp"

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

void declare_carried(Builder& builder, const Spec& input, const WalkOptions& options,
                     RecurrentHandles::Carried& carried) {
  carried.before = builder.saved({input.shape[0], input.shape[1], options.units});
  carried.last = builder.saved({input.shape[0], options.units});
  carried.grad = builder.scratch({input.shape[0], options.units});
  if (options.stateful) carried.state = builder.state({input.shape[0], options.units});
}

Spec declare_walk(Builder& builder, const Spec& input, const WalkOptions& options, RecurrentHandles& handles) {
  const Dim batch = input.shape[0], time = input.shape[1];
  Timeline::declare(builder, input, handles);
  Projection::declare(builder, input, options, handles);
  declare_carried(builder, input, options, handles.h);
  if (options.recurrent_dropout > 0.0) {
    handles.recurrent_dropout = builder.saved({batch, static_cast<std::int64_t>(options.columns())});
    handles.dropped_h = builder.scratch({batch, time, options.units});
  } else {
    const auto U = static_cast<std::size_t>(options.units);
    handles.packed_recurrent =
        declare_packed(builder, handles.recurrent_kernel, options.units, static_cast<std::int64_t>(options.columns()));
    handles.transposed = builder.scratch({static_cast<std::int64_t>(kernels::packed_size(options.columns(), U))});
  }
  builder.uses_mask();
  builder.has_cell();
  if (!options.return_sequences) builder.gives_last_step();
  // Masked steps at the end matter in backward order, whose outputs begin with the last steps, and for a single output
  // that a masked last step sets to 0.
  if (options.return_sequences ? !options.go_backwards : !options.zero_output_for_mask) builder.ignores_masked_steps();
  if (!options.return_sequences) return {{batch, options.units}};
  return {{batch, time, options.units}, DType::float32, input.masked};
}

Walk::Walk(const Call& call, const RecurrentHandles& handles, const WalkOptions& options)
    : B(static_cast<std::size_t>(call.input().extents[0])),
      T(static_cast<std::size_t>(call.input().extents[1])),
      D(static_cast<std::size_t>(call.input().extents[2])),
      U(static_cast<std::size_t>(options.units)),
      N(options.columns()),
      timeline(call, handles, options.go_backwards),
      call_(call),
      handles_(handles),
      options_(options),
      projection_(call, handles, options_, timeline),
      gates_(call[handles.gates].data) {}

// Shares have a minimum number of rows, since products with few rows are slow.
std::size_t Walk::shares() const {
  constexpr std::size_t few = 8, many = 16;
  if (kernels::gemm_takes_blas(false, B, N, U)) return std::max<std::size_t>(1, B / many);
  const auto threads = static_cast<std::size_t>(num_threads());
  const std::size_t worth_it = timeline.rows() * U * N / kernels::products_a_float / work_worth_a_thread;
  const std::size_t wanted = std::max(std::min(threads, B / few), std::min(4 * threads, B / many));
  return threads == 1 ? 1 : std::max<std::size_t>(std::min(wanted, worth_it), 1);
}

// Gives each share about the same number of steps.
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

void Walk::begin() const {
  timeline.begin();
  projection_.forward();
  if (drops_recurrent()) {
    const auto batch = static_cast<std::size_t>(call_.batch_rows());
    draw_scales(call_.random(options_.seed, static_cast<std::int64_t>(U)), options_.input_draws() * batch * D,
                options_.recurrent_dropout, options_.gates, batch, U, timeline, call_[handles_.recurrent_dropout].data);
  }
  if (packs()) packed_ = call_[handles_.packed_recurrent];
  start(handles_.h);
}

void Walk::begin_backward() const {
  if (packs()) kernels::pack(true, N, U, call_[handles_.recurrent_kernel].data, N, call_[handles_.transposed].data);
  std::fill_n(call_[handles_.h.grad].data, B * U, 0.0f);
}

void Walk::start(const RecurrentHandles::Carried& carried) const {
  for (std::size_t p = 0; p < B; ++p) {
    float* to = timeline.length(p) > 0 ? before(carried, p) : call_[carried.last].data + p * U;
    options_.stateful ? std::copy_n(call_[carried.state].data + timeline.sequence(p) * U, U, to)
                      : std::fill_n(to, U, 0.0f);
  }
}

void Walk::multiply_recurrent(const Rows& rows, std::size_t gate, std::size_t count, float beta, float* y,
                              std::size_t ldy) const {
  const float *kernel = call_[handles_.recurrent_kernel].data + gate * U, *h = before(handles_.h, rows.row);
  if (packs() && count == options_.gates) {
    kernels::gemm_packed(rows.count, h, U, {false, U, N, kernel, N, packed_}, beta, y, ldy);
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
  parallel_each(B, shown * U, [&](std::size_t p) {
    const std::size_t b = timeline.sequence(p);
    const float* const last = call_[handles_.h.last].data + p * U;
    float* y = output + b * shown * U;
    // The output of a step is stored as the state before the next one.
    std::size_t done = options_.return_sequences ? 0 : timeline.length(p);
    for (std::size_t i = T - std::min(T, shown); i < T; ++i, y += U) {
      const bool counts = timeline.counts(b, i);
      if (counts && options_.return_sequences) ++done;
      if (!counts && options_.zero_output_for_mask) {
        std::fill_n(y, U, 0.0f);
      } else {
        std::copy_n(done == timeline.length(p) ? last : before(handles_.h, timeline.row(done, p)), U, y);
      }
    }
    if (T == 0 && shown == 1) std::copy_n(last, U, y);
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
    // The masked steps after it repeated its output.
    const std::size_t first = timeline.step_of_walk(timeline.row(rows.step, p));
    const std::size_t next = last ? T : timeline.step_of_walk(timeline.row(rows.step + 1, p));
    const std::size_t end = options_.zero_output_for_mask ? first + 1 : next;
    kernels::add_rows_apart(call.output_grad().data + (b * T + first) * U, U, dh, end - first, U);
  }
}

void Walk::add_recurrent_grad(const Rows& rows, std::size_t gate, std::size_t count, const float* dz,
                              std::size_t ldz) const {
  const float* kernel = call_[handles_.recurrent_kernel].data + gate * U;
  float* dh = call_[handles_.h.grad].data + rows.position * U;
  if (packs() && count == options_.gates) {
    kernels::gemm_packed(rows.count, dz, ldz, {true, N, U, kernel, N, call_[handles_.transposed].data}, 1.0f, dh, U);
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
    scale_rows(timeline, h, recurrent_dropout(gate + k), dropped, U);
    kernels::gemm(true, false, U, U, R, dropped, U, dz + k * U, ldz, 1.0f, grad + k * U, N);
  }
}

}  // namespace xeras::layers
