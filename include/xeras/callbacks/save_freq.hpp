#pragma once

#include <optional>
#include <string>

#include "xeras/core/fields.hpp"

namespace xeras::callbacks {

/// The option `save_freq`: "epoch", or a number of batches.
///
///   callbacks::ModelCheckpoint("m.keras", {.save_freq = 100});
///
/// Throws  InvalidArgument for another text, and for a number below 1
class XERAS_API SaveFreq {
 public:
  SaveFreq() = default;
  SaveFreq(const char* text) : SaveFreq(std::string(text)) {}
  SaveFreq(const std::string& text);
  template <std::integral I>
  requires(!std::same_as<I, bool>) SaveFreq(I batches) : batches_(checked(static_cast<std::int64_t>(batches))) {}

  /// Returns the number of batches; none for "epoch".
  const std::optional<std::int64_t>& batches() const { return batches_; }

 private:
  static std::int64_t checked(std::int64_t batches);

  std::optional<std::int64_t> batches_;
};

}  // namespace xeras::callbacks
