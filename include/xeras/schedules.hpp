#pragma once

#include "xeras/schedules/cosine_decay.hpp"
#include "xeras/schedules/cosine_decay_restarts.hpp"
#include "xeras/schedules/exponential_decay.hpp"
#include "xeras/schedules/inverse_time_decay.hpp"
#include "xeras/schedules/learning_rate_schedule.hpp"
#include "xeras/schedules/piecewise_constant_decay.hpp"
#include "xeras/schedules/polynomial_decay.hpp"

/// Learning rate schedules: learning rates that depend on the number of steps. Source: keras.optimizers.schedules.
