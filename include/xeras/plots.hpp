#pragma once

// Includes the functions that draw pictures.
#include "xeras/plots/confusion.hpp"
#include "xeras/plots/embedding.hpp"
#include "xeras/plots/plot_model.hpp"
