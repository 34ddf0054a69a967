#include "xeras/callbacks/terminate_on_nan.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using callbacks::TerminateOnNaN;

namespace {

// Each step multiplies the weight by about -1e20: the loss is infinite after the first.
History diverge(const TerminateOnNaN& callback, std::int64_t epochs = 3) {
  Sequential model{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(optimizers::SGD(1e20), "mse");
  return model.fit({{1.0}, {1.0}}, {0.0, 0.0},
                   {.batch_size = 1, .epochs = epochs, .verbose = 0, .callbacks = callback});
}

}  // namespace

TEST_CASE("TerminateOnNaN stops training after the batch whose loss is not finite") {
  CHECK(diverge(TerminateOnNaN())["loss"].size() == 1);
  CHECK(message_of<Error>([] { diverge(TerminateOnNaN({.raise_error = true})); }) ==
        "TerminateOnNaN: the loss is inf after batch 1; expected a finite number. Lower the learning rate, or clip "
        "gradients with clipnorm.");
}
