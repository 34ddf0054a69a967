// faults KIND: training in which something goes wrong in one process. For check_faults.
#include <csignal>
#include <iostream>
#include <stdexcept>

#include "xeras/distribution.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;

int main(int argc, char** argv) {
  distribution::initialize(&argc, &argv);
  distribution::set_distribution(distribution::DataParallel());
  const std::string kind = argv[1];
  const bool here = distribution::process_id() == 1;
  const auto fails = [&](const char* its) { return here && kind == its; };

  Sequential model;
  model.add(Embedding(10, 4, {.input_length = 3}));
  model.add(Flatten());
  model.add(Dense(fails("model") ? 2 : 1, {.name = "dense"}));
  model.build({None, 3});
  model.compile("adam", "mse");
  xt::xarray<int> x = xt::zeros<int>({fails("shape") ? 30 : 32, 3});
  if (kind == "id") x(20, 0) = 10;  // only one process reads it
  const xt::xarray<float> y = xt::zeros<float>({x.shape(0), fails("model") ? std::size_t{2} : std::size_t{1}});
  try {
    if (kind == "id" || kind == "shape" || kind == "model") {
      model.fit(x, y, {.epochs = 3, .verbose = 0});
    } else if (kind == "option") {
      model.fit(x, y, {.batch_size = here ? 0 : 32, .epochs = 3, .verbose = 0});
    } else if (kind == "checkpoint") {
      model.fit(x, y, {.epochs = 3, .verbose = 0, .callbacks = callbacks::ModelCheckpoint("/dev/null/model.keras")});
    } else {
      std::int64_t batches = 0;
      auto dataset = data::from_generator([&]() -> std::optional<data::Batch> {
        if (++batches == 3 && fails("data")) throw std::runtime_error("the disk is gone");
        if (batches == 3 && fails("killed")) std::raise(SIGKILL);
        return data::Batch{x, y};
      });
      model.fit(dataset, {.epochs = 3, .verbose = 0, .steps_per_epoch = 5});
    }
    std::cout << "no fault" << std::endl;
  } catch (const std::exception& error) {
    std::cerr << "caught: " << error.what() << std::endl;
    return 3;
  }
}
