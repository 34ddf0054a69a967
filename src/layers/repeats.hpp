#pragma once

#include "layers/workspace.hpp"

namespace xeras {

// Numbers the distinct ids in the order of their first appearance. The result lies in the arena.
Repeats find_repeats(std::span<const std::int32_t> ids, Arena& arena, Arena& scratch);

// The places of each distinct row in their order, those of row i from begins[i] to before begins[i + 1]: begins has
// room for one more than there are distinct rows, places for one of each row.
void group_places(const Repeats& repeats, std::int32_t* begins, std::int32_t* places);
// How many distinct rows there may be for work by words to pay; 0 where repeats are not known. It is the same for every
// batch of a shape, so that memory for them is, too.
std::size_t room_for_words(const Repeats& repeats);
// Whether it pays to multiply the distinct rows alone, each of so many features, and to go over the result again for
// all `rows`.
bool pays_by_word(const Repeats& repeats, std::size_t rows, std::size_t features);

}  // namespace xeras
