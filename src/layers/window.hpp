#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "xeras/core/error.hpp"
#include "xeras/core/spec.hpp"
#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

// A window of steps that moves along time, as convolution and pooling have it.
struct Window {
  std::int64_t size = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::string_view padding = "valid";          // of the layer's options
  std::string_view size_name = "kernel_size";  // for messages

  // From its first step to its last.
  std::int64_t span() const { return (size - 1) * dilation + 1; }
  // False for sequences of so few steps that there is no place for it.
  bool fits(std::int64_t steps) const { return padding != "valid" || steps >= span(); }
  // How many steps come out of so many, where it fits.
  std::int64_t steps_out(std::int64_t steps) const;
  // The same for a batch (batch, time, ...) of a layer whose name who() gives. Raises InvalidInput where it does not fit.
  template <class Who>
  std::int64_t steps_out(const Extents& batch, const Who& who) const {
    if (!fits(batch[1])) throw InvalidInput(too_short(who(), "a batch of shape " + batch.to_string()));
    return steps_out(batch[1]);
  }
  // The zeros before the first step.
  std::int64_t before(std::int64_t steps) const;

  // The output of a layer with this window. Raises ShapeError where it does not fit.
  Spec output(const Spec& input, Dim features, const Builder& builder) const;

 private:
  // The message for what came, where it does not fit.
  std::string too_short(const std::string& who, const std::string& came) const;
};

// Options that cannot be raise InvalidArgument.
void check_positive(const std::string& who, const char* option, std::int64_t value, const char* meaning);
void check_ends(const std::string& who, const char* option, const BothEnds& ends);
void check_padding(const std::string& who, const std::string& padding, std::span<const char* const> known);
void check_data_format(const std::string& who, const std::optional<std::string>& data_format);

}  // namespace xeras::layers
