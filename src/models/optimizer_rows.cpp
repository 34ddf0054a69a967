#include "models/optimizer_rows.hpp"

namespace xeras {

void let_rows_wait(const std::vector<Variable*>& variables, const std::shared_ptr<optimizers::Optimizer>& optimizer) {
  for (std::size_t i = 0; i < variables.size(); ++i) {
    Variable& variable = *variables[i];
    const bool lazy = variable.lookup && !variable.regularizer;
    variable.set_lazy_rows(lazy ? std::make_shared<OptimizerRows>(optimizer, i) : nullptr);
  }
}

}  // namespace xeras
