#pragma once

#include "xeras/callbacks/callback.hpp"

namespace xeras::callbacks {

struct TerminateOnNaNOptions {
  bool raise_error = false;  ///< true throws Error instead
};

/// Stops training after a batch with a loss that is NaN or infinite.
///
///   model.fit(x, y, {.callbacks = callbacks::TerminateOnNaN()});
///
/// Throws  Error for such a loss, with raise_error
/// Source  keras.callbacks.TerminateOnNaN
class XERAS_API TerminateOnNaN final : public Callback {
 public:
  explicit TerminateOnNaN(TerminateOnNaNOptions options = {}) : options_(options) {}

  void on_train_batch_end(std::int64_t batch, const Scores& logs) override;

 private:
  TerminateOnNaNOptions options_;
};

}  // namespace xeras::callbacks
