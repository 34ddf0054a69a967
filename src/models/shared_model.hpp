#pragma once

#include "core/processes.hpp"
#include "layers/node.hpp"
#include "models/training_position.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras {

// Returns what has to be equal in all processes that share a call of the model: the version of the library, the model,
// the shape of x.
std::string shared_arguments(const Sequential& model, const Input& x);

// Give all processes what process 0 has: its weights; its optimizer, for these parameters; the place in its data.
void broadcast_weights(Processes& processes, std::span<const Node> nodes);
void broadcast_optimizer(Processes& processes, optimizers::Optimizer& optimizer, std::span<Parameter> parameters);
void broadcast_position(Processes& processes, std::uint64_t& steps, std::optional<InterruptedPass>& interrupted);
void broadcast_scores(Processes& processes, Scores& scores);

// Finds what callbacks in process 0 change while a call runs.
class ModelMarks {
 public:
  explicit ModelMarks(std::span<const Node> nodes);
  // Makes the changes of process 0 since then in all processes. The optimizer is null for a model that is not compiled.
  void follow(Processes& processes, std::span<const Node> nodes, optimizers::Optimizer* optimizer, bool& stop) const;

 private:
  std::uint64_t versions_ = 0;  // the sum of all weights'
  std::size_t postponed_ = 0;   // the number of tables with postponed rows
};

}  // namespace xeras
