#include "xeras/distribution.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <cstdlib>
#include <exception>
#include <memory>

#include "distribution/mpi_processes.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"

namespace xeras::distribution {
namespace {

std::shared_ptr<MpiProcesses>& all() {
  static auto& processes = *new std::shared_ptr<MpiProcesses>();
  return processes;
}

// Ends MPI, unless the program has ended it. MPI_Finalize waits for the other processes, which would wait for one that
// has failed; it ends them instead.
void end_mpi(int status) {
  int ended = 0;
  MPI_Finalized(&ended);
  if (ended) return;
  if (status != 0 && num_processes() > 1) all()->stop(fmt::format("the program ends with status {}", status));
  MPI_Finalize();
}

void at_exit() {
#ifdef __GLIBC__
  on_exit([](int status, void*) { end_mpi(status); }, nullptr);
#else
  std::atexit([] { end_mpi(0); });
#endif
}

}  // namespace

void initialize(int* argc, char*** argv) {
  if (all() != nullptr) return;
  int started = 0;
  MPI_Initialized(&started);
  if (!started) {
    int provided = 0;
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
    at_exit();
  }
  all() = std::make_shared<MpiProcesses>();
}

int process_id() { return all() == nullptr ? 0 : all()->id(); }
int num_processes() { return all() == nullptr ? 1 : all()->count(); }
std::uint64_t bytes_sent() { return all() == nullptr ? 0 : all()->bytes_sent(); }

void set_distribution(const DataParallel&) {
  if (all() == nullptr) {
    throw Error(
        "set_distribution: MPI has not started; expected distribution::initialize before. Call initialize(&argc, "
        "&argv) first in main.");
  }
  set_processes(all());
  RandomState random = random_state();
  all()->broadcast(&random, sizeof random, 0);
  set_random_state(random);
}

void clear_distribution() { set_processes(nullptr); }

}  // namespace xeras::distribution
