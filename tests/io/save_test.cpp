// Files of whole models, written and read by the library. What real Keras makes of them, tests/interop/round_trips.py
// says; that files of Keras are read, keras_files_test.cpp.
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/io/load.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::TemporaryFolder;

namespace {

const xt::xarray<int> ids{{1, 2, 3, 0}, {4, 5, 0, 0}, {6, 0, 0, 0}, {7, 8, 9, 1}, {2, 2, 2, 2}};
const xt::xtensor<float, 2> targets{{0}, {1}, {1}, {0}, {1}};

Sequential make_model() {
  return Sequential{Embedding(10, 4, {.mask_zero = true}), LSTM(5, {.dropout = 0.2, .recurrent_dropout = 0.1}),
                    BatchNormalization(), Dropout(0.3), Dense(1, {.activation = "sigmoid"})};
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::equal(a.begin(), a.end(), b.begin());
}

bool same_bits(const Sequential& a, const Sequential& b) {
  const std::vector<Tensor> left = a.get_weights(), right = b.get_weights();
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Tensor& x, const Tensor& y) { return same_bits(x, y); });
}

struct Scaled {
  double start = 1.0;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(Scaled, start, input_shape, name, trainable)

class Scale final : public LayerWith<Scaled> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& builder) override {
    gain_ = builder.weight("gain", {1}, initializers::Constant(config().start));
    return input;
  }
  void forward(const Call& call) const override { call.output().flat() = call[gain_].data[0] * call.input().flat(); }

 private:
  Weight gain_{};
};

}  // namespace

TEST_CASE("A model saved and loaded predicts the same bits") {
  const TemporaryFolder folder;
  set_random_seed(1);
  const Sequential model = make_model();
  for (const char* name : {"m.keras", "m.h5"}) {
    model.save(folder / name);
    const Sequential same = load_model(folder / name);
    CHECK(same_bits(same.predict(ids), model.predict(ids)));
    CHECK(same_bits(same, model));
    CHECK(same.to_json() == model.to_json());
    CHECK_THROWS_AS(same.optimizer(), NotCompiled);
  }
}

TEST_CASE("Three epochs, a file and three more are six epochs, to the bit") {
  const std::string optimizer = GENERATE("sgd", "rmsprop", "adam", "momentum");
  const std::string file = GENERATE("m.keras", "m.h5");
  const TemporaryFolder folder;
  const auto compiled = [&] {
    set_random_seed(3);
    Sequential model = make_model();
    OptimizerArgument chosen = optimizer == "momentum"
                                   ? OptimizerArgument(optimizers::SGD({.momentum = 0.9, .use_ema = true}))
                                   : OptimizerArgument(optimizer);
    model.compile(std::move(chosen), "binary_crossentropy", {"accuracy"});
    return model;
  };
  // With use_ema the end of fit changes the weights, so that two fits are compared with two.
  const bool in_parts = optimizer == "momentum";
  Sequential straight = compiled();
  const FitOptions first_half{.batch_size = 2, .epochs = 3, .verbose = 0};
  const FitOptions second_half{.batch_size = 2, .epochs = 6, .verbose = 0, .initial_epoch = 3};
  if (in_parts) straight.fit(ids, targets, first_half);
  const History whole =
      straight.fit(ids, targets, {.batch_size = 2, .epochs = 6, .verbose = 0, .initial_epoch = in_parts ? 3 : 0});
  Sequential before = compiled();
  before.fit(ids, targets, first_half);
  before.save(folder / file);
  Sequential after = load_model(folder / file);
  CHECK(same_bits(after, before));
  CHECK(after.optimizer().learning_rate() == before.optimizer().learning_rate());
  const History rest = after.fit(ids, targets, second_half);
  CHECK(same_bits(after, straight));
  CHECK(rest["loss"].back() == whole["loss"].back());
  CHECK(after.optimizer().iterations() == 18);
}

TEST_CASE("Weights alone go to a file and back, with the state of the same optimizer") {
  const TemporaryFolder folder;
  set_random_seed(5);
  Sequential model = make_model();
  model.compile("adam", "mse");
  model.fit(ids, targets, {.epochs = 2, .verbose = 0});
  model.save_weights(folder / "m.weights.h5");
  model.save_weights(folder / "old.h5");
  Sequential other = make_model();
  other.load_weights(folder / "old.h5");
  CHECK(same_bits(other, model));
  Sequential third = make_model();
  third.compile("adam", "mse");
  third.load_weights(folder / "m.weights.h5");
  CHECK(same_bits(third, model));
  CHECK(third.optimizer().iterations() == 2);
  Sequential fourth = make_model();
  fourth.compile("sgd", "mse");
  fourth.load_weights(folder / "m.weights.h5");
  CHECK(fourth.optimizer().iterations() == 0);
  CHECK(message_of<FileError>([&] { model.save_weights(folder / "m.weights.h5", {.overwrite = false}); }) ==
        (folder / "m.weights.h5") + ": already exists; expected a new file. Set .overwrite = true to replace it.");
  model.save_weights(folder / "m.weights.h5", {.include_optimizer = false});
  Sequential stateless = make_model();
  stateless.compile("adam", "mse");
  stateless.load_weights(folder / "m.weights.h5");
  CHECK(same_bits(stateless, model));
  CHECK(stateless.optimizer().iterations() == 0);
  CHECK(message_of<InvalidArgument>([&] { model.save_weights("m.weights.h5", {.sample = ids}); }) ==
        "m.weights.h5: a sample is given; expected none in a file of weights. Use save for it.");
  Sequential fifth = make_model();
  fifth.compile(optimizers::Adam({.amsgrad = true}), "mse");  // keeps more arrays
  fifth.load_weights(folder / "m.weights.h5");
  CHECK(same_bits(fifth, model));
  CHECK(fifth.optimizer().iterations() == 0);
}

TEST_CASE("Weights that do not fit leave the model as it was") {
  const TemporaryFolder folder;
  const Sequential model{Dense(3, {.input_shape = {4}}), Dense(2)};
  Sequential other{Dense(3, {.input_shape = {4}}), Dense(1)};
  const Sequential before = other.clone();
  for (const char* name : {"m.weights.h5", "old.h5"}) {
    const std::string path = folder / name;
    model.save_weights(path);
    CHECK_THROWS_AS(other.load_weights(path), FileError);
    CHECK(same_bits(other, before));
  }
  CHECK(message_of<FileError>([&] { other.load_weights(folder / "m.weights.h5"); }) ==
        (folder / "m.weights.h5") + ": layers/dense_1/vars/0: has shape (3, 2); expected (3, 1).");
  Sequential shorter{Dense(3, {.input_shape = {4}})};
  CHECK(message_of<FileError>([&] { shorter.load_weights(folder / "m.weights.h5"); }) ==
        (folder / "m.weights.h5") + ": 2 layers with weights in the file; expected 1, as the model has.");
}

TEST_CASE("Stateful, nested and constrained models come back") {
  const TemporaryFolder folder;
  set_random_seed(7);
  Sequential inner{Dense(4, {.activation = "relu"}), BatchNormalization()};
  Sequential model{Embedding(10, 3, {.batch_input_shape = {2, 4}}),
                   GRU(3, {.return_sequences = true, .stateful = true}), TimeDistributed(std::move(inner)),
                   Bidirectional(SimpleRNN(2), {.merge_mode = "sum"}),
                   Dense(2, {.kernel_constraint = constraints::UnitNorm()})};
  model.save(folder / "m.keras");
  const Sequential same = load_model(folder / "m.keras");
  const xt::xarray<int> two{{1, 2, 3, 4}, {5, 6, 7, 8}};
  CHECK(same_bits(same.predict_on_batch(two), model.predict_on_batch(two)));
  CHECK(same_bits(same.predict_on_batch(two), model.predict_on_batch(two)));  // the states have moved alike
  CHECK(same.input_shape() == Shape({2, None}));
}

TEST_CASE("Layers of one's own load through the registry that load_model is given") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.keras";
  const Sequential model{Scale({.start = 2.5, .input_shape = {3}}), Dense(1)};
  model.save(path);
  const Sequential same = load_model(path, {.custom_objects = {custom_layer<Scale>()}});
  CHECK(same.get_layer(0).class_name() == "Scale");
  CHECK(same_bits(same, model));
  CHECK(message_of<FileError>([&] {
          load_model(path);
        }).ends_with("Pass a layer of your own to load_model: {.custom_objects = {custom_layer<Scale>()}}."));
}

TEST_CASE("Saving says what cannot be") {
  const TemporaryFolder folder;
  const Sequential model{Dense(1, {.input_shape = {2}})};
  CHECK(message_of<InvalidArgument>([&] { model.save("model"); }) ==
        "model: the name has no known ending; expected one that ends in .keras, or in .h5 for the older format.");
  CHECK(message_of<InvalidArgument>([&] { model.save("m.weights.h5"); }) ==
        "m.weights.h5: is the name of a weights file; expected the name of a whole model. Call save_weights, or name "
        "it .keras.");
  CHECK(
      message_of<InvalidArgument>([&] { model.save_weights("m.keras"); }) ==
      "m.keras: the name has no known ending; expected one that ends in .weights.h5, or in .h5 for the older format.");
  const std::string path = folder / "m.keras";
  model.save(path);
  CHECK(message_of<FileError>([&] { model.save(path, {.overwrite = false}); }) ==
        path + ": already exists; expected a new file. Set .overwrite = true to replace it.");
  CHECK(message_of<ShapeError>([&] { Sequential{Dense(1)}.save(path); }) ==
        path + ": the model is not built and has no weights; expected a built model. Call build or fit before save.");
  const Sequential lambda{Dense(1, {.input_shape = {2}}), Lambda([](const Tensor& x) { return x; })};
  CHECK_THROWS_AS(lambda.save(path), Error);
  CHECK(load_model(path).count_params() == 3);  // what failed has left the file as it was
  CHECK(message_of<FileError>([&] { load_model(folder / "none.keras"); }) ==
        (folder / "none.keras") + ": cannot be read; expected a file that exists and holds a model.");
}

TEST_CASE("Saving takes models within models as deep as loading does") {
  const TemporaryFolder folder;
  const auto nested = [](int models) {
    Sequential model{Dense(2, {.input_shape = {2}})};
    for (int i = 1; i < models; ++i) {
      Sequential outer;
      outer.add(std::move(model));
      model = std::move(outer);
    }
    return model;
  };
  const Sequential fifty = nested(50), hundred = nested(100);
  for (const char* name : {"m.keras", "m.h5"}) {
    const std::string path = folder / name;
    fifty.save(path);
    CHECK(same_bits(load_model(path), fifty));
    CHECK_THROWS_AS(hundred.save(path), FileError);
    CHECK(same_bits(load_model(path), fifty));  // what failed has left the file as it was
  }
  CHECK(message_of<FileError>([&] { hundred.to_json(); }) ==
        "to_json: values are nested more than 200 deep; expected a model. Flatten nested models.");
}

TEST_CASE("Saving refuses names of layers that no file could give back") {
  const TemporaryFolder folder;
  const auto named = [](const std::string& name) {
    return Sequential{Dense(2, {.input_shape = {2}}), Sequential{Dense(1, {.name = name})}};
  };
  const auto expected = [](const std::string& path, const std::string& name, const char* what) {
    return path + ": a Dense is named \"" + name + "\"; expected a name " + what + ". Give it another one.";
  };
  const char* const of_group = "without a slash or NUL, other than \".\" and Keras's own groups";
  const std::string keras = folder / "m.keras", hdf5 = folder / "m.h5";
  CHECK(message_of<InvalidArgument>([&] { named("a/b").save(keras); }) == expected(keras, "a/b", "without a slash"));
  for (const std::string& name : {std::string("a/b"), std::string("."), std::string("top_level_model_weights")}) {
    CHECK(message_of<InvalidArgument>([&] { named(name).save(hdf5); }) == expected(hdf5, name, of_group));
    CHECK(message_of<InvalidArgument>([&] { named(name).save_weights(hdf5); }) == expected(hdf5, name, of_group));
  }
  CHECK(message_of<InvalidArgument>([&] { named(std::string("a\0b", 3)).save(hdf5); }) ==
        expected(hdf5, "a b", of_group));
  CHECK(message_of<InvalidArgument>([&] {
          Sequential model({.name = "."});
          model.add(Dense(2, {.input_shape = {2}}));
          model.save(hdf5);
        }) == hdf5 + ": a Sequential is named \".\"; expected a name " + of_group + ". Give it another one.");
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("Saving gives back every other name") {
  const TemporaryFolder folder;
  for (const std::string& name :
       {std::string(".."), std::string("..."), std::string("a\nb"), std::string(" "), std::string("model_weights"),
        std::string("layers"), std::string("a\\b"), std::string("ä"), std::string(3000, 'x')}) {
    const Sequential model{Dense(2, {.input_shape = {2}, .name = name}), Sequential{Dense(1, {.name = name})}};
    INFO(name);
    for (const char* file : {"m.keras", "m.h5"}) {
      const std::string path = folder / file;
      model.save(path);
      const Sequential loaded = load_model(path);
      CHECK(same_bits(loaded, model));
      CHECK(loaded.layers()[0]->name() == name);
    }
    for (const char* file : {"w.weights.h5", "w.h5"}) {
      const std::string path = folder / file;
      model.save_weights(path);
      Sequential other = model.clone();
      for (Variable* variable : other.variables()) variable->to_write()[0] = -1.0f;
      other.load_weights(path);
      CHECK(same_bits(other, model));
    }
  }
  const Sequential dot{Dense(2, {.input_shape = {2}, .name = "."}), Dense(2, {.name = std::string("a\0b", 3)})};
  const std::string path = folder / "m.keras";
  dot.save(path);
  CHECK(same_bits(load_model(path), dot));
  CHECK(load_model(path).layers()[1]->name() == std::string("a\0b", 3));
}

TEST_CASE("Saving and loading refuse a path with a NUL") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  model.build({None, None});
  const std::string start = folder / "a", path = start + std::string("\0.keras", 7), weights = path + ".h5";
  const std::string message = start + ": the path has a NUL after this; expected a path without NUL.";
  CHECK(message_of<FileError>([&] { model.save(path); }) == message);
  CHECK(message_of<FileError>([&] { model.save_weights(weights); }) == message);
  CHECK(message_of<FileError>([&] { model.load_weights(weights); }) == message);
  CHECK(message_of<FileError>([&] { load_model(path); }) == message);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("Saving without overwrite raises FileError where nothing can be looked at") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  const std::string path = folder / std::string(300, 'a') + ".keras";
  CHECK(message_of<FileError>([&] { model.save(path, {.overwrite = false}); }) ==
        path + ": rename: File name too long; expected a writable place.");
  std::ofstream(folder / "file") << "x";
  const std::string below = folder / "file/m.keras";
  CHECK(message_of<FileError>([&] { model.save(below, {.overwrite = false}); }) ==
        below + ": create: Not a directory; expected a writable place.");
}

TEST_CASE("Saving takes a name of 255 bytes") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  for (const std::string ending : {".keras", ".h5"}) {
    const std::string path = folder / (std::string(255 - ending.size(), 'a') + ending);
    model.save(path);
    CHECK(same_bits(load_model(path), model));
  }
}

TEST_CASE("Saving that a limit of the system stops raises FileError and leaves the old file") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  for (const std::string name : {"m.keras", "m.h5"}) {
    model.save(folder / name);
    const Sequential old = load_model(folder / name);
    struct rlimit before {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{1000, before.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &small);
    const std::string message = message_of<FileError>([&] { model.save(folder / name); });
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(message == (folder / name) + ": File too large; expected a place to write, with room for the file.");
    CHECK(same_bits(load_model(folder / name), old));
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("Saving writes no more than the model has") {
  const TemporaryFolder folder;
  Sequential{Dense(1, {.input_shape = {1}})}.save(folder / "m.h5");
  CHECK(std::filesystem::file_size(folder / "m.h5") < 20000);
}

TEST_CASE("save keeps facts about a model in a .keras file, and load_metadata returns them") {
  const TemporaryFolder folder;
  const Sequential model = make_model();
  const std::string path = folder / "m.keras";
  const std::vector<std::string> labels{"gut", "schlecht \u00e4\n"};
  model.save(path, {.metadata = {{"labels", to_value(labels)}, {"version", std::int64_t{3}}}});
  const Value::Dict metadata = load_metadata(path);
  REQUIRE(metadata.size() == 2);
  std::vector<std::string> read;
  from_value(metadata[0].second, read, "labels");
  CHECK(read == labels);
  CHECK(metadata[1] == std::pair<std::string, Value>("version", std::int64_t{3}));
  CHECK(load_model(path).to_json() == model.to_json());
  model.save(path);
  CHECK(load_metadata(path).empty());
  CHECK(message_of<InvalidArgument>([&] {
          model.save("m.h5", {.metadata = {{"a", true}}});
        }) == "m.h5: .metadata is given; expected none, which only .keras files have.");
  CHECK(message_of<InvalidArgument>([&] {
          model.save_weights("m.weights.h5", {.metadata = {{"a", true}}});
        }) == "m.weights.h5: .metadata is given; expected none in a file of weights. Use save for it.");
  model.save(folder / "m.h5");
  CHECK(message_of<FileError>([&] { load_metadata(folder / "m.h5"); }) ==
        std::string(folder / "m.h5") + ": the file is not in the .keras format; expected one that is.");
}

TEST_CASE("A model with a SampledSoftmax predicts the same and goes on from a file") {
  const TemporaryFolder folder;
  set_random_seed(3);
  Sequential model{Embedding(60, 4, {.input_length = 1}), Flatten(), SampledSoftmax(60, {.num_sampled = 5, .seed = 1})};
  model.compile("adam", "sparse_categorical_crossentropy");
  const xt::xtensor<int, 2> x{{3}, {9}, {27}};
  const xt::xtensor<int, 1> y{4, 10, 28};
  model.fit(x, y, {.epochs = 2, .verbose = 0});
  model.save(folder / "words.keras");
  Sequential loaded = load_model(folder / "words.keras");
  CHECK((loaded.predict(x) == model.predict(x)));
  CHECK(loaded.get_weights().size() == 3);
  loaded.fit(x, y, {.epochs = 1, .verbose = 0});
  CHECK(loaded.evaluate(x, y, {.verbose = 0})["loss"] < model.evaluate(x, y, {.verbose = 0})["loss"]);
}
