#pragma once

#include <variant>

#include "xeras/layers/builder.hpp"
#include "xeras/layers/preprocessing/index_lookup.hpp"

namespace xeras::layers {

/// A string or an integer that Hashing leaves out, or none.
class XERAS_API MaskValue {
 public:
  MaskValue() = default;
  MaskValue(std::nullptr_t) {}
  MaskValue(const char* text) : value_(std::string(text)) {}
  MaskValue(std::string text) : value_(std::move(text)) {}
  template <std::integral I>
  MaskValue(I integer) : value_(static_cast<std::int64_t>(integer)) {}

  explicit operator bool() const { return value_.index() != 0; }
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value_); }

 private:
  std::variant<std::monostate, std::string, std::int64_t> value_;
};
XERAS_API Value to_value(const MaskValue& field);
XERAS_API void from_value(const Value& value, MaskValue& field, const std::string& path);

struct XERAS_API HashingOptions {
  MaskValue mask_value = {};  ///< gets bin 0 alone; default: none
  Salt salt = {};             ///< a key: SipHash instead of FarmHash
  std::string output_mode = "int";
  bool sparse = false;
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(HashingOptions, mask_value, salt, output_mode, sparse, name, trainable)

struct XERAS_API HashingConfig {
  std::int64_t num_bins = 1;
  HashingOptions options = {};
};
XERAS_FIELDS(HashingConfig, num_bins, options)

/// Turns strings or integers into ids by a hash, without a vocabulary: the number of a bin, which others may share. The
/// ids are those of Keras on any machine.
///
/// Modes other than "int" are "one_hot", "multi_hot" and "count", as in StringLookup.
///
/// Example Sequential model{Hashing(1000), Embedding(1000, 8)};
///         model.predict({{"a", "b"}, {"c", "d"}});
/// Input   strings, or integers of any width, (batch, ...)
/// Output  ids of the same shape, 0 <= id < num_bins; floats (batch, ..., num_bins) in other modes
/// Mask    none
/// Throws  InvalidArgument for invalid options; ShapeError for floats
/// Source  keras.layers.Hashing; FarmHash's Fingerprint64, SipHash-2-4
class XERAS_API Hashing final : public LayerWith<HashingConfig> {
 public:
  explicit Hashing(std::int64_t num_bins, HashingOptions options = {})
      : Hashing(HashingConfig{num_bins, std::move(options)}) {}
  explicit Hashing(HashingConfig config);

  DType input_dtype(DType given) const override { return given == DType::string ? DType::string : DType::int32; }
  std::optional<Spec> first_input() const override { return std::nullopt; }
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;

 private:
  std::int32_t bin_of(std::string_view text, bool is_masked) const;

  IdMode mode_;
  bool takes_texts_ = false;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Hashing)
