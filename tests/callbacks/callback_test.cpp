#include "xeras/callbacks/callback.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

// Writes down each hook with its arguments.
class Recorder : public callbacks::Callback {
 public:
  void on_train_begin() override { write("on_train_begin"); }
  void on_train_end(const Scores& logs) override { write("on_train_end", logs); }
  void on_epoch_begin(std::int64_t epoch) override { write("on_epoch_begin " + std::to_string(epoch)); }
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override {
    write("on_epoch_end " + std::to_string(epoch), logs);
  }
  void on_train_batch_begin(std::int64_t batch) override { write("on_train_batch_begin " + std::to_string(batch)); }
  void on_train_batch_end(std::int64_t batch, const Scores& logs) override {
    write("on_train_batch_end " + std::to_string(batch), logs);
  }
  void on_test_begin() override { write("on_test_begin"); }
  void on_test_end(const Scores& logs) override { write("on_test_end", logs); }
  void on_test_batch_begin(std::int64_t batch) override { write("on_test_batch_begin " + std::to_string(batch)); }
  void on_test_batch_end(std::int64_t batch, const Scores& logs) override {
    write("on_test_batch_end " + std::to_string(batch), logs);
  }
  void on_predict_begin() override { write("on_predict_begin"); }
  void on_predict_end() override { write("on_predict_end"); }
  void on_predict_batch_begin(std::int64_t batch) override { write("on_predict_batch_begin " + std::to_string(batch)); }
  void on_predict_batch_end(std::int64_t batch, const Tensor& outputs) override {
    write("on_predict_batch_end " + std::to_string(batch) + " outputs " + extents_of(outputs).to_string());
  }

  std::vector<std::string> calls;

 private:
  void write(std::string call, const Scores& logs = {}) {
    for (std::size_t i = 0; i < logs.size(); ++i) call += " " + logs.name(i);
    calls.push_back(std::move(call));
  }
};

using Calls = std::vector<std::string>;

const xt::xtensor<float, 2> x{{1}, {2}, {3}}, y{{0}, {0}, {0}};

Sequential one_weight() {
  Sequential model{Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse", "mae");
  return model;
}

}  // namespace

// The sequences of hooks and the names in their logs are those that Keras 3.15.1 gives for the same calls.

TEST_CASE("Callback is called by fit in Keras's order, by its validation too") {
  Sequential model = one_weight();
  const auto recorder = std::make_shared<Recorder>();
  model.fit(x, y,
            {.batch_size = 2,
             .epochs = 3,
             .verbose = 0,
             .callbacks = {recorder},
             .validation_data = {x, y},
             .validation_batch_size = 3,
             .validation_freq = 2});
  CHECK(recorder->calls == Calls{"on_train_begin",
                                 "on_epoch_begin 0",
                                 "on_train_batch_begin 0",
                                 "on_train_batch_end 0 loss mae",
                                 "on_train_batch_begin 1",
                                 "on_train_batch_end 1 loss mae",
                                 "on_epoch_end 0 loss mae",
                                 "on_epoch_begin 1",
                                 "on_train_batch_begin 0",
                                 "on_train_batch_end 0 loss mae",
                                 "on_train_batch_begin 1",
                                 "on_train_batch_end 1 loss mae",
                                 "on_test_begin",
                                 "on_test_batch_begin 0",
                                 "on_test_batch_end 0 loss mae",
                                 "on_test_end loss mae",
                                 "on_epoch_end 1 loss mae val_loss val_mae",
                                 "on_epoch_begin 2",
                                 "on_train_batch_begin 0",
                                 "on_train_batch_end 0 loss mae",
                                 "on_train_batch_begin 1",
                                 "on_train_batch_end 1 loss mae",
                                 "on_epoch_end 2 loss mae",
                                 "on_train_end loss mae"});
}

TEST_CASE("Callback is called by a fit of no epochs at the beginning and the end, as in Keras") {
  Sequential model = one_weight();
  const auto recorder = std::make_shared<Recorder>();
  model.fit(x, y, {.epochs = 0, .verbose = 0, .callbacks = {recorder}});
  CHECK(recorder->calls == Calls{"on_train_begin", "on_train_end"});
}

TEST_CASE("Callback is called by evaluate in Keras's order") {
  const Sequential model = one_weight();
  const auto recorder = std::make_shared<Recorder>();
  model.evaluate(x, y, {.batch_size = 2, .verbose = 0, .callbacks = recorder});
  CHECK(recorder->calls == Calls{"on_test_begin", "on_test_batch_begin 0", "on_test_batch_end 0 loss mae",
                                 "on_test_batch_begin 1", "on_test_batch_end 1 loss mae", "on_test_end loss mae"});
}

TEST_CASE("Callback is called by predict in Keras's order, with the outputs of each batch") {
  const Sequential model = one_weight();
  const auto recorder = std::make_shared<Recorder>();
  model.predict(x, {.batch_size = 2, .callbacks = recorder});
  CHECK(recorder->calls == Calls{"on_predict_begin", "on_predict_batch_begin 0",
                                 "on_predict_batch_end 0 outputs (2, 1)", "on_predict_batch_begin 1",
                                 "on_predict_batch_end 1 outputs (1, 1)", "on_predict_end"});
}

TEST_CASE("Callback is called once for the steps of an execution, with the first and the last, as in Keras") {
  const std::int64_t steps = GENERATE(2, 7);
  const xt::xtensor<float, 2> five{{1}, {2}, {3}, {4}, {5}}, zeros{{0}, {0}, {0}, {0}, {0}};
  Sequential model = one_weight();
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse", {}, {.steps_per_execution = steps});
  const auto calls_of = [&](const std::string& name, const std::vector<std::string>& logs) {
    Calls calls;
    for (std::size_t i = 0; i < logs.size(); ++i) {
      const std::int64_t first = static_cast<std::int64_t>(i) * steps;
      calls.push_back("on_" + name + "_batch_begin " + std::to_string(first));
      calls.push_back("on_" + name + "_batch_end " + std::to_string(first + steps - 1) + logs[i]);
    }
    return calls;
  };
  // The calls between the first two and the last two, which are those of the beginning and the end.
  const auto inner = [](const Recorder& recorder, std::ptrdiff_t ends) {
    return Calls(recorder.calls.begin() + ends, recorder.calls.end() - ends);
  };
  const auto train = std::make_shared<Recorder>(), test = std::make_shared<Recorder>(),
             predict = std::make_shared<Recorder>();
  const std::size_t groups = steps == 2 ? 3 : 1;
  model.fit(five, zeros, {.batch_size = 1, .verbose = 0, .callbacks = train});
  CHECK(inner(*train, 2) == calls_of("train", std::vector<std::string>(groups, " loss")));
  model.evaluate(five, zeros, {.batch_size = 1, .verbose = 0, .callbacks = test});
  CHECK(inner(*test, 1) == calls_of("test", std::vector<std::string>(groups, " loss")));
  model.predict(five, {.batch_size = 1, .callbacks = predict});
  const std::vector<std::string> shapes{" outputs (2, 1)", " outputs (2, 1)", " outputs (1, 1)"};
  CHECK(inner(*predict, 1) == calls_of("predict", steps == 2 ? shapes : std::vector<std::string>{" outputs (5, 1)"}));
}

TEST_CASE("Callback gets the scores of all steps of an execution, and their outputs from a dataset, too") {
  class Keeper final : public callbacks::Callback {
   public:
    void on_train_batch_end(std::int64_t, const Scores& logs) override { losses.push_back(logs["loss"]); }
    void on_predict_batch_end(std::int64_t, const Tensor& values) override { outputs.push_back(values); }
    std::vector<double> losses;
    std::vector<Tensor> outputs;
  };
  class Numbers final : public data::Dataset {  // 1, 2, 3, 4, 5
   public:
    std::int64_t num_batches() const override { return 5; }
    data::Batch get_batch(std::int64_t index) override {
      return {xt::xtensor<float, 2>{{static_cast<float>(index + 1)}}, xt::xtensor<float, 2>{{0}}};
    }
    bool may_shuffle() const override { return false; }
  };
  Sequential model = one_weight();
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse", {}, {.steps_per_execution = 2});
  const auto keeper = std::make_shared<Keeper>();
  model.fit(Numbers(), {.verbose = 0, .callbacks = keeper});
  CHECK(keeper->losses == std::vector<double>{2.5, 7.5, 11.0});  // Keras 3.15.1
  model.predict(Numbers(), {.callbacks = keeper});
  CHECK((keeper->outputs == std::vector<Tensor>{xt::xtensor<float, 2>{{1}, {2}}, xt::xtensor<float, 2>{{3}, {4}},
                                                xt::xtensor<float, 2>{{5}}}));
  // An epoch has no more steps than it is told, also where these are no whole executions.
  keeper->losses.clear();
  model.fit(Numbers(), {.epochs = 2, .verbose = 0, .callbacks = keeper, .steps_per_epoch = 1});
  CHECK(keeper->losses == std::vector<double>{1.0, 4.0});
}

TEST_CASE("Callback may be called for many steps, and weights and scores are the same bits") {
  const auto trained = [](std::int64_t steps) {
    set_random_seed(1);
    Sequential model{Embedding(9, 3), LSTM(4, {.dropout = 0.2}), Dense(1)};
    model.compile("adam", "mse", {"mae"}, {.steps_per_execution = steps});
    const xt::xtensor<int, 2> ids{{1, 2}, {3, 4}, {5, 6}, {7, 8}, {1, 3}};
    const xt::xtensor<float, 2> targets{{0}, {1}, {1}, {0}, {1}};
    const History history =
        model.fit(ids, targets, {.batch_size = 1, .epochs = 3, .verbose = 0, .validation_data = {ids, targets}});
    return std::tuple(model.get_weights(), history["loss"], history["val_mae"]);
  };
  CHECK(trained(2) == trained(1));
  CHECK(trained(100) == trained(1));
}

TEST_CASE("Callback cannot be called for less than one step of an execution") {
  Sequential model = one_weight();
  CHECK(message_of<InvalidArgument>([&] { model.compile("sgd", "mse", {}, {.steps_per_execution = 0}); }) ==
        "compile: steps_per_execution is 0; expected a positive integer. 1 calls the hooks of callbacks for each "
        "batch.");
}

TEST_CASE("Callback that stops training does so after the steps of an execution, as in Keras") {
  class Stopper final : public callbacks::Callback {
   public:
    void on_train_batch_end(std::int64_t batch, const Scores& logs) override {
      last = batch;
      loss = logs["loss"];
      model().stop_training();
    }
    std::int64_t last = 0;
    double loss = 0.0;
  };
  Sequential model = one_weight();
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse", {}, {.steps_per_execution = 2});
  const auto stopper = std::make_shared<Stopper>();
  const History history =
      model.fit(x, y, {.batch_size = 1, .epochs = 3, .verbose = 0, .callbacks = stopper, .shuffle = false});
  CHECK(stopper->last == 1);
  CHECK(stopper->loss == 2.5);  // (1 + 4) / 2
  CHECK(history["loss"] == std::vector<double>{2.5});
}

TEST_CASE("Callback gets the scores of the batches so far, and the outputs of its batch") {
  class Keeper final : public callbacks::Callback {
   public:
    void on_test_batch_end(std::int64_t, const Scores& logs) override { losses.push_back(logs["loss"]); }
    void on_test_end(const Scores& logs) override { losses.push_back(logs["loss"]); }
    void on_predict_batch_end(std::int64_t, const Tensor& values) override { outputs.push_back(values); }
    std::vector<double> losses;
    std::vector<Tensor> outputs;
  };
  Sequential model = one_weight();
  const auto keeper = std::make_shared<Keeper>();
  model.evaluate(x, y, {.batch_size = 2, .verbose = 0, .callbacks = keeper});
  CHECK(keeper->losses == std::vector<double>{2.5, 14.0 / 3.0, 14.0 / 3.0});  // (1 + 4) / 2, (1 + 4 + 9) / 3
  model.predict(x, {.batch_size = 2, .callbacks = keeper});
  CHECK((keeper->outputs == std::vector<Tensor>{xt::xtensor<float, 2>{{1}, {2}}, xt::xtensor<float, 2>{{3}}}));
}

TEST_CASE("Callback is not called by members that work with one batch") {
  Sequential model = one_weight();
  const auto recorder = std::make_shared<Recorder>();
  model.fit(x, y, {.epochs = 0, .verbose = 0, .callbacks = {recorder}});
  model.train_on_batch(x, y);
  model.test_on_batch(x, y);
  model.predict_on_batch(x);
  CHECK(recorder->calls.size() == 2);
}

TEST_CASE("Callback may set weights while a test runs, and the penalty is that of the new weights") {
  class Setter final : public callbacks::Callback {
   public:
    void on_test_batch_begin(std::int64_t) override { model().set_weights({Tensor(Tensor::shape_type{1, 1}, 2.0f)}); }
  };
  Sequential model{Dense(1, {.use_bias = false,
                             .kernel_initializer = "ones",
                             .kernel_regularizer = regularizers::L2(0.5),
                             .input_shape = Shape{1}})};
  model.compile("sgd", "mse");
  // (1 * 2 - 0)^2 + 0.5 * 2^2
  CHECK(model.evaluate({{1.0}}, {{0.0}}, {.verbose = 0, .callbacks = Setter()})["loss"] == 6.0);
}

TEST_CASE("Callback that another call uses in one of its hooks has its model again") {
  class Nested final : public callbacks::Callback, public std::enable_shared_from_this<Nested> {
   public:
    void on_epoch_end(std::int64_t, const Scores&) override {
      other.predict(x, {.callbacks = shared_from_this()});
      same = &model() == expected;
    }
    Sequential other = one_weight();
    const Sequential* expected = nullptr;
    bool same = false;
  };
  Sequential model = one_weight();
  const auto nested = std::make_shared<Nested>();
  nested->expected = &model;
  model.fit(x, y, {.verbose = 0, .callbacks = {nested}});
  CHECK(nested->same);
}

TEST_CASE("Callback may stop training after a batch") {
  class Stopper final : public Recorder {
   public:
    void on_train_batch_end(std::int64_t batch, const Scores& logs) override {
      Recorder::on_train_batch_end(batch, logs);
      model().stop_training();
    }
  };
  Sequential model = one_weight();
  const auto stopper = std::make_shared<Stopper>();
  model.fit(x, y, {.batch_size = 1, .epochs = 2, .verbose = 0, .callbacks = {stopper}});
  CHECK(stopper->calls == Calls{"on_train_begin", "on_epoch_begin 0", "on_train_batch_begin 0",
                                "on_train_batch_end 0 loss mae", "on_epoch_end 0 loss mae", "on_train_end loss mae"});
}

TEST_CASE("Callback that moves the model in evaluate or predict is refused") {
  class Mover final : public callbacks::Callback {
   public:
    void on_test_begin() override { const Sequential other(std::move(model())); }
    void on_predict_end() override { const Sequential other(std::move(model())); }
  };
  Sequential model = one_weight();
  const auto message = [](const std::string& who) {
    return who +
           ": a callback moved the model in use, or one of its layers; expected no move, and none was made. Move a "
           "clone, or move it after " +
           who + ".";
  };
  CHECK(message_of<Error>([&] { model.evaluate(x, y, {.verbose = 0, .callbacks = Mover()}); }) == message("evaluate"));
  CHECK(message_of<Error>([&] { model.predict(x, {.callbacks = Mover()}); }) == message("predict"));
  // A refused move is forgotten.
  CHECK(model.predict(x, {.callbacks = Recorder()}).shape(0) == 3);
}

TEST_CASE("Callback adds scores to the logs, for the callbacks after it and the history") {
  class Adds final : public callbacks::Callback {
   public:
    void add_logs(Scores& logs) override {
      logs.set("epochs", static_cast<double>(epochs_));
      logs.set("loss", -1.0);
    }
    void on_epoch_end(std::int64_t, const Scores&) override { ++epochs_; }

   private:
    int epochs_ = 1;
  };
  Sequential model = one_weight();
  const auto before = std::make_shared<Recorder>(), after = std::make_shared<Recorder>();
  const History history =
      model.fit(x, y,
                {.batch_size = 3,
                 .epochs = 5,
                 .verbose = 0,
                 .callbacks = {before, Adds(), after, callbacks::EarlyStopping({.monitor = "epochs", .mode = "min"})}});
  CHECK(history["epochs"] == std::vector<double>{1, 2});
  CHECK(history["loss"] == std::vector<double>{-1, -1});
  CHECK(before->calls[4] == "on_epoch_end 0 loss mae");
  CHECK(after->calls[4] == "on_epoch_end 0 loss mae epochs");
}
