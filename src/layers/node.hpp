#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "layers/packed_copy.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras {

// What a layer does with a mask, for summary().
enum class MaskRole { none, made, passed, used, used_and_passed, ended };

// What a layer says of the steps of its input: nothing, or see Builder.
enum class Steps { unknown, apart, masked_ones_ignored };

struct BufferSpec {
  Shape shape;  // each None names an axis of the input or the output
  bool saved;   // from forward to backward
};

struct PackedSpec {
  std::size_t weight;
  std::size_t size;
  std::function<void(const float* value, float* to)> pack;
  std::shared_ptr<PackedCopy> copy;  // for predictions
};

// One layer in a model's plan: what its build declared. Numbers count through the whole model, wrappers and nested
// models included, and index a Workspace.
struct Node {
  Layer* layer = nullptr;
  Spec input;
  Spec output;
  struct Slot {
    Variable* variable;
    std::size_t number;
  };
  std::vector<Slot> weights;  // of this layer alone
  std::vector<BufferSpec> buffers;
  std::vector<PackedSpec> packed;
  std::vector<Node> children;
  std::size_t states = 0;
  std::size_t number = 0;
  std::size_t first_buffer = 0;
  RegularizerArgument activity_regularizer;
  MaskRole mask_role = MaskRole::none;
  Steps steps = Steps::unknown;
  bool is_chain = false;            // the children run in a row, and are all that the layer does
  bool joins_next = false;          // with the layer behind it: see fusion.hpp
  bool masks_padding = false;       // masks ids of 0
  bool gives_last_step = false;     // because return_sequences is false
  bool has_cell = false;            // in Keras's files, which keeps the weights
  std::vector<std::string> places;  // of the children in Keras's files; none: by their classes
};

// What a model tells the layers that its plan points to: none of them may be replaced.
struct PlanUse {
  bool in_training = false;           // nor may another set of weights be trained
  mutable bool refused_move = false;  // a move could raise no exception of its own
};

// The most floats that all weights and all states of a model may have, where a file asks for the build. Limited weights
// are not drawn, since the file brings them.
struct BuildLimits {
  std::optional<std::int64_t> weights = {};
  std::optional<std::int64_t> states = {};
};

// How much has been declared so far, and what a layer's message may want to tell.
struct BuildContext {
  std::size_t nodes = 0;
  std::size_t variables = 0;
  std::size_t buffers = 0;
  bool has_states = false;        // a call changes the model
  std::string who = {};           // of the layer being built
  std::string mask_origin = {};   // `Embedding "tokens" (mask_zero = true)`
  bool takes_ids = false;         // or strings: the model has an Embedding
  std::string last_step_of = {};  // `LSTM "lstm"`, without return_sequences, ended the time axis
  const PlanUse* use = nullptr;   // of the model
  BuildLimits limits = {};        // what is left of them
};

}  // namespace xeras
