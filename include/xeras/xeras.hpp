#pragma once

// Includes everything that an application needs.
#include "xeras/callbacks/backup_and_restore.hpp"
#include "xeras/callbacks/early_stopping.hpp"
#include "xeras/callbacks/model_checkpoint.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/threads.hpp"
#include "xeras/io/load.hpp"
#include "xeras/kernels/gemm_engine.hpp"
#include "xeras/layers/layers.hpp"
#include "xeras/models/sequential.hpp"
#include "xeras/plots.hpp"
#include "xeras/text/text.hpp"
