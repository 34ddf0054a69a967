// Ten steps of every optimizer as Keras makes them, with golden/optimizers.json (see golden/make_optimizer_goldens.py).
#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "catch.hpp"
#include "io/json.hpp"
#include "io/plain_config.hpp"
#include "support/model_file.hpp"
#include "xeras/optimizers.hpp"

using namespace xeras;

namespace {

constexpr double tolerance = 1e-6;  // of weights and state near 1, and relative to larger ones

double number_in(const Value& value) {
  if (const auto* integer = value.get_if<std::int64_t>()) return static_cast<double>(*integer);
  return *value.get_if<double>();
}

std::vector<float> floats_in(const Value& value) {
  const Value* const values = value.find("values");
  if (values == nullptr) return {static_cast<float>(number_in(value))};
  std::vector<float> floats;
  for (const Value& x : *values->get_if<Value::List>()) floats.push_back(static_cast<float>(number_in(x)));
  return floats;
}

Extents extents_in(const Value& tensor) {
  Extents extents;
  for (const Value& size : *tensor.find("shape")->get_if<Value::List>())
    extents.push_back(*size.get_if<std::int64_t>());
  return extents;
}

const Value::List& list_at(const Value& value, const char* key) { return *value.find(key)->get_if<Value::List>(); }

double distance(const std::vector<float>& ours, const std::vector<float>& theirs) {
  if (ours.size() != theirs.size()) return INFINITY;
  double worst = 0.0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double a = ours[i], b = theirs[i];
    worst = std::max(worst, std::isfinite(a) ? std::abs(a - b) / (1.0 + std::abs(b)) : INFINITY);
  }
  return worst;
}

OptimizerArgument optimizer_in(const Value& file) {
  const Value own = io::plain(file, "optimizer");
  OptimizerArgument optimizer;
  from_value(own, optimizer, "optimizer");
  io::check_taken(own, to_value(optimizer), "optimizer");
  return optimizer;
}

std::set<std::string> keys_of(const Value& dict) {
  std::set<std::string> keys;
  for (const auto& [key, value] : *dict.get_if<Value::Dict>()) keys.insert(key);
  return keys;
}

// The parameters in a training of ten steps; the table's gradients are sparse or dense.
class Training {
 public:
  Training(const Value& shared, optimizers::Optimizer& optimizer, bool sparse)
      : shared_(shared), optimizer_(optimizer), sparse_(sparse) {
    for (const auto& [path, tensor] : *shared.find("start")->get_if<Value::Dict>()) {
      paths_.push_back(path);
      extents_.push_back(extents_in(tensor));
      weights.push_back(floats_in(tensor));
    }
  }

  void step(std::size_t t) {
    std::vector<std::vector<float>> gradients;
    for (const Value& tensor : *list_at(shared_, "gradients")[t].get_if<Value::List>()) {
      gradients.push_back(floats_in(tensor));
    }
    std::vector<std::int32_t> rows;
    std::vector<float> of_rows;
    for (const Value& row : *list_at(shared_, "rows")[t].get_if<Value::List>()) {
      rows.push_back(static_cast<std::int32_t>(*row.get_if<std::int64_t>()));
      const auto first = gradients[2].begin() + rows.back() * extents_[2][1];
      of_rows.insert(of_rows.end(), first, first + extents_[2][1]);
    }
    std::vector<Parameter> all = parameters();
    for (std::size_t i = 0; i < all.size(); ++i) all[i].gradient = {gradients[i].data(), {}, false};
    if (sparse_) all[2].gradient = {of_rows.data(), rows, true};
    optimizer_.catch_up(2, weights[2].data(), rows);
    optimizer_.apply(all);
  }

  std::vector<Parameter> parameters() {
    std::vector<Parameter> all;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      all.push_back({.values = weights[i].data(),
                     .extents = extents_[i],
                     .constraint = nullptr,
                     .gradient = {},
                     .may_postpone = i == 2,
                     .name = paths_[i],
                     .path = paths_[i]});
    }
    return all;
  }

  std::vector<std::vector<float>> weights;

 private:
  const Value& shared_;
  optimizers::Optimizer& optimizer_;
  bool sparse_;
  std::vector<std::string> paths_;
  std::vector<Extents> extents_;
};

// Trains, and returns the largest differences of weights and of state.
std::pair<double, double> play(const Value& shared, const Value& given, bool sparse) {
  const OptimizerArgument copied = optimizer_in(*given.find("optimizer"));
  optimizers::Optimizer& optimizer = *copied.pointer();
  Training training(shared, optimizer, sparse);
  const Value::List& at = list_at(shared, "at");
  const Value::List& weights = list_at(given, "weights");
  double of_weights = 0.0, of_state = 0.0;
  std::size_t next = 0;
  for (std::size_t t = 0; next < at.size(); ++t) {
    training.step(t);
    if (*at[next].get_if<std::int64_t>() != static_cast<std::int64_t>(t + 1)) continue;
    optimizer.catch_up(2, training.weights[2].data());
    const Value::List& expected = *weights[next++].get_if<Value::List>();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      of_weights = std::max(of_weights, distance(training.weights[i], floats_in(expected[i])));
    }
  }
  optimizer.catch_up_state(2, training.weights[2].data());
  const Value::List& state = list_at(given, "state");
  std::size_t place = 0;
  const auto compare = [&](std::vector<float> ours) {
    REQUIRE(place < state.size());
    of_state = std::max(of_state, distance(ours, floats_in(state[place++])));
  };
  compare({static_cast<float>(optimizer.steps())});
  if (!optimizer.has_schedule()) compare({static_cast<float>(optimizer.learning_rate())});
  for (const optimizers::StateArray& array : optimizer.state(training.parameters())) {
    REQUIRE(place < state.size());
    CHECK(array.is_integer == (state[place].find("shape") == nullptr));
    if (!array.is_integer) CHECK(array.extents == extents_in(state[place]));
    compare({array.values, array.values + array.extents.size()});
  }
  CHECK(place == state.size());
  return {of_weights, of_state};
}

}  // namespace

TEST_CASE("Every optimizer steps as Keras does, with dense and with sparse gradients", "[optimizers]") {
  std::ifstream file(testing::model_file("optimizers.json"), std::ios::binary);
  const Value all = io::parse_json(std::string{std::istreambuf_iterator<char>(file), {}}, "optimizers.json");
  const Value::List& cases = list_at(all, "cases");
  std::map<std::string, std::pair<double, double>> largest;
  for (std::size_t i = 1; i < cases.size(); ++i) {
    const Value& keras = *cases[i].find("optimizer");
    CAPTURE(keras.to_string());
    CHECK(keys_of(optimizer_in(keras)->get_config()) == keys_of(*keras.find("config")));
    for (const bool sparse : {false, true}) {
      CAPTURE(sparse);
      const auto [of_weights, of_state] = play(cases[0], cases[i], sparse);
      CHECK(of_weights <= tolerance);
      CHECK(of_state <= tolerance);
      auto& [worst, worst_state] = largest[*keras.find("class_name")->get_if<std::string>()];
      worst = std::max(worst, of_weights);
      worst_state = std::max(worst_state, of_state);
    }
  }
  CHECK(largest.size() == 14);
  for (const auto& [name, both] : largest) {
    UNSCOPED_INFO(name << ": largest difference of weights " << both.first << ", of state " << both.second);
  }
  SUCCEED();  // ./xeras_tests -s "Every optimizer*" prints them
}
