#include "layers/repeats.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace xeras {

Repeats find_repeats(std::span<const std::int32_t> ids, Arena& arena, Arena& scratch) {
  const auto integers = [](Arena& from, std::size_t count) {
    return static_cast<std::int32_t*>(from.allocate(count * sizeof(std::int32_t)));
  };
  std::int32_t *number = integers(arena, ids.size()), *first = integers(arena, ids.size());
  // A hash table, at most half full, of the numbers of distinct ids, or -1. Each is at or after the place of its id.
  const int bits = std::bit_width(2 * ids.size());
  const std::size_t places = std::size_t{1} << bits;
  const Arena::Mark mark = scratch.mark();
  std::int32_t* table = integers(scratch, places);
  std::fill_n(table, places, -1);
  std::int32_t count = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    // The upper bits of the product with 2^32 / golden ratio spread consecutive ids.
    std::size_t place = static_cast<std::uint32_t>(ids[i]) * 2654435769u >> (32 - bits);
    while (table[place] >= 0 && ids[static_cast<std::size_t>(first[table[place]])] != ids[i]) {
      place = (place + 1) % places;
    }
    if (table[place] < 0) {
      first[count] = static_cast<std::int32_t>(i);
      table[place] = count++;
    }
    number[i] = table[place];
  }
  scratch.release(mark);
  return {{number, ids.size()}, {first, static_cast<std::size_t>(count)}};
}

void group_places(const Repeats& repeats, std::int32_t* begins, std::int32_t* places) {
  // A counting sort: begins[i + 1] is first the number of places of row i, then the index for its next place.
  const std::size_t words = repeats.first.size();
  std::fill_n(begins, words + 1, 0);
  for (const std::int32_t number : repeats.number) ++begins[number + 1];
  std::int32_t begin = 0;
  for (std::size_t i = 0; i < words; ++i) begin += std::exchange(begins[i + 1], begin);
  for (std::size_t place = 0; place < repeats.number.size(); ++place) {
    places[begins[repeats.number[place] + 1]++] = static_cast<std::int32_t>(place);
  }
}

std::size_t room_for_words(const Repeats& repeats) { return repeats.number.size() * 3 / 4; }

bool pays_by_word(const Repeats& repeats, std::size_t rows, std::size_t features) {
  constexpr std::size_t products_a_pass = 16;  // the cost of expanding one number of the result
  const std::size_t words = repeats.first.size();
  return words > 0 && words <= room_for_words(repeats) && words < rows &&
         (rows - words) * features > rows * products_a_pass;
}

}  // namespace xeras
