#pragma once

#include <vector>

#include "xeras/layers/variable.hpp"
#include "xeras/optimizers.hpp"

namespace xeras {

// The rows of one parameter whose updates an optimizer may postpone. Keeps the optimizer alive.
class OptimizerRows final : public PostponedRows {
 public:
  OptimizerRows(std::shared_ptr<optimizers::Optimizer> optimizer, std::size_t position)
      : optimizer_(std::move(optimizer)), position_(position) {}

 protected:
  void update(float* table, std::span<const std::int32_t> rows) override {
    optimizer_->catch_up(position_, table, rows);
  }
  void update(float* table) override { optimizer_->catch_up(position_, table); }

 private:
  std::shared_ptr<optimizers::Optimizer> optimizer_;
  std::size_t position_;
};

// Lets the optimizer postpone updates of rows of lookup weights without regularizer, whose penalty would need all rows
// in every step. The variables are in the order of the optimizer's parameters.
inline void postpone_row_updates(const std::vector<Variable*>& variables,
                                 const std::shared_ptr<optimizers::Optimizer>& optimizer) {
  std::vector<std::shared_ptr<PostponedRows>> rows(variables.size());
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Variable& variable = *variables[i];
    if (variable.lookup && !variable.regularizer) rows[i] = std::make_shared<OptimizerRows>(optimizer, i);
  }
  for (std::size_t i = 0; i < variables.size(); ++i) variables[i]->set_postponed_rows(std::move(rows[i]));
}

}  // namespace xeras
