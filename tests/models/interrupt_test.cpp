#include "models/interrupt.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "catch.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

volatile std::sig_atomic_t own_calls = 0;
void own_handler(int) { own_calls = own_calls + 1; }

// Interrupts the program in a batch of epoch 1, and notes the hooks that end training.
struct Interrupting : callbacks::Callback {
  void on_train_batch_end(std::int64_t batch, const Scores&) override {
    ++batches;
    if (epoch == 1 && batch == 2) std::raise(SIGINT);
  }
  void on_epoch_begin(std::int64_t number) override { epoch = number; }
  void on_epoch_end(std::int64_t, const Scores&) override { ++epochs_ended; }
  void on_train_end(const Scores&) override { ++trainings_ended; }
  std::int64_t epoch = 0;
  int batches = 0, epochs_ended = 0, trainings_ended = 0;
};

}  // namespace

TEST_CASE("stop_on_interrupt ends training after the batch, with hooks, history and a usable model") {
  const auto before = std::signal(SIGINT, own_handler);
  Sequential model{Dense(1, {.input_shape = Shape{1}})};
  model.compile("sgd", "mse");
  const Tensor x = xt::ones<float>({8, 1});
  const auto interrupting = std::make_shared<Interrupting>();
  const History history = model.fit(x, x,
                                    {.batch_size = 1,
                                     .epochs = 5,
                                     .verbose = 0,
                                     .callbacks = interrupting,
                                     .validation_data = {x, x},
                                     .stop_on_interrupt = true});
  CHECK(interrupting->batches == 8 + 3);
  CHECK((interrupting->epochs_ended == 2 && interrupting->trainings_ended == 1));
  CHECK(history["loss"].size() == 2);
  CHECK(history["val_loss"].size() == 1);  // the interrupted epoch does not validate
  model.predict(x);
  CHECK(own_calls == 0);
  std::raise(SIGINT);  // the program's handler is back
  CHECK(own_calls == 1);
  std::signal(SIGINT, before);
}

TEST_CASE("stop_on_interrupt ends the validation after the batch") {
  struct Interrupts : callbacks::Callback {
    void on_test_batch_end(std::int64_t, const Scores&) override {
      if (++batches == 2) std::raise(SIGINT);
    }
    int batches = 0;
  };
  Sequential model{Dense(1, {.input_shape = Shape{1}})};
  model.compile("sgd", "mse");
  const Tensor x = xt::ones<float>({8, 1});
  const auto interrupts = std::make_shared<Interrupts>();
  const History history = model.fit(x, x,
                                    {.batch_size = 1,
                                     .epochs = 5,
                                     .verbose = 0,
                                     .callbacks = interrupts,
                                     .validation_data = {x, x},
                                     .stop_on_interrupt = true});
  CHECK(interrupts->batches == 2);
  CHECK(history["loss"].size() == 1);
  CHECK_FALSE(history.contains("val_loss"));
}

TEST_CASE("Interrupts overlap, and leave a handler that the program sets meanwhile") {
  const auto before = std::signal(SIGINT, own_handler);
  own_calls = 0;
  {
    const Interrupt outer("test");
    {
      const Interrupt inner("test");
      std::raise(SIGINT);
      CHECK((outer.has_come() && inner.has_come()));
    }
    const Interrupt later("test");
    CHECK_FALSE(later.has_come());
    std::signal(SIGINT, own_handler);
  }
  std::raise(SIGINT);
  CHECK(own_calls == 1);
  std::signal(SIGINT, before);
}

TEST_CASE("A second SIGINT ends the program by the default action") {
  const pid_t child = fork();
  if (child == 0) {
    const Interrupt interrupt("test");
    std::raise(SIGINT);
    if (!interrupt.has_come()) _exit(1);
    std::raise(SIGINT);
    _exit(2);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGINT);
}
