#include "text/vectors_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "core/parallel.hpp"
#include "core/shown.hpp"
#include "text/vectors_numbers.hpp"

namespace xeras::text {
namespace {

constexpr std::size_t part_bytes = std::size_t{1} << 20;
constexpr std::size_t sample_lines = 1000;

// No line has more bytes: no number needs as many as this, spaces included.
std::size_t longest_line(std::size_t dim) { return longest_word + 64 * dim; }

// The whole lines at the start of a file.
std::vector<std::string_view> lines_of(std::string_view sample, bool is_whole_file) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < sample.size() && lines.size() < sample_lines;) {
    const std::size_t end = sample.find('\n', begin);
    if (end == sample.npos && !is_whole_file && !lines.empty()) break;
    const std::string_view line = trim_end(sample.substr(begin, std::min(end, sample.size()) - begin));
    if (!line.empty()) lines.push_back(line);
    begin = std::min(end, sample.size()) + 1;
  }
  return lines;
}

// Returns how many numbers most lines with numbers have.
std::size_t usual_dim(const std::vector<std::string_view>& lines) {
  std::map<std::size_t, std::size_t> lines_with;
  for (const std::string_view line : lines) {
    if (const std::size_t count = count_trailing_numbers(line); count > 0) ++lines_with[count];
  }
  const auto most = std::max_element(lines_with.begin(), lines_with.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == lines_with.end() ? 0 : most->first;
}

// The lines that begin in a range of the file. Parts are parsed in any order, and their words are added in the order of
// the file.
struct Part {
  std::vector<char> bytes;
  std::vector<std::string_view> words;  // in bytes
  std::vector<std::size_t> numbers;     // of lines, from 0 in the part
  std::vector<float> values;            // (words, dim)
  std::size_t lines = 0;                // with empty ones
  std::string fault;                    // ends the part, at its last line
};

class TextReader {
 public:
  TextReader(const VectorsFile& file, std::size_t begin, std::size_t first_line, std::size_t dim,
             VectorsCollector& collector)
      : file_(file), begin_(begin), dim_(dim), collector_(collector), line_(first_line) {}

  // Returns the number of vectors in the file, or as many as were read when no more are wanted.
  std::size_t read() {
    const std::size_t parts_at_once = 8 * static_cast<std::size_t>(num_threads());
    std::vector<Part> parts(parts_at_once);
    for (std::size_t at = begin_; at < file_.size() && !is_done_;) {
      const std::size_t count = std::min(parts_at_once, (file_.size() - at + part_bytes - 1) / part_bytes);
      parallel_tasks(count, [&](std::size_t i) {
        const std::size_t begin = at + i * part_bytes;
        parse(begin, std::min(begin + part_bytes, file_.size()), parts[i]);
      });
      for (std::size_t i = 0; i < count && !is_done_; ++i) add(parts[i]);
      at += count * part_bytes;
      if (at < file_.size() && !is_done_) reserve(at);
    }
    return found_;
  }
  bool is_done() const { return is_done_; }
  std::size_t line() const { return line_; }

 private:
  void parse(std::size_t begin, std::size_t end, Part& part) const {
    part.words.clear();
    part.numbers.clear();
    part.values.clear();
    part.lines = 0;
    part.fault.clear();
    // A line begins behind a line feed, which may be the byte before the part.
    const std::size_t from = begin == begin_ ? begin : begin - 1;
    std::size_t to = end;
    load(part, from, from, to);
    std::size_t at = 0;
    if (begin != begin_) {
      const auto* const feed = static_cast<const char*>(std::memchr(part.bytes.data(), '\n', to - from));
      if (feed == nullptr) return;
      at = static_cast<std::size_t>(feed - part.bytes.data()) + 1;
    }
    if (from + at >= end) return;
    // The last line ends in a later part.
    const std::size_t most = longest_line(dim_);
    for (std::size_t step = std::size_t{1} << 14; part.bytes[to - from - 1] != '\n' && to < file_.size(); step *= 4) {
      const std::size_t more = std::min(step, file_.size() - to);
      load(part, from, to, to + more);
      const auto* const feed = static_cast<const char*>(std::memchr(part.bytes.data() + (to - from), '\n', more));
      to = feed != nullptr ? from + static_cast<std::size_t>(feed - part.bytes.data()) + 1 : to + more;
      if (to - end > most) break;
    }
    parse_lines({part.bytes.data() + at, to - from - at}, part);
  }

  // Appends the bytes [begin, end) of the file to those from `from` on.
  void load(Part& part, std::size_t from, std::size_t begin, std::size_t end) const {
    if (part.bytes.size() < end - from) part.bytes.resize(end - from);
    file_.read(begin, end - begin, part.bytes.data() + (begin - from));
  }

  void parse_lines(std::string_view text, Part& part) const {
    const std::size_t most = longest_line(dim_);
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = trim_end(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      const std::size_t number = part.lines++;
      if (end > most) {
        part.fault = fmt::format(" has more than {} bytes; expected a word and {} numbers. Is it a file of vectors?",
                                 most, dim_);
        return;
      }
      if (line.empty()) continue;
      if (skips(line)) {
        part.words.push_back({});
        part.numbers.push_back(skipped);
        part.values.resize(part.values.size() + dim_);
        continue;
      }
      part.values.resize(part.values.size() + dim_);
      const SplitLine split = split_line(line, dim_, part.values.data() + (part.values.size() - dim_));
      if (split.fault != LineFault::none || split.word.find('\0') != split.word.npos) {
        part.fault = fault_of(split, line);
        return;
      }
      part.words.push_back(split.word);
      part.numbers.push_back(number);
    }
  }

  // True for the line of a word that is not wanted.
  bool skips(std::string_view line) const {
    if (!collector_.is_selective()) return false;
    if (collector_.wants(line.substr(0, std::min(line.find_first_of(" \t"), line.size())))) return false;
    return !collector_.wants_spaces() || !collector_.wants(word_of_line(line, dim_));
  }

  std::string fault_of(const SplitLine& split, std::string_view line) const {
    switch (split.fault) {
      case LineFault::too_few:
        return fmt::format(" has {} number{} behind its word (\"{}\"); expected {}. Is the file complete?",
                           split.fields, split.fields == 1 ? "" : "s", shown(line, 40), dim_);
      case LineFault::not_a_number:
        return fmt::format(" has \"{}\" where a number belongs; expected a word and {} numbers. Correct the line.",
                           shown(split.culprit, 40), dim_);
      case LineFault::not_finite:
        return fmt::format(" has the number {}; expected a finite float. Correct the line, or remove it.",
                           shown(split.culprit, 40));
      case LineFault::none:
        break;
    }
    return " has a NUL in its word; expected text. Is the file UTF-8, not UTF-16 or binary?";
  }

  // Adds the words of a part, as long as they are wanted.
  void add(const Part& part) {
    for (std::size_t i = 0; i < part.words.size(); ++i) {
      ++found_;
      if (part.numbers[i] != skipped) {
        const auto place = [&] { return fmt::format(", line {}", line_ + part.numbers[i]); };
        float* const row = collector_.add(file_, part.words[i], place);
        if (row != nullptr) std::memcpy(row, part.values.data() + i * dim_, dim_ * sizeof(float));
      }
      is_done_ = collector_.limit() == found_ || collector_.is_complete();
      if (is_done_) return;
    }
    if (!part.fault.empty()) file_.fail(fmt::format(", line {}{}", line_ + part.lines - 1, part.fault));
    line_ += part.lines;
  }

  // Reserves memory once, for as many words as the part up to `at` lets expect.
  void reserve(std::size_t at) {
    if (std::exchange(has_reserved_, true) || collector_.is_selective()) return;
    const double share = static_cast<double>(file_.size() - begin_) / static_cast<double>(at - begin_);
    const auto words = static_cast<std::size_t>(static_cast<double>(found_) * share * 1.01) + 1;
    collector_.values.reserve(std::min(words, collector_.limit().value_or(words)) * dim_);
  }

  static constexpr auto skipped = static_cast<std::size_t>(-1);

  const VectorsFile& file_;
  const std::size_t begin_, dim_;
  VectorsCollector& collector_;
  std::size_t line_;  // the number of the next part's first line
  std::size_t found_ = 0;
  bool is_done_ = false;
  bool has_reserved_ = false;
};

}  // namespace

void read_text_vectors(const VectorsFile& file, std::size_t begin, const std::optional<VectorsHeader>& header,
                       VectorsCollector& collector) {
  const std::size_t start = header ? header->end : begin;
  std::string sample(std::min(file.size() - start, sample_bytes), '\0');
  file.read(start, sample.size(), sample.data());
  const std::size_t dim = usual_dim(lines_of(sample, start + sample.size() == file.size()));
  if (header && header->count > 0 && dim != header->dim) {
    file.fail(fmt::format(
        ": the header says {} numbers per word, but its first lines have {}; expected the same. Correct the "
        "header, or remove it.",
        header->dim, dim));
  }
  if (dim == 0 && !header) {
    file.fail(
        ", line 1: no numbers behind a word; expected a file of vectors: word2vec text or binary, GloVe text, fastText "
        ".vec or .bin.");
  }
  collector.start(header ? header->dim : dim, 0);
  TextReader reader(file, start, header ? 2 : 1, collector.dim(), collector);
  const std::size_t found = reader.read();
  if (header && !reader.is_done() && found != header->count) {
    file.fail(
        fmt::format(": the header says {} words, but the file has {}; expected the same. Is the file complete? To read "
                    "it as it is, set limit = {}.",
                    header->count, found, std::min(found, header->count)));
  }
}

}  // namespace xeras::text
