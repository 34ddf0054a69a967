#include "xeras/data/text_lines.hpp"

#include <fmt/format.h>

#include <limits>
#include <unordered_map>

#include "core/shown.hpp"
#include "data/line_reader.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"

namespace xeras::data {
namespace {

constexpr const char* text_lines_name = "TextLines";

void check(const TextLinesOptions& options) {
  if (options.batch_size <= 0) {
    throw InvalidArgument(fmt::format("{}: batch_size is {}; expected a positive integer. 32 is usual.",
                                      text_lines_name, std::int64_t{options.batch_size}));
  }
  if (options.shuffle_buffer < 0) {
    throw InvalidArgument(
        fmt::format("{}: shuffle_buffer is {}; expected 0 or more lines. 0 keeps the order of the file.",
                    text_lines_name, std::int64_t{options.shuffle_buffer}));
  }
  if (options.max_line_bytes <= 0) {
    throw InvalidArgument(fmt::format("{}: max_line_bytes is {}; expected a positive integer. Leave it out for 16 MiB.",
                                      text_lines_name, std::int64_t{options.max_line_bytes}));
  }
  if (!options.has_labels && !options.labels.empty()) {
    throw InvalidArgument(fmt::format(
        "{}: labels are given and has_labels is false; expected one of them. Leave one out.", text_lines_name));
  }
}

}  // namespace

struct TextLines::State {
  struct Line {
    std::string text;
    std::int32_t label = 0;
  };

  std::string path;
  TextLinesOptions options;
  std::uint64_t seed = 0;
  std::vector<std::string> labels;
  std::unordered_map<std::string, std::int32_t> numbers;
  std::int64_t epoch = 0;
  // A pass over the file.
  std::optional<LineReader> reader;
  std::int64_t next = 0;  // the index of the next batch
  std::vector<Line> buffer;
  std::optional<RandomStream> stream;
  std::uint64_t drawn = 0;

  void start() {
    reader.emplace(text_lines_name, path, static_cast<std::size_t>(options.max_line_bytes));
    next = 0;
    buffer.clear();
    stream.emplace(seed, static_cast<std::uint64_t>(epoch));
    drawn = 0;
  }

  std::int32_t number_of(const std::string& label) {
    const auto found = numbers.find(label);
    if (found != numbers.end()) return found->second;
    if (!options.labels.empty()) {
      // The message lists the labels, and the nearest one.
      throw InvalidInput(fmt::format("{}: {} Correct the file, or add the label to .labels.", reader->place(),
                                     unknown_name("label", label, options.labels)));
    }
    if (labels.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
      throw InvalidInput(fmt::format("{}: more than 2^31 labels; expected fewer.", reader->place()));
    }
    const auto number = static_cast<std::int32_t>(labels.size());
    labels.push_back(label);
    numbers.emplace(label, number);
    return number;
  }

  // Reads the next line of the file.
  bool read(Line& line) {
    if (!reader->next(line.text)) return false;
    if (!options.has_labels) return true;
    const std::size_t tab = line.text.find('\t');
    if (tab == line.text.npos) {
      throw InvalidInput(fmt::format(
          "{} has no tab: \"{}\"; expected label<TAB>text. Set has_labels = false for a file of texts only.",
          reader->place(), shown(line.text)));
    }
    line.label = number_of(line.text.substr(0, tab));
    line.text.erase(0, tab + 1);
    return true;
  }

  // Draws the next line from the buffer, and puts the one after those in its place.
  bool draw(Line& line) {
    const auto size = static_cast<std::size_t>(options.shuffle_buffer);
    if (size <= 1) return read(line);
    while (buffer.size() < size) {
      Line more;
      if (!read(more)) break;
      buffer.push_back(std::move(more));
    }
    if (buffer.empty()) return false;
    std::swap(buffer[stream->below(drawn, buffer.size())], buffer.back());
    ++drawn;
    line = std::move(buffer.back());
    buffer.pop_back();
    return true;
  }
};

TextLines::TextLines(std::string path, TextLinesOptions options) : state_(std::make_unique<State>()) {
  check(options);
  State& state = *state_;
  state.path = std::move(path);
  state.seed = options.seed ? *options.seed : options.shuffle_buffer > 1 ? next_random_seed() : 0;
  for (const std::string& label : options.labels) {
    if (state.numbers.emplace(label, static_cast<std::int32_t>(state.labels.size())).second) {
      state.labels.push_back(label);
      continue;
    }
    throw InvalidArgument(fmt::format("{}: labels has \"{}\" twice; expected each label once. Leave one out.",
                                      text_lines_name, shown(label)));
  }
  state.options = std::move(options);
  LineReader(text_lines_name, state.path, 1);  // throws early if the file cannot be opened
}

TextLines::TextLines(TextLines&&) noexcept = default;
TextLines& TextLines::operator=(TextLines&&) noexcept = default;
TextLines::~TextLines() = default;

void TextLines::set_epoch(std::int64_t epoch) { state_->epoch = epoch; }

const std::vector<std::string>& TextLines::labels() const { return state_->labels; }

Batch TextLines::get_batch(std::int64_t index) {
  State& state = *state_;
  if (index == 0) state.start();
  if (index != state.next || !state.reader) {
    throw InvalidArgument(fmt::format(
        "{}: {}: batch {} is asked for; expected {}, since a file is read in order. Begin again with 0.",
        text_lines_name, shown(state.path), index, state.reader ? fmt::format("0 or {}", state.next) : "0"));
  }
  const auto size = static_cast<std::size_t>(state.options.batch_size);
  std::vector<std::string> texts;
  std::vector<std::int32_t> labels;
  try {
    for (State::Line line; texts.size() < size && state.draw(line);) {
      texts.push_back(std::move(line.text));
      labels.push_back(line.label);
    }
  } catch (...) {
    state.reader.reset();  // the pass cannot continue behind a wrong line
    throw;
  }
  if (texts.empty() || (state.options.drop_remainder && texts.size() < size)) return {};
  ++state.next;
  Batch batch;
  batch.x = std::move(texts);
  if (state.options.has_labels) batch.y = std::move(labels);
  return batch;
}

}  // namespace xeras::data
