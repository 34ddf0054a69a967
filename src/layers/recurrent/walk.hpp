#pragma once

#include "core/parallel.hpp"
#include "layers/recurrent/projection.hpp"
#include "layers/recurrent/timeline.hpp"
#include "layers/recurrent/walk_options.hpp"
#include "xeras/activations.hpp"
#include "xeras/layers/recurrent/recurrent_handles.hpp"

namespace xeras::layers {

// An activation of a cell: none, or linear, does nothing.
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
  // dy becomes dx; x is not read where needs_input() is false.
  void backward(const float* x, const float* y, float* dy, std::size_t rows, std::size_t columns) const;

 private:
  const activations::Activation* activation_;
};

// The activations that the kernels of whole steps are made for.
inline bool are_usual(const CellActivation& activation, const CellActivation& recurrent_activation) {
  return activation.is<activations::Tanh>() && recurrent_activation.is<activations::Sigmoid>();
}

// Declares what goes on from step to step.
void declare_carried(Builder& builder, const Spec& input, const WalkOptions& options,
                     RecurrentHandles::Carried& carried);
// Declares everything but the weights, and says what comes out.
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

// One call of a recurrent layer: all but the arithmetic of the cell. What has a row for each step lies in the order of
// the timeline: x (R, D), gates (R, N), h (R, U); what has one for each sequence in the order of its positions. Threads
// take shares of the positions and walk through time each for itself, since sequences do not need each other.
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
  // Calls visit(rows) for each step, in several threads; ahead, or back.
  template <class Visit>
  void ahead(const Visit& visit) const;
  template <class Visit>
  void back(const Visit& visit) const;

  float* gates(std::size_t row) const { return gates_ + row * N; }
  // (U): as a row's step finds it, and as it leaves it.
  float* before(const RecurrentHandles::Carried& carried, std::size_t row) const {
    return call_[carried.before].data + row * U;
  }
  float* after(const RecurrentHandles::Carried& carried, std::size_t step, std::size_t position) const {
    return position < timeline.active(step + 1) ? before(carried, timeline.row(step + 1, position))
                                                : call_[carried.last].data + position * U;
  }
  // (B, U): 0 or a scale for each unit of each position; null without recurrent dropout.
  const float* recurrent_dropout(std::size_t gate) const;

  // The gates hold what the input gives to them; h as the first step finds it.
  void begin() const;
  void start(const RecurrentHandles::Carried& carried) const;
  // y (rows.count, count * U), rows ldy apart = beta y + h . recurrent_kernel for these gates.
  void multiply_recurrent(const Rows& rows, std::size_t gate, std::size_t count, float beta, float* y,
                          std::size_t ldy) const;
  // The output; the states for the next call.
  void finish() const;
  void keep(const RecurrentHandles::Carried& carried) const;

  // Before the first of the following.
  void begin_backward() const;
  // dh += the gradient of what the step put out.
  void add_output_grad(const BackwardCall& call, const Rows& rows) const;
  // dh += dz . recurrent_kernel^T for these gates, dz (rows.count, count * U) with rows ldz apart.
  void add_recurrent_grad(const Rows& rows, std::size_t gate, std::size_t count, const float* dz,
                          std::size_t ldz) const;
  // The same of the weights, for all steps: dz (R, count * U).
  void add_recurrent_kernel_grad(const BackwardCall& call, std::size_t gate, std::size_t count, const float* dz,
                                 std::size_t ldz) const;
  // Once the gates' memory holds their gradients: those of the kernel, of the bias and of the input.
  void finish_backward(const BackwardCall& call) const { projection_.backward(call); }

 private:
  // Whether the recurrent kernel is packed for all steps: not where it goes gate by gate, nor in training for few rows.
  bool packs() const {
    return options_.recurrent_dropout == 0.0 && (!call_.training() || timeline.rows() >= rows_worth_packing);
  }
  bool drops_recurrent() const { return call_.training() && options_.recurrent_dropout > 0.0; }
  // Positions that are one thread's.
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
  mutable const float* packed_ = nullptr;  // the recurrent kernel, from begin on
};

template <class Visit>
void Walk::ahead(const Visit& visit) const {
  const std::size_t n = shares();
  parallel_tasks(n, [&](std::size_t number) {
    const Share mine = share(number, n);
    for (std::size_t step = 0; timeline.active(step) > mine.first; ++step) visit(rows_of(mine, step));
  });
}

template <class Visit>
void Walk::back(const Visit& visit) const {
  const std::size_t n = shares();
  parallel_tasks(n, [&](std::size_t number) {
    const Share mine = share(number, n);
    if (mine.first == mine.last) return;
    for (std::size_t step = timeline.length(mine.first); step-- > 0;) visit(rows_of(mine, step));
  });
}

}  // namespace xeras::layers
