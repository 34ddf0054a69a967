#include "models/shared_model.hpp"

namespace xeras {
namespace {

template <class F>
void for_each_weight(std::span<const Node> nodes, const F& f) {
  for (const Node& node : nodes) {
    for (const Node::Slot& slot : node.weights) f(*slot.variable);
    for_each_weight(node.children, f);
  }
}

template <class T>
void broadcast(Processes& processes, T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  processes.broadcast(&value, sizeof(T));
}

struct Changes {
  RandomState random;
  double learning_rate = 0.0;
  bool stop = false, weights = false, caught_up = false;
};

}  // namespace

std::string shared_arguments(const Sequential& model, const Input& x) {
  if (processes() == nullptr) return {};
  return XERAS_VERSION + model.get_config().to_string() + (x ? x.extents().to_string() : "");
}

void broadcast_weights(Processes& processes, std::span<const Node> nodes) {
  for_each_weight(nodes, [&](Variable& variable) {
    variable.catch_up();
    processes.broadcast(variable.to_write(), variable.size() * sizeof(float));
  });
}

void broadcast_optimizer(Processes& processes, optimizers::Optimizer& optimizer, std::span<Parameter> parameters) {
  struct {
    bool has_state;
    std::int64_t steps;
    double learning_rate;
  } first{optimizer.has_state(), optimizer.steps(), optimizer.has_schedule() ? 0.0 : optimizer.learning_rate()};
  broadcast(processes, first);
  if (!optimizer.has_schedule() && optimizer.learning_rate() != first.learning_rate) {
    optimizer.set_learning_rate(first.learning_rate);
  }
  if (!first.has_state) return;
  for (std::size_t i = 0; i < parameters.size(); ++i) optimizer.catch_up_state(i, parameters[i].values);
  for (const optimizers::StateArray& array : optimizer.state(parameters)) {
    processes.broadcast(array.values, static_cast<std::size_t>(array.extents.size()) * sizeof(float));
  }
  if (processes.id() != 0) optimizer.resume_after(first.steps);
}

void broadcast_position(Processes& processes, std::uint64_t& steps, std::optional<InterruptedPass>& interrupted) {
  RandomState random = random_state();
  broadcast(processes, random);
  set_random_state(random);
  broadcast(processes, steps);
  bool is_interrupted = interrupted.has_value();
  broadcast(processes, is_interrupted);
  if (!is_interrupted) return;
  if (!interrupted) interrupted.emplace();
  broadcast(processes, *interrupted);
}

void broadcast_scores(Processes& processes, Scores& scores) {
  std::string names;  // each ends with a zero
  std::vector<double> values;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    names += scores.name(i) + '\0';
    values.push_back(scores.value(i));
  }
  std::size_t sizes[] = {names.size(), values.size()};
  processes.broadcast(sizes, sizeof sizes);
  names.resize(sizes[0]);
  values.resize(sizes[1]);
  processes.broadcast(names.data(), names.size());
  processes.broadcast(values.data(), values.size() * sizeof(double));
  std::size_t begin = 0;
  for (const double value : values) {
    const std::size_t end = names.find('\0', begin);
    scores.set(std::string_view(names).substr(begin, end - begin), value);
    begin = end + 1;
  }
}

ModelMarks::ModelMarks(std::span<const Node> nodes) {
  for_each_weight(nodes, [&](const Variable& variable) {
    versions_ += variable.version();
    const PostponedRows* const rows = variable.postponed_rows();
    postponed_ += rows != nullptr && rows->postponed() ? 1 : 0;
  });
}

void ModelMarks::follow(Processes& processes, std::span<const Node> nodes, optimizers::Optimizer* optimizer,
                        bool& stop) const {
  const bool sets_rate = optimizer != nullptr && !optimizer->has_schedule();
  const ModelMarks now(nodes);
  Changes changes{.random = random_state(),
                  .learning_rate = sets_rate ? optimizer->learning_rate() : 0.0,
                  .stop = stop,
                  .weights = now.versions_ != versions_,
                  .caught_up = now.postponed_ != postponed_};
  broadcast(processes, changes);
  set_random_state(changes.random);
  stop = changes.stop;
  if (sets_rate && optimizer->learning_rate() != changes.learning_rate) {
    optimizer->set_learning_rate(changes.learning_rate);
  }
  // Process 0 has brought rows up to date; the others do it now, too, which keeps their bits equal.
  if (changes.caught_up) for_each_weight(nodes, [](const Variable& variable) { variable.catch_up(); });
  if (changes.weights) broadcast_weights(processes, nodes);
}

}  // namespace xeras
