#include "xeras/distribution.hpp"

#include <mpi.h>

#include <cstdlib>
#include <exception>
#include <memory>

#include "distribution/mpi_processes.hpp"
#include "xeras/core/error.hpp"

namespace xeras::distribution {
namespace {

std::shared_ptr<MpiProcesses>& all() {
  static auto& processes = *new std::shared_ptr<MpiProcesses>();
  return processes;
}

// Ends MPI, unless the program has ended it.
void end_mpi() {
  int ended = 0;
  MPI_Finalized(&ended);
  if (!ended) MPI_Finalize();
}

}  // namespace

void initialize(int* argc, char*** argv) {
  if (all() != nullptr) return;
  int started = 0;
  MPI_Initialized(&started);
  if (!started) {
    int provided = 0;
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
    std::atexit(end_mpi);
  }
  all() = std::make_shared<MpiProcesses>();
}

int process_id() { return all() == nullptr ? 0 : all()->id(); }
int num_processes() { return all() == nullptr ? 1 : all()->count(); }

void set_distribution(const DataParallel&) {
  if (all() == nullptr) {
    throw Error(
        "set_distribution: MPI has not started; expected distribution::initialize before. Call initialize(&argc, "
        "&argv) first in main.");
  }
  set_processes(all());
}

void clear_distribution() { set_processes(nullptr); }

}  // namespace xeras::distribution
