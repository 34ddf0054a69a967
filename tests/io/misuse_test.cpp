// The members of Sequential that read and write files: in every hook of a callback, and after a move.
#include <functional>

#include "catch.hpp"
#include "support/in_hook.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::hooks;
using xeras::testing::InHook;
using xeras::testing::TemporaryFolder;

namespace {

const Tensor x = xt::xarray<float>{{1, 2, 3}, {4, 5, 6}, {-1, 0, 1}, {2, -2, 2}};
const Tensor y = xt::xtensor<float, 2>{{1}, {0}, {1}, {0}};

struct Use {
  const char* member;
  std::function<void(Sequential&, const TemporaryFolder&)> run;
};

const Use uses[] = {
    {"save", [](Sequential& m, const TemporaryFolder& folder) { m.save(folder / "m.keras"); }},
    {"save in the older format", [](Sequential& m, const TemporaryFolder& folder) { m.save(folder / "m.h5"); }},
    {"save_weights", [](Sequential& m, const TemporaryFolder& folder) { m.save_weights(folder / "m.weights.h5"); }},
    {"load_weights", [](Sequential& m, const TemporaryFolder& folder) { m.load_weights(folder / "before.keras"); }},
    {"load_weights of weights alone",
     [](Sequential& m, const TemporaryFolder& folder) { m.load_weights(folder / "before.weights.h5"); }},
    {"to_json", [](Sequential& m, const TemporaryFolder&) { m.to_json(); }},
};

Sequential some_model() {
  Sequential model{Embedding(9, 3, {.input_length = 3}), Flatten(), Dense(1)};
  model.compile("adam", "mse");
  return model;
}

}  // namespace

TEST_CASE("Sequential saves and loads in every hook, and the model trains on") {
  const Tensor ids = xt::abs(x);
  const xt::xarray<int> words = xt::cast<int>(ids);
  for (const Use& use : uses) {
    for (const char* hook : hooks) {
      INFO(use.member << " in " << hook);
      const TemporaryFolder folder;
      Sequential model = some_model();
      model.fit(words, y, {.verbose = 0});
      model.save(folder / "before.keras");
      model.save_weights(folder / "before.weights.h5");
      const auto run = [&](Sequential& m) { use.run(m, folder); };
      model.fit(words, y,
                {.batch_size = 2,
                 .epochs = 2,
                 .verbose = 0,
                 .callbacks = {std::make_shared<InHook>(hook, run)},
                 .validation_data = {words, y}});
      model.fit(words, y, {.verbose = 0});
      CHECK(model.predict(words).shape(0) == 4);
    }
  }
}

TEST_CASE("Sequential that was moved from saves and loads nothing, and says so") {
  for (const Use& use : uses) {
    INFO(use.member);
    const TemporaryFolder folder;
    Sequential model = some_model();
    model.save(folder / "before.keras");
    model.save_weights(folder / "before.weights.h5");
    const Sequential other = std::move(model);
    std::string message;
    try {
      use.run(model, folder);
    } catch (const Error& error) {
      message = error.what();
    }
    CHECK(message.find("()") == std::string::npos);
    CHECK(message.empty() == (use.member == std::string("to_json")));
  }
}
