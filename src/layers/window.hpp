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

// The moving window of a convolution or pooling layer.
struct Window {
  std::int64_t size = 1, stride = 1, dilation = 1;
  std::string_view padding = "valid";          // of the layer's options
  std::string_view size_name = "kernel_size";  // for messages

  // Returns the number of steps from the first to the last of the window.
  std::int64_t span() const { return (size - 1) * dilation + 1; }
  // False when a sequence of `steps` is too short for the window.
  bool fits(std::int64_t steps) const { return padding != "valid" || steps >= span(); }
  // Returns the number of output steps; the window must fit.
  std::int64_t steps_out(std::int64_t steps) const;
  // Returns the number of output steps for a batch (batch, time, ...). Throws InvalidInput if the window does not fit.
  template <class Who>
  std::int64_t steps_out(const Extents& batch, const Who& who) const {
    if (!fits(batch[1])) throw InvalidInput(too_short(who(), "a batch of shape " + batch.to_string()));
    return steps_out(batch[1]);
  }
  // Returns the number of padding steps before the first step.
  std::int64_t before(std::int64_t steps) const;

  // Returns the output of a layer with this window. Throws ShapeError if it does not fit.
  Spec output(const Spec& input, Dim features, const Builder& builder) const;

 private:
  std::string too_short(const std::string& who, const std::string& came) const;
};

// Throw InvalidArgument for an invalid value of an option; `meaning` explains the option.
void check_positive(const std::string& who, const char* option, std::int64_t value, const char* meaning);
void check_at_least_0(const std::string& who, const char* option, double value);
void check_ends(const std::string& who, const char* option, const BothEnds& ends);
void check_padding(const std::string& who, const std::string& padding, std::span<const char* const> known);
void check_data_format(const std::string& who, const std::optional<std::string>& data_format);

}  // namespace xeras::layers
