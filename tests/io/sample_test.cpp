#include "io/sample.hpp"

#include "catch.hpp"
#include "io/zip.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::TemporaryFolder;

namespace {

const xt::xarray<int> ids{{1, 2, 3, 0}, {4, 5, 0, 0}};

Sequential make_model() { return Sequential{Embedding(10, 4, {.mask_zero = true}), LSTM(5), Dense(1)}; }

}  // namespace

TEST_CASE("A sample that is saved with a model is checked when it is loaded") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.keras";
  Sequential model = make_model();
  model.save(path, {.sample = ids});
  CHECK((load_model(path, {.verify = true}).predict(ids) == model.predict(ids)));
  model.save(path);
  CHECK(message_of<FileError>([&] { load_model(path, {.verify = true}); }) ==
        path + ": xeras_sample.json: is missing; expected a sample to verify. Save the model with .sample = x.");
  // A file whose weights are not those that the sample was made with.
  model.save(path, {.sample = ids});
  Sequential other = make_model();
  other.save(folder / "other.keras");
  const io::ZipReader one(path), two(folder / "other.keras");
  io::ZipWriter mixed(folder / "mixed.keras");
  for (const char* member : {"metadata.json", "config.json", "xeras_sample.json"}) {
    mixed.add(member, one.read(member).text());
  }
  mixed.add("model.weights.h5", two.read("model.weights.h5").text());
  mixed.close();
  CHECK_NOTHROW(load_model(folder / "mixed.keras"));
  CHECK(message_of<FileError>([&] {
          load_model(folder / "mixed.keras", {.verify = true});
        }).starts_with((folder / "mixed.keras") + ": xeras_sample.json: output 0 is "));
}

TEST_CASE("A sample that is none raises") {
  const Sequential model = make_model();
  Value sample = io::make_sample(model, ids);
  CHECK_NOTHROW(io::check_sample(model, sample, 0));
  const auto with = [&](const char* key, Value value) {
    Value changed = sample;
    for (auto& [name, entry] : *changed.get_if<Value::Dict>()) {
      if (name == key) entry = value;
    }
    return message_of<FileError>([&] { io::check_sample(model, changed, 0); });
  };
  CHECK(with("input", Value()) == "xeras_sample.json: input is missing; expected shape and values.");
  const auto array = [](std::int64_t length, double value) {
    return Value::Dict{{"shape", Value::List{std::int64_t{1}, length}}, {"values", Value::List{value}}};
  };
  CHECK(with("input", array(2, 1.0)) == "xeras_sample.json: input has 1 values; expected the number for shape (1, 2).");
  CHECK(with("input", array(1, 1e300)) == "xeras_sample.json: input has numbers that are not ids; expected ids.");
  CHECK(with("input", array(1, 1.0)) == "xeras_sample.json: the model gives (1, 1); expected (2, 1).");
}

TEST_CASE("A sample whose output would be far larger than what the file says raises before it is made") {
  Sequential model{RepeatVector(2147483647, {.input_shape = {1}})};
  const Value one = Value::Dict{{"shape", Value::List{std::int64_t{1}, std::int64_t{1}}}, {"values", Value::List{1.0}}};
  CHECK(message_of<FileError>([&] {
          io::check_sample(model, Value::Dict{{"input", one}, {"output", one}}, 1000);
        }) == "xeras_sample.json: the model gives (1, 2147483647, 1); expected (1, 1).");
}

TEST_CASE("A sample raises that takes far more memory on its way than the file has") {
  Sequential model{RepeatVector(2147483647, {.input_shape = {1}}), GlobalMaxPooling1D()};
  const Value one = Value::Dict{{"shape", Value::List{std::int64_t{1}, std::int64_t{1}}}, {"values", Value::List{1.0}}};
  CHECK(message_of<Error>([&] {
          io::check_sample(model, Value::Dict{{"input", one}, {"output", one}}, 1000);
        }) == "a batch needs a block of 8192 MiB; expected at most 64 MiB for a model from a file.");
}

TEST_CASE("A sample of a stateful model begins without states, and leaves them as they are") {
  const TemporaryFolder folder;
  Sequential model{GRU(2, {.stateful = true})};
  model.build({1, 2, 3});
  const xt::xarray<float> x = xt::ones<float>({1, 2, 3});
  model.predict_on_batch(x);
  Sequential twin = model.clone();
  model.save(folder / "m.keras", {.sample = x});
  CHECK((model.predict_on_batch(x) == twin.predict_on_batch(x)));
  const Sequential loaded = load_model(folder / "m.keras", {.verify = true});
  twin.reset_states();
  CHECK((loaded.predict_on_batch(x) == twin.predict_on_batch(x)));
}
