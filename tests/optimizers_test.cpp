#include "xeras/optimizers.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;

TEST_CASE("optimizers are found by name, whatever the case", "[optimizers]") {
  for (const char* name : {"sgd", "SGD", "Sgd"}) CHECK(get(name)->class_name() == "SGD");
  for (const char* name : {"rmsprop", "RMSprop", "RMSProp"}) CHECK(get(name)->class_name() == "RMSprop");
  for (const char* name : {"adam", "Adam"}) CHECK(get(name)->class_name() == "Adam");
  for (const char* name : {"adadelta", "adafactor", "adagrad", "adamax", "adamw", "ftrl", "lamb", "lion", "muon",
                           "nadam", "schedulefreeadamw"}) {
    CHECK(get(name)->class_name().size() == std::string(name).size());
  }
  CHECK(get("ADAMW")->class_name() == "AdamW");
  CHECK(get("adam")->learning_rate() == 0.001);
  CHECK(message_of<InvalidArgument>([] { get("adamm"); }) ==
        "optimizer \"adamm\" is unknown; did you mean \"adam\"? Known: adadelta, adafactor, "
        "adagrad, adam, adamax, adamw, ftrl, lamb, lion, muon, nadam, rmsprop, schedulefreeadamw, sgd.");
}

TEST_CASE("optimizers come back from their configuration", "[optimizers]") {
  const OptimizerArgument adam = Adam({.learning_rate = 0.1, .amsgrad = true, .clipnorm = 1.0});
  const Value value = to_value(adam);
  CHECK(value.to_string() ==
        R"({"class_name": "Adam", "config": {"learning_rate": 0.1, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07, )"
        R"("amsgrad": true, "weight_decay": null, "clipnorm": 1, "clipvalue": null, "global_clipnorm": null, )"
        R"("use_ema": false, "ema_momentum": 0.99, "ema_overwrite_frequency": null, "loss_scale_factor": null, )"
        R"("gradient_accumulation_steps": null, "name": "adam"}})");
  CHECK(Optimizer::from_config(value, "optimizer")->get_config() == adam->get_config());
  const Value lower = Value::Dict{{"class_name", "rmsprop"}, {"config", Value::Dict{{"rho", 0.5}}}};
  CHECK(Optimizer::from_config(lower, "optimizer")->get_config().find("rho")->to_string() == "0.5");
  CHECK(Optimizer::from_config("SGD", "optimizer")->class_name() == "SGD");
}

TEST_CASE("optimizers take the learning rate without its name", "[optimizers]") {
  CHECK(optimizers::SGD(1).learning_rate() == 1.0);
  CHECK(optimizers::RMSprop(0.5f).learning_rate() == 0.5);
  CHECK(optimizers::Adam(0.25).learning_rate() == 0.25);
  CHECK(optimizers::Adam(schedules::InverseTimeDecay({.initial_learning_rate = 0.125})).learning_rate() == 0.125);
}
