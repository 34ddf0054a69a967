#pragma once

#include <memory>
#include <string>

#include "xeras/constraints.hpp"
#include "xeras/core/postponed_rows.hpp"
#include "xeras/core/tensor.hpp"
#include "xeras/core/view.hpp"
#include "xeras/regularizers.hpp"

namespace xeras {

/// One weight of a layer, with what training has to know about it.
///
/// Training may postpone the updates of rows of a lookup weight that no batch reads. `value` applies them first; a
/// reference that was kept from before a step of training may show rows without them.
class XERAS_API Variable {
 public:
  Variable(std::string its_name, Tensor value) : name(std::move(its_name)), value_(std::move(value)) {}
  Variable(const Variable& other);
  Variable(Variable&&) = default;
  Variable& operator=(const Variable& other) { return *this = Variable(other); }
  Variable& operator=(Variable&&) = default;
  ~Variable() = default;

  const Tensor& value() const;
  /// Throws ShapeError unless the new value has the shape of the old one.
  void assign(const Tensor& value);
  void assign(const float* values);
  std::size_t size() const { return value_.size(); }
  Extents extents() const { return extents_of(value_); }

  /// Identifies the value: it is a new number after each change, and differs between Variables.
  std::uint64_t version() const { return version_; }

  /// Applies postponed updates to all rows, or to these distinct ones.
  void catch_up() const;
  void catch_up(std::span<const std::int32_t> rows);
  /// The values as they are, perhaps with updates of some rows postponed.
  const float* peek() const { return value_.data(); }
  /// The same, to be written at once. Gives the value a new version, since predictions keep rearranged copies of it.
  float* to_write() {
    version_ = next_version();
    return value_.data();
  }

  /// Says who postpones updates of rows from now on, null for nobody. Those that another postponed are applied first.
  void set_postponed_rows(std::shared_ptr<PostponedRows> rows);
  PostponedRows* postponed_rows() const { return rows_.get(); }

  std::string name;
  bool trainable = true;
  bool lookup = false;  ///< read row by row: its gradient comes as (rows, values)
  RegularizerArgument regularizer = {};
  ConstraintArgument constraint = {};

 private:
  static std::uint64_t next_version();

  mutable Tensor value_;
  std::uint64_t version_ = next_version();
  std::shared_ptr<PostponedRows> rows_;
};

}  // namespace xeras
