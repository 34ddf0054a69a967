#pragma once

#include "core/processes.hpp"
#include "layers/workspace.hpp"
#include "xeras/layers/variable.hpp"

namespace xeras {

// Replaces the gradients of these weights, each of a part of a batch, by their sums over the processes: all dense ones
// at once, and of a lookup weight the rows that any process has. numbers[i] is the slot of variables[i].
void sum_gradients(Processes& processes, std::span<const std::size_t> numbers, std::span<Variable* const> variables,
                   Workspace& workspace);

}  // namespace xeras
