#pragma once

#include <memory>
#include <string>

#include "xeras/constraints.hpp"
#include "xeras/core/postponed_rows.hpp"
#include "xeras/core/tensor.hpp"
#include "xeras/core/view.hpp"
#include "xeras/regularizers.hpp"

namespace xeras {

/// One weight of a layer, with its options for training.
///
/// Training may postpone updates of lookup rows that no batch reads. `value` applies them first. A reference taken
/// before a training step may lack them.
class XERAS_API Variable {
 public:
  Variable(std::string its_name, Tensor value) : name(std::move(its_name)), value_(std::move(value)) {}
  Variable(const Variable& other);
  Variable(Variable&&) = default;
  Variable& operator=(const Variable& other) { return *this = Variable(other); }
  Variable& operator=(Variable&&) = default;
  ~Variable() = default;

  const Tensor& value() const;
  /// Throws ShapeError if the new value has another shape.
  void assign(const Tensor& value);
  void assign(const float* values);
  std::size_t size() const { return value_.size(); }
  Extents extents() const { return extents_of(value_); }

  /// Returns a number that identifies the value: it is new after each change, and unique among Variables.
  std::uint64_t version() const { return version_; }

  /// Apply postponed updates to all rows, or to these distinct ones.
  void catch_up() const;
  void catch_up(std::span<const std::int32_t> rows);
  /// Returns the values without applying postponed updates.
  const float* peek() const { return value_.data(); }
  /// Returns the values for immediate writing. Sets a new version, since predictions keep packed copies.
  float* to_write() {
    version_ = next_version();
    return value_.data();
  }

  /// Sets the object that postpones updates, or null for none. Updates postponed by the previous one are applied first.
  void set_postponed_rows(std::shared_ptr<PostponedRows> rows);
  PostponedRows* postponed_rows() const { return rows_.get(); }

  std::string name;
  bool trainable = true;
  bool lookup = false;  ///< read row by row; the gradient is (rows, values)
  RegularizerArgument regularizer = {};
  ConstraintArgument constraint = {};

 private:
  static std::uint64_t next_version();

  mutable Tensor value_;
  std::uint64_t version_ = next_version();
  std::shared_ptr<PostponedRows> rows_;
};

}  // namespace xeras
