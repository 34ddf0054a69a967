#pragma once

// Every layer, in Keras's groups.
#include "xeras/layers/activation/activation.hpp"
#include "xeras/layers/call.hpp"
#include "xeras/layers/core/dense.hpp"
#include "xeras/layers/core/embedding.hpp"
#include "xeras/layers/core/masking.hpp"
#include "xeras/layers/core/strip_mask.hpp"
#include "xeras/layers/pooling/global_average_pooling1d.hpp"
#include "xeras/layers/pooling/global_max_pooling1d.hpp"
#include "xeras/layers/regularization/dropout.hpp"
#include "xeras/layers/reshaping/flatten.hpp"
#include "xeras/layers/reshaping/reshape.hpp"
#include "xeras/layers/wrappers/time_distributed.hpp"
