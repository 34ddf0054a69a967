#pragma once

// Includes everything that an application needs.
#include "xeras/callbacks/backup_and_restore.hpp"
#include "xeras/callbacks/csv_logger.hpp"
#include "xeras/callbacks/early_stopping.hpp"
#include "xeras/callbacks/lambda_callback.hpp"
#include "xeras/callbacks/learning_rate_scheduler.hpp"
#include "xeras/callbacks/model_checkpoint.hpp"
#include "xeras/callbacks/reduce_lr_on_plateau.hpp"
#include "xeras/callbacks/swap_ema_weights.hpp"
#include "xeras/callbacks/terminate_on_nan.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/threads.hpp"
#include "xeras/io/load.hpp"
#include "xeras/kernels/gemm_engine.hpp"
#include "xeras/layers/layers.hpp"
#include "xeras/models/sequential.hpp"
#include "xeras/text/text.hpp"
