#include <xeras/distribution.hpp>
#include <xeras/xeras.hpp>

#include <cstdlib>

using namespace xeras;

int main(int argc, char** argv) {
  distribution::initialize(&argc, &argv);
  distribution::set_distribution(distribution::DataParallel());
  Sequential model;
  model.add(layers::Dense(1, {.input_shape = {2}}));
  model.compile("sgd", "mse");
  model.fit({{1, 2}, {3, 4}}, {{1}, {2}}, {.verbose = 0});
  return distribution::num_processes() == 1 && distribution::process_id() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
