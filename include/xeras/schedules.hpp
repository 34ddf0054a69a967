#pragma once

#include "xeras/schedules/inverse_time_decay.hpp"
#include "xeras/schedules/learning_rate_schedule.hpp"
