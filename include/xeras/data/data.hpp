#pragma once

// Includes all sources of batches.
#include "xeras/data/from_generator.hpp"
#include "xeras/data/map.hpp"
#include "xeras/data/text_lines.hpp"
