#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "xeras/layers/layers.hpp"
#include "xeras/models/sequential.hpp"

// All cases of golden/preprocessing.json, which make_preprocessing.py made with real Keras.
namespace {

using namespace xeras;
using namespace xeras::layers;
using nlohmann::json;

// Each character of the file stands for one byte.
std::string bytes_of(const std::string& latin1) {
  std::string bytes;
  for (std::size_t i = 0; i < latin1.size(); ++i) {
    const auto c = static_cast<unsigned char>(latin1[i]);
    if (c < 0x80) {
      bytes += latin1[i];
    } else {
      bytes += static_cast<char>((c & 3) << 6 | (static_cast<unsigned char>(latin1[++i]) & 0x3F));
    }
  }
  return bytes;
}

std::vector<std::string> texts_in(const json& list) {
  std::vector<std::string> texts;
  for (const json& item : list) texts.push_back(bytes_of(item.get<std::string>()));
  return texts;
}

Input input_of(const json& x) {
  if (x[0].is_string()) return texts_in(x);
  if (x[0][0].is_number()) return x.get<std::vector<std::vector<std::int64_t>>>();
  std::vector<std::vector<std::string>> rows;
  for (const json& row : x) rows.push_back(texts_in(row));
  return rows;
}

// The arguments as plain data, with bytes for strings.
Value value_of(const json& item) {
  if (item.is_string()) return bytes_of(item.get<std::string>());
  if (item.is_array()) {
    Value::List list;
    for (const json& entry : item) list.push_back(value_of(entry));
    return list;
  }
  if (item.is_object()) {
    Value::Dict dict;
    for (const auto& [key, entry] : item.items()) dict.emplace_back(key, value_of(entry));
    return dict;
  }
  if (item.is_boolean()) return item.get<bool>();
  if (item.is_number_integer()) return item.get<std::int64_t>();
  return item.is_number() ? Value(item.get<double>()) : Value();
}

template <class L>
void adapt_if(const json& item, Layer& layer) {
  auto* const found = dynamic_cast<L*>(&layer);
  if (found == nullptr) return;
  if (item.contains("adapt")) found->adapt(input_of(item["adapt"]));
  if (!item.contains("vocabulary")) return;
  if constexpr (std::same_as<L, IntegerLookup>) {
    CHECK(found->get_vocabulary() == item["vocabulary"].get<std::vector<std::int64_t>>());
  } else {
    CHECK(found->get_vocabulary() == texts_in(item["vocabulary"]));
  }
}

}  // namespace

TEST_CASE("Preprocessing layers give what Keras gives") {
  const json golden = json::parse(std::ifstream(XERAS_GOLDEN_FOLDER "/preprocessing.json"));
  const std::string made_with = golden["made_with"];
  REQUIRE(made_with == "Keras 3.15.0, tensorflow 2.21.0");
  REQUIRE(golden["cases"].size() == 132);
  for (const json& item : golden["cases"]) {
    CAPTURE(item["layer"].get<std::string>(), item["name"].get<std::string>());
    AnyLayer layer;
    const Value value =
        Value::Dict{{"class_name", item["layer"].get<std::string>()}, {"config", value_of(item["arguments"])}};
    from_value(value, layer, "layer");
    adapt_if<TextVectorization>(item, *layer);
    adapt_if<StringLookup>(item, *layer);
    adapt_if<IntegerLookup>(item, *layer);
    Sequential model;
    model.add(std::move(layer));
    const Tensor y = model.predict(input_of(item["x"]));
    const auto shape = item["shape"].get<std::vector<std::size_t>>();
    REQUIRE(std::vector<std::size_t>(y.shape().begin(), y.shape().end()) == shape);
    const auto expected = item["y"].get<std::vector<double>>();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      // Integers are equal; weights are floats, whose mean TensorFlow sums in another order.
      CHECK(std::abs(y.data()[i] - expected[i]) <= (expected[i] == std::round(expected[i]) ? 0.0 : 1e-6));
    }
  }
}
