#include "xeras/core/one_or_more.hpp"

#include <string>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

std::vector<std::string> listed(const OneOrMore<std::string>& list) { return list; }

}  // namespace

TEST_CASE("OneOrMore takes a list, one thing, or nothing") {
  using Names = std::vector<std::string>;
  CHECK(listed({}).empty());
  CHECK(listed("a") == Names{"a"});
  CHECK(listed(std::string("a")) == Names{"a"});
  CHECK(listed({"a"}) == Names{"a"});
  CHECK(listed({"a", "b"}) == Names{"a", "b"});
  CHECK(listed({"a", "b", "c"}) == Names{"a", "b", "c"});
  CHECK(listed(Names{"a", "b"}) == Names{"a", "b"});
}

TEST_CASE("OneOrMore: compile takes one metric and fit one callback without braces") {
  Sequential model{Dense(1)};
  const auto names = [&] {
    std::vector<std::string> all;
    const History history = model.fit({{1}, {2}}, {1, 2}, {.verbose = 0});
    return history.names();
  };
  model.compile("sgd", "mse", "mae");
  CHECK(names() == std::vector<std::string>{"loss", "mae"});
  model.compile("sgd", "mse", metrics::MeanAbsoluteError({.name = "distance"}));
  CHECK(names() == std::vector<std::string>{"loss", "distance"});
  model.compile("sgd", "mse", {"mae", metrics::MeanSquaredError()});
  CHECK(names() == std::vector<std::string>{"loss", "mae", "mean_squared_error"});
  model.compile("sgd", "mse", {}, {.weighted_metrics = "mae"});
  CHECK(names() == std::vector<std::string>{"loss", "mae"});

  const auto stopping = std::make_shared<callbacks::EarlyStopping>("loss");
  model.fit({{1}}, {1}, {.verbose = 0, .callbacks = stopping});
  CHECK(stopping->best() < 1e30);
  const History history = model.fit({{1}}, {1}, {.epochs = 2, .verbose = 0, .callbacks = *stopping});
  CHECK(history.epoch().size() == 2);
  CHECK(message_of<InvalidArgument>([&] {
          model.fit({{1}}, {1}, {.verbose = 0, .callbacks = std::shared_ptr<callbacks::EarlyStopping>()});
        }) == "fit: callbacks[0] is null; expected a callback. Leave it out, or give an object.");
}
