// Every public member of Sequential: in every hook of a callback, and on a model that was moved from.
#include <cmath>
#include <functional>
#include <span>
#include <sstream>

#include "catch.hpp"
#include "support/in_hook.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::hooks;
using xeras::testing::InHook;
using xeras::testing::predict_hooks;
using xeras::testing::test_hooks;

namespace {

const Tensor x = xt::xarray<float>{{1, 2, 3}, {4, 5, 6}, {-1, 0, 1}, {2, -2, 2}};
const Tensor y = xt::xtensor<float, 2>{{1}, {0}, {1}, {0}};
// One use of a model, and whether it is for a callback to do.
struct Use {
  const char* member;
  bool in_training;
  std::function<void(Sequential&)> run;
};

std::ostringstream nowhere;
Tensor kept;

const Use uses[] = {
    {"add", false, [](Sequential& m) { m.add(Dense(2)); }},
    {"add itself", false, [](Sequential& m) { m.add(std::move(m)); }},
    {"pop", false, [](Sequential& m) { m.pop(); }},
    {"compile", false, [](Sequential& m) { m.compile("adam", "mse"); }},
    {"fit", false, [](Sequential& m) { m.fit(x, y, {.verbose = 0}); }},
    {"train_on_batch", false, [](Sequential& m) { m.train_on_batch(x, y); }},
    {"set_trainable", false, [](Sequential& m) { m.set_trainable(false); }},
    {"set_trainable of a layer", false, [](Sequential& m) { m.get_layer(0).set_trainable(false); }},
    {"assignment", false, [](Sequential& m) { m = Sequential(Dense(2)); }},
    {"assignment to another", false,
     [](Sequential& m) {
       Sequential other;
       other = std::move(m);
     }},
    {"a move", false, [](Sequential& m) { const Sequential other(std::move(m)); }},
    {"swap", false,
     [](Sequential& m) {
       Sequential other;
       std::swap(m, other);
     }},
    {"assignment to a layer", false, [](Sequential& m) { m.get_layer<Dense>(0) = Dense(9); }},
    {"a layer's move", false, [](Sequential& m) { const Dense other(std::move(m.get_layer<Dense>(0))); }},
    {"build with another shape", false,
     [](Sequential& m) {
       m.build({None, 7});
     }},
    {"build with a known batch", false,
     [](Sequential& m) {
       m.build({4, 3});
     }},

    {"build", true,
     [](Sequential& m) {
       m.build({None, 3});
     }},
    {"assignment to itself", true,
     [](Sequential& m) {
       Sequential& same = m;
       m = std::move(same);
     }},
    {"stop_training", true, [](Sequential& m) { m.stop_training(); }},
    {"optimizer", true, [](Sequential& m) { m.optimizer().set_learning_rate(0.5); }},
    {"set_weights", true, [](Sequential& m) { m.set_weights(m.get_weights()); }},
    {"evaluate", true, [](Sequential& m) { m.evaluate(x, y, {.verbose = 0}); }},
    {"test_on_batch", true, [](Sequential& m) { m.test_on_batch(x, y); }},
    {"predict", true, [](Sequential& m) { m.predict(x); }},
    {"predict into a tensor", true, [](Sequential& m) { m.predict(x, kept); }},
    {"predict_on_batch", true, [](Sequential& m) { m.predict_on_batch(x); }},
    {"a call", true, [](Sequential& m) { m(x); }},
    {"a call in training mode", true, [](Sequential& m) { m(x, true); }},
    {"reset_states", true, [](Sequential& m) { m.reset_states(); }},
    {"clone", true, [](Sequential& m) { m.clone().predict(x); }},
    {"layers", true, [](Sequential& m) { static_cast<void>(m.layers()); }},
    {"get_layer by name", true, [](Sequential& m) { m.get_layer("dense"); }},
    {"get_layer as a class", true, [](Sequential& m) { m.get_layer<Dense>(-1); }},
    {"a layer's set_weights", true, [](Sequential& m) { m.get_layer(0).set_weights(m.get_layer(0).get_weights()); }},
    {"summary", true, [](Sequential& m) { m.summary(nowhere); }},
    {"name", true, [](Sequential& m) { static_cast<void>(m.name() + m.class_name()); }},
    {"get_config", true, [](Sequential& m) { m.get_config(); }},
    {"first_input", true, [](Sequential& m) { m.first_input(); }},
    {"children", true, [](Sequential& m) { m.children(); }},
    {"input_shape", true, [](Sequential& m) { m.input_shape(); }},
    {"output_shape", true, [](Sequential& m) { m.output_shape(); }},
    {"output_extents", true,
     [](Sequential& m) {
       Extents output;
       m.output_extents(extents_of(x), output);
     }},
    {"extents_after", true, [](Sequential& m) { m.extents_after(extents_of(x)); }},
    {"trainable", true, [](Sequential& m) { static_cast<void>(m.trainable() && m.built()); }},
    {"count_params", true, [](Sequential& m) { m.count_params(); }},
    {"get_weights", true, [](Sequential& m) { m.get_weights(); }},
    {"variables", true, [](Sequential& m) { m.variables(); }},
};

Sequential some_model() {
  Sequential model{Dense(2, {.input_shape = {3}}), Dense(1)};
  model.compile("adam", "mse", {"mae"});
  return model;
}

void fit_with(Sequential& model, const CallbackArgument& callback) {
  model.fit(x, y, {.batch_size = 2, .epochs = 2, .verbose = 0, .callbacks = callback, .validation_data = {x, y}});
}

// The members that call hooks.
struct Caller {
  const char* member;
  std::span<const char* const> hooks;
  void (*run)(Sequential&, const CallbackArgument&);
};

const Caller callers[] = {
    {"fit", hooks, fit_with},
    {"evaluate", test_hooks,
     [](Sequential& m, const CallbackArgument& callback) {
       m.evaluate(x, y, {.batch_size = 2, .verbose = 0, .callbacks = callback});
     }},
    {"predict", predict_hooks,
     [](Sequential& m, const CallbackArgument& callback) { m.predict(x, {.batch_size = 2, .callbacks = callback}); }},
};

// Runs something in each hook of each caller, and looks at the message, the model and the weights before.
void for_each_hook(
    const Use& use,
    const std::function<void(const Caller&, const std::string&, Sequential&, const std::vector<Tensor>&)>& look) {
  for (const Caller& caller : callers) {
    for (const char* hook : caller.hooks) {
      INFO(use.member << " in " << hook << " of " << caller.member);
      Sequential model = some_model();
      const auto callback = std::make_shared<InHook>(hook, use.run);
      const std::string message = message_of<Error>([&] { caller.run(model, callback); });
      CHECK(!callback->before.empty());
      look(caller, message, model, callback->before);
    }
  }
}

// The model is what it was, and goes on training.
void check_usable(Sequential& model) {
  CHECK(model.layers().size() == 2);
  CHECK(model.trainable());
  const History history = model.fit(x, y, {.epochs = 2, .verbose = 0});
  CHECK(history["loss"].size() == 2);
  CHECK(std::isfinite(history["loss"].back()));
  CHECK(model.predict(x).shape(1) == 1);
}

const std::string nothing = "nothing was thrown";

}  // namespace

TEST_CASE("Sequential: what would replace what a call works with raises in every hook, and the model trains on") {
  for (const Use& use : uses) {
    if (use.in_training) continue;
    const bool of_training = std::string(use.member).starts_with("set_trainable");
    for_each_hook(use, [&](const Caller& caller, const std::string& message, Sequential& model,
                           const std::vector<Tensor>& before) {
      CHECK((model.get_weights() == before));
      if (of_training && caller.member != std::string("fit")) {
        CHECK(message == nothing);
        return;
      }
      CHECK(message != nothing);
      CHECK(message.find("expected ") != std::string::npos);
      check_usable(model);
    });
  }
}

TEST_CASE("Sequential: everything else may be called in every hook") {
  for (const Use& use : uses) {
    if (!use.in_training) continue;
    for_each_hook(use, [&](const Caller&, const std::string& message, Sequential& model, const std::vector<Tensor>&) {
      if (use.member == std::string("reset_states")) {
        CHECK(message ==
              "Sequential: reset_states without states; expected a built model with a stateful layer. Set stateful = "
              "true and build with a fixed batch.");
      } else {
        CHECK(message == nothing);
      }
      check_usable(model);
    });
  }
}

TEST_CASE("Sequential: reset_states in every hook of a stateful model") {
  for (const char* hook : hooks) {
    Sequential model{LSTM(2, {.stateful = true}), Dense(1)};
    model.build({2, 3, 1});
    model.compile("sgd", "mse");
    const auto callback = std::make_shared<InHook>(hook, [](Sequential& m) { m.reset_states(); });
    const Tensor steps = xt::reshape_view(x, {4, 3, 1});
    model.fit(steps, y, {.epochs = 2, .verbose = 0, .callbacks = {callback}, .validation_data = {steps, y}});
    CHECK(callback->before.size() == 5);
  }
}

TEST_CASE("Sequential says what to do instead") {
  const auto message = [](const std::function<void(Sequential&)>& run) {
    Sequential model = some_model();
    return message_of<Error>([&] { fit_with(model, std::make_shared<InHook>("on_epoch_end", run)); });
  };
  CHECK(message([](Sequential& m) { m.compile("sgd", "mse"); }) ==
        "Sequential: compile while fit or another call uses the model; expected no call in progress. In a "
        "callback, call stop_training, and compile after fit.");
  CHECK(message([](Sequential& m) { m.get_layer(1).set_trainable(false); }) ==
        "Dense \"dense_1\": set_trainable while fit trains the layer; expected a model that is not in training. Call "
        "it after fit, and compile again.");
  CHECK(message([](Sequential& m) { const Sequential other(std::move(m)); }) ==
        "fit: a callback moved the model in training, or one of its layers; expected no move, and none was made. Move "
        "a clone, or move it after fit.");
  CHECK(message([](Sequential& m) { m.get_layer<Dense>(0) = Dense(4); }) ==
        "Dense \"dense\": assignment to a layer of a built model; expected a layer outside of a model. Call "
        "set_weights to change its weights, or make a new model with the other layer.");
}

TEST_CASE("Sequential: set_weights, the learning rate and stop_training take effect in the hook's fit") {
  Sequential model{Dense(1, {.use_bias = false, .input_shape = {1}})};
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse");
  const auto callback = std::make_shared<InHook>("on_epoch_begin", [](Sequential& m) {
    m.set_weights({Tensor(Tensor::shape_type{1, 1}, 3.0f)});
    m.optimizer().set_learning_rate(0.25);
    m.stop_training();
  });
  // One step: w = 3 - 0.25 * 2 * 3 = 1.5, on loss 9; then fit ends, as in Keras, which runs one batch.
  const History history =
      model.fit({{1.0}, {1.0}}, {0.0, 0.0}, {.batch_size = 1, .epochs = 5, .verbose = 0, .callbacks = {callback}});
  CHECK(history["loss"] == std::vector<double>{9.0});
  CHECK(model.get_weights()[0](0, 0) == 1.5f);
}

TEST_CASE("Sequential that was moved from is an empty model, or raises") {
  for (const Use& use : uses) {
    INFO(use.member);
    Sequential model = some_model();
    const Sequential other = std::move(model);
    std::string message;
    try {
      use.run(model);
    } catch (const Error& error) {
      message = error.what();
    }
    CHECK(message.find("()") == std::string::npos);
    CHECK(other.predict(x).shape(1) == 1);
    model = Sequential();
    model.add(Dense(1, {.input_shape = {3}}));
    model.compile("sgd", "mse");
    model.fit(x, y, {.verbose = 0});
  }
}

TEST_CASE("Sequential that was moved from has const members that work or raise") {
  Sequential source = some_model();
  const Sequential other = std::move(source);
  const Sequential& model = source;
  CHECK(!model.built());
  CHECK(model.layers().empty());
  CHECK(model.get_weights().empty());
  CHECK(model.name().empty());
  CHECK(model.clone().layers().empty());
  std::ostringstream text;
  model.summary(text);
  CHECK(text.str().find("Total params: 0") != std::string::npos);
  CHECK(message_of<NotCompiled>([&] { model.evaluate(x, y); }) ==
        "evaluate: the model is not compiled; expected compile before it. Call model.compile(\"rmsprop\", \"mse\"); "
        "adding or popping a layer requires it again.");
  CHECK(message_of<NotCompiled>([&] { model.optimizer(); }).starts_with("optimizer: the model is not compiled"));
  CHECK(message_of<ShapeError>([&] { model.predict(x); }).starts_with("Sequential: predict before"));
  CHECK(message_of<ShapeError>([&] { model.input_shape(); }).starts_with("Sequential: the input shape is not known"));
}

TEST_CASE("Sequential that is added to itself holds what it was") {
  Sequential model = some_model();
  const Tensor before = model.predict(x);
  model.add(std::move(model));
  CHECK(model.layers().size() == 1);
  CHECK((model.predict(x) == before));
}

TEST_CASE("Sequential refuses a model that it is a part of") {
  Sequential outer;
  outer.add(Sequential());
  Sequential& inner = outer.get_layer<Sequential>(0);
  CHECK(
      message_of<InvalidArgument>([&] { inner.add(std::move(outer)); }) ==
      "Sequential \"sequential\": add got a model that contains this one; expected another layer. Add a clone of it.");
}

TEST_CASE("Sequential that another model is built of keeps its layers") {
  Sequential outer{Dense(3, {.input_shape = {3}})};
  outer.add(Sequential(Dense(2), Dense(1)));
  Sequential& inner = outer.get_layer<Sequential>(1);
  const Tensor before = outer.predict(x);
  const std::string end =
      " of a model that is part of another one; expected a standalone model. Change it before it is added, or change "
      "a clone.";
  CHECK(message_of<Error>([&] { inner.add(Dense(1)); }) == "Sequential \"sequential\": add" + end);
  CHECK(message_of<Error>([&] { inner.pop(); }) == "Sequential \"sequential\": pop" + end);
  Sequential pair{Embedding(9, 2), Dense(1)};
  const Sequential around{std::move(pair), Dense(1)};
  CHECK(message_of<Error>([&] {
          around.get_layer<Sequential>(0).build({None, 4});
        }) == "Sequential \"sequential\": build" + end);
  CHECK(message_of<Error>([&] { inner = Sequential(); }) == "Sequential \"sequential\": assignment" + end);
  const Sequential taken = std::move(inner);
  CHECK(taken.layers().empty());
  CHECK((outer.predict(x) == before));
}

TEST_CASE("Sequential that was only built as a part of another one says that its clone can predict") {
  Sequential outer{Dense(3, {.input_shape = {3}})};
  outer.add(Sequential(Dense(1)));
  const Sequential& inner = outer.get_layer<Sequential>(1);
  CHECK(message_of<ShapeError>([&] { inner.predict(x); }) ==
        "Sequential \"sequential\": predict of a model that is built only as part of another one; expected a "
        "standalone model. Use its clone.");
  const Sequential words{Embedding(9, 2), Sequential(Dense(1))};
  CHECK(message_of<ShapeError>([&] {
          words.get_layer<Sequential>(1).build({None, 4, 2});
        }) ==
        "Sequential \"sequential\": build of a model that is built only as part of another one; expected a standalone "
        "model. Use its clone.");
  const Tensor hidden = Sequential(outer.get_layer<Dense>(0)).predict(x);
  CHECK((inner.clone().predict(hidden) == outer.predict(x)));
}
