#pragma once

#include "layers/workspace.hpp"

namespace xeras {

// Numbers the distinct ids in the order of their first occurrence. The result is in the arena.
Repeats find_repeats(std::span<const std::int32_t> ids, Arena& arena, Arena& scratch);

// Groups the positions of all rows by distinct row, in order: those of distinct row i are places[begins[i]] to before
// places[begins[i + 1]]. begins (distinct rows + 1), places (rows).
void group_places(const Repeats& repeats, std::int32_t* begins, std::int32_t* places);
// Returns the largest number of distinct rows for which computing each only once can be faster; 0 if repeats are not
// known. It depends only on the shape of the batch, so the memory for them does, too.
std::size_t room_for_words(const Repeats& repeats);
// True when it is faster to multiply only the distinct rows (distinct rows, features), and then expand the result to
// all `rows`.
bool pays_by_word(const Repeats& repeats, std::size_t rows, std::size_t features);

}  // namespace xeras
