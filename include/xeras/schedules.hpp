#pragma once

#include "xeras/schedules/inverse_time_decay.hpp"
#include "xeras/schedules/learning_rate_schedule.hpp"

/// Learning rate schedules: learning rates that depend on the number of steps. Source: keras.optimizers.schedules.
