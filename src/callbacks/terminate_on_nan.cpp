#include "xeras/callbacks/terminate_on_nan.hpp"

#include <fmt/format.h>

#include <cmath>

#include "xeras/core/error.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::callbacks {

void TerminateOnNaN::on_train_batch_end(std::int64_t batch, const Scores& logs) {
  const double loss = logs["loss"];
  if (std::isfinite(loss)) return;
  if (options_.raise_error) {
    throw Error(
        fmt::format("TerminateOnNaN: the loss is {} after batch {}; expected a finite number. Lower the learning rate, "
                    "or clip gradients with clipnorm.",
                    loss, batch));
  }
  fmt::print("Batch {}: Invalid loss, terminating training\n", batch);
  model().stop_training();
}

}  // namespace xeras::callbacks
