#pragma once

#include <cstdint>

#include "xeras/core/export.hpp"

/// Training and prediction by several processes, on one machine or on many, which MPI connects. This header belongs to
/// the component xeras::distribution. docs/distributed.md explains it.
///
///   int main(int argc, char** argv) {  // mpirun -np 4 ./train
///     distribution::initialize(&argc, &argv);
///     distribution::set_distribution(distribution::DataParallel());
///     ...                              // build a model, fit, evaluate, predict
///   }
///
/// Source  keras.distribution
namespace xeras::distribution {

/// Starts MPI, unless the program has started it, and ends it when the program ends. Call it first in main. A program
/// that ends with a status other than 0, or with an exception, ends all processes.
XERAS_API void initialize(int* argc = nullptr, char*** argv = nullptr);

/// Return the number of this process, from 0, and the number of processes. 0 and 1 before initialize.
XERAS_API int process_id();
XERAS_API int num_processes();
/// Returns the number of bytes that this process has given to the others since initialize.
XERAS_API std::uint64_t bytes_sent();

/// Each process has the whole model, and computes a part of the samples of each batch. The result is that of one
/// process with the same batch_size, but for the order of sums. All processes have it, and the same bits. Each makes
/// its share of the batches of a Dataset.
class XERAS_API DataParallel {};

/// From now on, fit, evaluate and predict share their work, and all processes draw the random numbers of process 0. All
/// must call this function and those in the same order, from the thread that called initialize. Throws Error before
/// initialize.
XERAS_API void set_distribution(const DataParallel& distribution);

/// Lets each process work alone again.
XERAS_API void clear_distribution();

}  // namespace xeras::distribution
