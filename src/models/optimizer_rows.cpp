#include "models/optimizer_rows.hpp"

namespace xeras {

void postpone_row_updates(const std::vector<Variable*>& variables,
                          const std::shared_ptr<optimizers::Optimizer>& optimizer) {
  std::vector<std::shared_ptr<PostponedRows>> rows(variables.size());
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Variable& variable = *variables[i];
    if (variable.lookup && !variable.regularizer) rows[i] = std::make_shared<OptimizerRows>(optimizer, i);
  }
  for (std::size_t i = 0; i < variables.size(); ++i) variables[i]->set_postponed_rows(std::move(rows[i]));
}

}  // namespace xeras
