#pragma once

#include "layers/parallel_each.hpp"
#include "layers/recurrent/projection.hpp"
#include "layers/recurrent/timeline.hpp"
#include "layers/recurrent/walk_options.hpp"
#include "xeras/activations.hpp"
#include "xeras/layers/recurrent/recurrent_handles.hpp"

namespace xeras::layers {

// An activation of a cell. None and linear do nothing.
class CellActivation {
 public:
  explicit CellActivation(const ActivationArgument& activation)
      : activation_(activation && !activation->is_identity() ? &*activation : nullptr) {}

  bool needs_input() const { return activation_ != nullptr && activation_->needs_input(); }
  template <class A>
  bool is() const {
    return dynamic_cast<const A*>(activation_) != nullptr;
  }
  // x, y (rows, columns); y may be x.
  void forward(const float* x, float* y, std::size_t rows, std::size_t columns) const;
  // Overwrites dy with dx; reads x only if needs_input().
  void backward(const float* x, const float* y, float* dy, std::size_t rows, std::size_t columns) const;

 private:
  const activations::Activation* activation_;
};

// True when the gradient of an activation of the cell needs its input.
template <class Options>
bool cell_needs_input(const Options& o) {
  return CellActivation(o.activation).needs_input() || CellActivation(o.recurrent_activation).needs_input();
}
// True when the kernels for whole steps support the activations.
inline bool are_usual(const CellActivation& activation, const CellActivation& recurrent_activation) {
  return activation.is<activations::Tanh>() && recurrent_activation.is<activations::Sigmoid>();
}

// Declares a value that is passed from step to step.
void declare_carried(Builder& builder, const Spec& input, const WalkOptions& options,
                     RecurrentHandles::Carried& carried);
// Declares everything except the weights, and returns the output.
Spec declare_walk(Builder& builder, const Spec& input, const WalkOptions& options, RecurrentHandles& handles);

template <class Options>
void declare_weights(Builder& builder, const Spec& input, const WalkOptions& walk, const Options& o,
                     const Shape& bias_shape, const InitializerArgument& bias_initializer, RecurrentHandles& handles) {
  builder.expect(input, {.rank = 3});
  const auto columns = static_cast<std::int64_t>(walk.gates) * walk.units;
  handles.kernel = builder.weight("kernel", {input.last(), columns}, o.kernel_initializer,
                                  {.regularizer = o.kernel_regularizer, .constraint = o.kernel_constraint});
  handles.recurrent_kernel =
      builder.weight("recurrent_kernel", {walk.units, columns}, o.recurrent_initializer,
                     {.regularizer = o.recurrent_regularizer, .constraint = o.recurrent_constraint});
  if (o.use_bias) {
    handles.bias = builder.weight("bias", bias_shape, bias_initializer,
                                  {.regularizer = o.bias_regularizer, .constraint = o.bias_constraint});
  }
  builder.activity_regularizer(o.activity_regularizer);
}

// One call of a recurrent layer, without the arithmetic of the cell. Arrays with one row per step are in the order of
// the timeline: x (R, D), gates (R, N), h (R, U). Arrays with one row per sequence are in the order of its positions.
// Each thread takes a range of positions through all steps, since sequences are independent.
class Walk {
 public:
  Walk(const Call& call, const RecurrentHandles& handles, const WalkOptions& options);
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  const std::size_t B, T, D, U, N;  // N: the columns of all gates
  const Timeline timeline;

  // The rows of one step that belong to one share.
  struct Rows {
    std::size_t step;
    std::size_t row;       // the first
    std::size_t position;  // its position
    std::size_t count;
  };
  // Call visit(rows) for each step of each share, in several threads, from the first step to the last or back.
  template <class Visit>
  void ahead(const Visit& visit) const {
    const std::size_t n = shares();
    parallel_tasks(n, [&](std::size_t number) {
      const Share mine = share(number, n);
      for (std::size_t step = 0; timeline.active(step) > mine.first; ++step) visit(rows_of(mine, step));
    });
  }
  template <class Visit>
  void back(const Visit& visit) const {
    const std::size_t n = shares();
    parallel_tasks(n, [&](std::size_t number) {
      const Share mine = share(number, n);
      if (mine.first == mine.last) return;
      for (std::size_t step = timeline.length(mine.first); step-- > 0;) visit(rows_of(mine, step));
    });
  }

  float* gates(std::size_t row) const { return gates_ + row * N; }
  // Return the value (U) before and after the step of a row.
  float* before(const RecurrentHandles::Carried& carried, std::size_t row) const {
    return call_[carried.before].data + row * U;
  }
  float* after(const RecurrentHandles::Carried& carried, std::size_t step, std::size_t position) const {
    return position < timeline.active(step + 1) ? before(carried, timeline.row(step + 1, position))
                                                : call_[carried.last].data + position * U;
  }
  // Returns scales (B, U) by position, 0 or 1 / (1 - rate); null without recurrent dropout.
  const float* recurrent_dropout(std::size_t gate) const;

  // Computes the timeline, the input's contribution to the gates, and the initial h.
  void begin() const;
  // Sets the initial value: 0 or the state.
  void start(const RecurrentHandles::Carried& carried) const;
  // Computes y = beta y + h . recurrent_kernel for `count` gates; y (rows.count, count * U), with rows ldy apart.
  void multiply_recurrent(const Rows& rows, std::size_t gate, std::size_t count, float beta, float* y,
                          std::size_t ldy) const;
  // Writes the output, and h to the state.
  void finish() const;
  // Writes the final value to the state, if stateful.
  void keep(const RecurrentHandles::Carried& carried) const;

  // Prepares the following functions.
  void begin_backward() const;
  // Adds the gradient of the step's output to dh.
  void add_output_grad(const BackwardCall& call, const Rows& rows) const;
  // Adds dz . recurrent_kernel^T for `count` gates to dh; dz (rows.count, count * U), with rows ldz apart.
  void add_recurrent_grad(const Rows& rows, std::size_t gate, std::size_t count, const float* dz,
                          std::size_t ldz) const;
  // Adds the gradient of the recurrent kernel for all steps; dz (R, count * U).
  void add_recurrent_kernel_grad(const BackwardCall& call, std::size_t gate, std::size_t count, const float* dz,
                                 std::size_t ldz) const;
  // Computes the gradients of kernel, bias and input from those of the gates, which overwrite the gates.
  void finish_backward(const BackwardCall& call) const { projection_.backward(call); }

 private:
  // True when the recurrent kernel is packed: not if gates are multiplied one by one, nor in training for few rows.
  bool packs() const {
    return options_.recurrent_dropout == 0.0 && (!call_.training() || timeline.rows() >= rows_worth_packing);
  }
  bool drops_recurrent() const { return call_.training() && options_.recurrent_dropout > 0.0; }
  // The range of positions of one task.
  struct Share {
    std::size_t first, last;
  };
  std::size_t shares() const;
  Share share(std::size_t number, std::size_t shares) const;
  Rows rows_of(const Share& share, std::size_t step) const;

  static constexpr std::size_t rows_worth_packing = 16;

  const Call& call_;
  const RecurrentHandles& handles_;
  const WalkOptions options_;
  const Projection projection_;
  float* gates_;
  mutable const float* packed_ = nullptr;  // the recurrent kernel, set by begin
};

}  // namespace xeras::layers
