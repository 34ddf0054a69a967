#include <sstream>

#include "catch.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("Sequential prints a summary with shapes, weights and masks") {
  Sequential model{Embedding(1000, 64, {.mask_zero = true}), Dropout(0.2), GlobalAveragePooling1D(), Dense(1)};
  model.get_layer("embedding").set_trainable(false);
  std::ostringstream out;
  model.summary(out);
  CHECK(out.str() ==
        "Model: \"sequential\"\n"
        "┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━┓\n"
        "┃ Layer (type)                                      ┃ Output Shape     ┃ Param # ┃ Mask   ┃\n"
        "┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━┩\n"
        "│ embedding (Embedding)                             │ (None, None, 64) │  64,000 │ made   │\n"
        "├───────────────────────────────────────────────────┼──────────────────┼─────────┼────────┤\n"
        "│ dropout (Dropout)                                 │ (None, None, 64) │       0 │ passed │\n"
        "├───────────────────────────────────────────────────┼──────────────────┼─────────┼────────┤\n"
        "│ global_average_pooling1d (GlobalAveragePooling1D) │ (None, 64)       │       0 │ used   │\n"
        "├───────────────────────────────────────────────────┼──────────────────┼─────────┼────────┤\n"
        "│ dense (Dense)                                     │ (None, 1)        │      65 │        │\n"
        "└───────────────────────────────────────────────────┴──────────────────┴─────────┴────────┘\n"
        " Total params: 64,065 (250.25 KB)\n"
        " Trainable params: 65 (260.00 B)\n"
        " Non-trainable params: 64,000 (250.00 KB)\n");
  Sequential waiting({.name = "later"});
  waiting.add(Dense(4));
  std::ostringstream unbuilt;
  waiting.summary(unbuilt);
  CHECK(unbuilt.str().find("│ dense (Dense) │ ?            │ 0 (unbuilt) │      │") != std::string::npos);
}
