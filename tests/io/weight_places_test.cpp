#include "io/weight_places.hpp"

#include "catch.hpp"
#include "models/sequential_parts.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

Sequential make_model() {
  Sequential inner{Dense(4), BatchNormalization()};
  Sequential model{Embedding(10, 4),
                   Dropout(0.1),
                   Bidirectional(GRU(3, {.return_sequences = true})),
                   TimeDistributed(Dense(2)),
                   std::move(inner),
                   LSTM(2),
                   Dense(2),
                   Dense(1)};
  return model;
}

}  // namespace

// The names are those that h5py shows in files of Keras 3.15.
TEST_CASE("Weights lie where Keras 3 puts them") {
  Sequential model = make_model();
  std::vector<std::string> places;
  for (const io::WeightPlace& place : io::weight_places(model)) {
    places.push_back(place.group + " " + place.owner + " " + std::to_string(place.variables.size()));
  }
  CHECK(places ==
        std::vector<std::string>{
            "  0", "layers/embedding embedding 1", "layers/dropout dropout 0", "layers/bidirectional bidirectional 0",
            "layers/bidirectional/forward_layer/cell gru_cell 3", "layers/bidirectional/forward_layer forward_gru 0",
            "layers/bidirectional/backward_layer/cell gru_cell 3", "layers/bidirectional/backward_layer backward_gru 0",
            "layers/time_distributed time_distributed 0", "layers/time_distributed/layer dense 2",
            "layers/sequential sequential 0", "layers/sequential/layers/dense dense 2",
            "layers/sequential/layers/batch_normalization batch_normalization 4", "layers/lstm/cell lstm_cell 3",
            "layers/lstm lstm 0", "layers/dense dense 2", "layers/dense_1 dense_1 2"});
}

TEST_CASE("Older files have the weights that are trained first") {
  Sequential model = make_model();
  const auto paths = [&](std::size_t layer) {
    std::vector<std::string> names;
    for (const io::NamedVariable& weight : io::legacy_order(SequentialParts::state(model).nodes[layer])) {
      names.push_back(weight.path);
    }
    return names;
  };
  constexpr std::size_t inner = 4, lstm = 5;
  CHECK(paths(inner) == std::vector<std::string>{
                            "sequential/dense/kernel", "sequential/dense/bias", "sequential/batch_normalization/gamma",
                            "sequential/batch_normalization/beta", "sequential/batch_normalization/moving_mean",
                            "sequential/batch_normalization/moving_variance"});
  model.layers()[inner]->children()[0]->set_trainable(false);
  CHECK(paths(inner).front() == "sequential/batch_normalization/gamma");
  CHECK(paths(inner)[2] == "sequential/dense/kernel");
  CHECK(paths(lstm) ==
        std::vector<std::string>{"lstm/lstm_cell/kernel", "lstm/lstm_cell/recurrent_kernel", "lstm/lstm_cell/bias"});
}
