#pragma once

// Includes everything that an application needs.
#include "xeras/core/error.hpp"
#include "xeras/core/threads.hpp"
#include "xeras/io/callbacks.hpp"
#include "xeras/io/load.hpp"
#include "xeras/kernels/gemm_engine.hpp"
#include "xeras/layers/layers.hpp"
#include "xeras/models/sequential.hpp"
#include "xeras/text/text.hpp"
