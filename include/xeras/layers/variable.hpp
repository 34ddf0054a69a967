#pragma once

#include <memory>
#include <string>

#include "xeras/constraints.hpp"
#include "xeras/core/lazy_rows.hpp"
#include "xeras/core/tensor.hpp"
#include "xeras/core/view.hpp"
#include "xeras/regularizers.hpp"

namespace xeras {

/// One weight of a layer, with what training has to know about it.
///
/// Training may leave rows of a lookup weight behind that no batch reads. Whoever asks for the value gets all of it up
/// to date; a reference that was kept from before a step of training may show rows that are behind.
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

  /// Brings all rows up to date, or these distinct ones.
  void settle() const;
  void catch_up(std::span<const std::int32_t> rows);
  /// The values as they are, some rows perhaps behind.
  const float* unsettled() const { return value_.data(); }
  /// The same, to be written at once. Gives the value a new version, since predictions keep rearranged copies of it.
  float* to_write() {
    version_ = next_version();
    return value_.data();
  }

  /// Who keeps rows behind from now on; those that another kept are settled first. Null: nobody.
  void set_lazy_rows(std::shared_ptr<LazyRows> rows);
  LazyRows* lazy_rows() const { return rows_.get(); }

  std::string name;
  bool trainable = true;
  bool lookup = false;  ///< read row by row: its gradient comes as (rows, values)
  RegularizerArgument regularizer = {};
  ConstraintArgument constraint = {};

 private:
  static std::uint64_t next_version();

  mutable Tensor value_;
  std::uint64_t version_ = next_version();
  std::shared_ptr<LazyRows> rows_;
};

}  // namespace xeras
