#pragma once

// Includes all functions on data.
#include "xeras/utils/normalize.hpp"
#include "xeras/utils/split_dataset.hpp"
#include "xeras/utils/text_dataset_from_directory.hpp"
#include "xeras/utils/timeseries_dataset_from_array.hpp"
#include "xeras/utils/to_categorical.hpp"
