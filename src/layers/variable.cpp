#include "xeras/layers/variable.hpp"

namespace xeras {

// A copy is nobody's to train: it begins with all rows up to date.
Variable::Variable(const Variable& other)
    : name(other.name),
      trainable(other.trainable),
      lookup(other.lookup),
      regularizer(other.regularizer),
      constraint(other.constraint),
      value_(other.value()) {}

Tensor& Variable::value() {
  settle();
  return value_;
}

const Tensor& Variable::value() const {
  settle();
  return value_;
}

void Variable::settle() const {
  if (rows_ != nullptr) rows_->settle(value_.data());
}

void Variable::catch_up(std::span<const std::int32_t> rows) {
  if (rows_ != nullptr) rows_->catch_up(value_.data(), rows);
}

void Variable::set_lazy_rows(std::shared_ptr<LazyRows> rows) {
  settle();
  rows_ = std::move(rows);
}

}  // namespace xeras
