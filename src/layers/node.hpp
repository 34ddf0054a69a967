#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "layers/packed_copy.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras {

namespace layers {
class Fusion;
}

// The role of a layer for the mask, for summary().
enum class MaskRole { none, made, passed, used, used_and_passed, ended };

// The declaration of a layer about its input steps: none, step_by_step or ignores_masked_steps; see Builder.
enum class InputSteps { unknown, apart, masked_ones_ignored };

struct BufferSpec {
  Shape shape;  // each None names an axis of the input or the output
  bool saved;   // keep from forward to backward
};

struct PackedSpec {
  std::size_t weight;
  std::size_t size;
  std::function<void(const float* value, float* to)> pack;
  std::shared_ptr<PackedCopy> copy;  // for predictions
};

// One layer in a model's plan, with the declarations of its build. Numbers count through the whole model, including
// inner layers, and index a Workspace.
struct Node {
  Layer* layer = nullptr;
  Spec input;
  Spec output;
  struct Slot {
    Variable* variable;
    std::size_t number;
  };
  std::vector<Slot> weights;  // of this layer, without inner layers
  std::vector<BufferSpec> buffers;
  std::vector<PackedSpec> packed;
  std::vector<Node> children;
  std::size_t states = 0, number = 0, first_buffer = 0;
  RegularizerArgument activity_regularizer;
  MaskRole mask_role = MaskRole::none;
  const layers::Fusion* joins_next = nullptr;  // computes this layer and the next one together
  InputSteps steps = InputSteps::unknown;
  bool is_chain = false;            // the layer only runs its children in sequence
  bool masks_padding = false;       // masks ids of 0
  bool gives_last_step = false;     // because return_sequences is false
  bool has_cell = false;            // Keras's files store the weights in a cell
  std::vector<std::string> places;  // the paths of the children in Keras's files; "": named by class
};

// The state of a model for the layers of its plan, which cannot be replaced.
struct PlanUse {
  bool in_training = false;           // the set of trained weights cannot change
  mutable bool refused_move = false;  // set by a move from a layer, which cannot throw
};

// The maximum numbers of floats in all weights and all states of a model that is built from a file. Limited weights are
// not initialized, since the file has their values.
struct BuildLimits {
  std::optional<std::int64_t> weights = {};
  std::optional<std::int64_t> states = {};
};

// The counts of declarations so far, and data for the messages of layers.
struct BuildContext {
  std::size_t nodes = 0, variables = 0, buffers = 0;
  bool has_states = false;        // calls change the model
  std::string who = {};           // the layer that is being built
  std::string mask_origin = {};   // `Embedding "tokens" (mask_zero = true)`
  bool takes_ids = false;         // or strings: an Embedding begins the model
  std::string last_step_of = {};  // `LSTM "lstm"`, which removed the time axis without return_sequences
  const PlanUse* use = nullptr;   // of the model
  BuildLimits limits = {};        // the remaining numbers
};

}  // namespace xeras
