#pragma once

#include <cstdint>
#include <string>

#include "xeras/core/fields.hpp"

/// The options that all optimizers share, in Keras's order:
///   clipnorm                     the largest norm of the gradient of one parameter
///   clipvalue                    the largest absolute value in a gradient
///   global_clipnorm              the largest norm of all gradients together
///   use_ema                      replace the parameters by their moving averages when training ends
///   ema_momentum                 average = ema_momentum average + (1 - ema_momentum) w
///   ema_overwrite_frequency      replace them after every so many updates, too
///   loss_scale_factor            for half precision, which is not supported
///   gradient_accumulation_steps  update once per so many steps, with their mean gradient
/// An options struct has `weight_decay` before them, as in Keras. They are a macro because a designated initializer,
/// Adam({.clipnorm = 1.0}), cannot name fields of a base class.
#define XERAS_COMMON_OPTIONS(its_name)                          \
  std::optional<double> clipnorm = {};                          \
  std::optional<double> clipvalue = {};                         \
  std::optional<double> global_clipnorm = {};                   \
  bool use_ema = false;                                         \
  double ema_momentum = 0.99;                                   \
  std::optional<std::int64_t> ema_overwrite_frequency = {};     \
  std::optional<double> loss_scale_factor = {};                 \
  std::optional<std::int64_t> gradient_accumulation_steps = {}; \
  std::string name = its_name

/// The same options in XERAS_FIELDS.
#define XERAS_COMMON_FIELDS                                                                                \
  clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, \
      gradient_accumulation_steps, name

namespace xeras::optimizers {

struct CommonOptions {
  std::optional<double> weight_decay = {};  ///< w -= w weight_decay learning_rate, before the update
  XERAS_COMMON_OPTIONS("");
};
XERAS_FIELDS(CommonOptions, weight_decay, XERAS_COMMON_FIELDS)

}  // namespace xeras::optimizers
