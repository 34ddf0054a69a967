#include "core/processes.hpp"

namespace xeras {
namespace {

std::shared_ptr<Processes>& all_processes() {
  static auto& processes = *new std::shared_ptr<Processes>();
  return processes;
}

int alone = 0;  // the number of reasons for it

}  // namespace

void set_processes(std::shared_ptr<Processes> processes) { all_processes() = std::move(processes); }

Processes* processes() {
  Processes* const all = all_processes().get();
  return all != nullptr && all->count() > 1 && alone == 0 ? all : nullptr;
}

bool is_first_process() {
  Processes* const all = processes();
  return all == nullptr || all->id() == 0;
}

bool in_any_process(bool here) {
  Processes* const all = processes();
  if (all == nullptr) return here;
  double count = here ? 1.0 : 0.0;
  all->sum({&count, 1});
  return count > 0.0;
}

WorkingAlone::WorkingAlone() { ++alone; }
WorkingAlone::~WorkingAlone() { --alone; }

}  // namespace xeras
