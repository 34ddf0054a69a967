#pragma once

#include <mutex>

#include "layers/pass.hpp"
#include "models/compiled.hpp"
#include "models/layer_names.hpp"
#include "models/trained.hpp"
#include "models/training_position.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras {

class Tally;

// The free workspaces. Each call leases one, so that threads never share one and warm calls allocate no memory.
class WorkspacePool {
 public:
  class Lease {
   public:
    // A call that changes the model's states, such as those of a stateful LSTM, locks the model.
    Lease(WorkspacePool& pool, bool has_states)
        : pool_(pool),
          alone_(has_states ? std::unique_lock(pool.states_) : std::unique_lock<std::recursive_mutex>()),
          workspace_(pool.take()) {}
    ~Lease() { pool_.bring_back(std::move(workspace_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Workspace& operator*() const { return *workspace_; }

   private:
    WorkspacePool& pool_;
    std::unique_lock<std::recursive_mutex> alone_;
    std::unique_ptr<Workspace> workspace_;
  };

  // Call it when the plan changes, which makes the memory useless.
  void clear() {
    const std::lock_guard lock(mutex_);
    free_.clear();
  }
  // True while a call uses a workspace.
  bool in_use() const {
    const std::lock_guard lock(mutex_);
    return in_use_ > 0;
  }

 private:
  std::unique_ptr<Workspace> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
      free_.reserve(in_use_ + 1);  // room for all, so that bring_back cannot throw
      free_.push_back(std::make_unique<Workspace>());
    }
    std::unique_ptr<Workspace> workspace = std::move(free_.back());
    free_.pop_back();
    ++in_use_;
    return workspace;
  }
  void bring_back(std::unique_ptr<Workspace> workspace) noexcept {
    const std::lock_guard lock(mutex_);
    --in_use_;
    free_.push_back(std::move(workspace));
  }

  mutable std::mutex mutex_;
  std::recursive_mutex states_;  // recursive, since fit evaluates while it trains
  std::vector<std::unique_ptr<Workspace>> free_;
  std::size_t in_use_ = 0;
};

struct Sequential::State {
  std::vector<Node> nodes;  // one per built layer
  BuildContext sizes;
  bool masked_steps_ignored = true;  // by all layers
  bool ignores_padding = false;      // see padding.hpp
  LayerNames names;                  // complete once a layer was added
  std::optional<Compiled> compiled;
  Trained trained;
  mutable WorkspacePool workspaces;
  std::uint64_t steps = 0;  // training passes so far
  bool stop = false;
  Tally* tally = nullptr;                           // of the running fit
  TrainingPosition position;                        // of the running fit
  std::optional<InterruptedPass> interrupted_pass;  // set by the hook first_epoch, for fit
  PlanUse use;
  AnyLayer input_layer;  // the InputLayer, if one was added
  Value input_in_file;   // the arguments of the InputLayer in the file that the model was loaded from

  bool at_rest() const { return !use.in_training && !workspaces.in_use(); }
};

}  // namespace xeras
