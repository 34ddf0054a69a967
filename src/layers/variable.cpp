#include "xeras/layers/variable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "xeras/core/error.hpp"

namespace xeras {

// A copy is not being trained, so it has no postponed updates.
Variable::Variable(const Variable& other)
    : name(other.name),
      trainable(other.trainable),
      lookup(other.lookup),
      regularizer(other.regularizer),
      constraint(other.constraint),
      value_(other.value()) {}

const Tensor& Variable::value() const {
  catch_up();
  return value_;
}

std::uint64_t Variable::next_version() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void Variable::assign(const Tensor& value) {
  if (value_.dimension() == 0 && value_.storage().empty()) {  // even a scalar has one number
    throw InvalidArgument(
        "Variable: assign to a variable that was moved from; expected one with a value. Assign to the one that it "
        "moved to.");
  }
  if (value.shape() != value_.shape()) {
    throw ShapeError(fmt::format("variable \"{}\": assign got shape {}; expected {}. A weight keeps its shape.", name,
                                 shape_of(value).to_string(), shape_of(value_).to_string()));
  }
  assign(value.data());
}

void Variable::assign(const float* values) {
  catch_up();
  std::copy_n(values, value_.size(), to_write());
}

void Variable::catch_up() const {
  if (rows_ != nullptr) rows_->catch_up(value_.data());
}

void Variable::catch_up(std::span<const std::int32_t> rows) {
  if (rows_ != nullptr) rows_->catch_up(value_.data(), rows);
}

void Variable::set_postponed_rows(std::shared_ptr<PostponedRows> rows) {
  catch_up();
  rows_ = std::move(rows);
}

}  // namespace xeras
