#include "io/vocabularies.hpp"

#include <fmt/format.h>

#include <map>

#include "core/shown.hpp"
#include "layers/snake_case.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/preprocessing/vocabulary.hpp"

namespace xeras::io {
namespace {

using layers::HasVocabulary;

struct Place {
  std::string group;  // "layers/text_vectorization"
  AnyLayer* layer;
  HasVocabulary* words;
};

void add_places(Sequential& model, const std::string& prefix, const FileClasses& classes, std::vector<Place>& places) {
  std::map<std::string, int> used;
  for (AnyLayer& layer : model.children()) {
    const auto in_file = classes.find(layer.get());
    const std::string stem = snake_case(in_file != classes.end() ? in_file->second : layer->class_name());
    const int number = used[stem]++;
    const std::string group = fmt::format("{}layers/{}{}", prefix, stem, number == 0 ? "" : fmt::format("_{}", number));
    if (auto* const words = dynamic_cast<HasVocabulary*>(layer.get())) places.push_back({group, &layer, words});
    if (auto* const inner = dynamic_cast<Sequential*>(layer.get())) add_places(*inner, group + "/", classes, places);
  }
}

std::vector<Place> places_in(Sequential& model, const FileClasses& classes = {}) {
  std::vector<Place> places;
  add_places(model, "", classes, places);
  return places;
}

std::vector<std::string> groups_of(const Place& place) {
  if (!place.words->has_inner_lookup()) return {place.group};
  return {place.group + "/_lookup_layer", place.group};
}

std::vector<float> idf_in(const Hdf5Reader& file, const std::string& group) {
  const std::string path = group + "/vars/" + idf_weights;
  if (!file.has(path)) return {};
  const Extents extents = file.extents(path);
  if (extents.rank() != 1) throw FileError(fmt::format("{}: shape {}; expected one axis.", path, extents.to_string()));
  file.check(path, extents);
  std::vector<float> weights(static_cast<std::size_t>(extents[0]));
  file.read(path, extents, weights.data());
  return weights;
}

}  // namespace

const std::string& idf_weights = *new std::string("idf_weights");

void write_vocabularies(ZipWriter& zip, Sequential& model) {
  for (const Place& place : places_in(model)) {
    const std::optional<std::string> lines = place.words->vocabulary_file();
    if (!lines) continue;
    for (const std::string& group : groups_of(place)) zip.add(fmt::format("assets/{}/vocabulary.txt", group), *lines);
  }
}

void write_idf_weights(Hdf5Writer& file, Sequential& model) {
  for (const Place& place : places_in(model)) {
    const std::vector<float> weights = place.words->idf_of_columns();
    if (weights.empty()) continue;
    for (const std::string& group : groups_of(place)) {
      file.write(group + "/vars/" + idf_weights, {static_cast<std::int64_t>(weights.size())}, weights.data());
    }
  }
}

void read_vocabularies(const ZipReader& zip, const Hdf5Reader& weights, Sequential& model, const FileClasses& classes) {
  for (const Place& place : places_in(model, classes)) {
    if (place.words->has_words()) continue;  // from the configuration
    const std::string member = fmt::format("assets/{}/vocabulary.txt", place.group);
    if (!zip.has(member)) {
      throw FileError(
          fmt::format("{}: is missing; expected the words of \"{}\".", member, shown((*place.layer)->name())));
    }
    place.words->set_vocabulary_file(zip.read(member).text(), idf_in(weights, place.group));
  }
}

void read_idf_weights(const Hdf5Reader& file, Sequential& model, const FileClasses& classes,
                      const std::function<std::string(const std::string& group)>& path_of) {
  const std::vector<Place> places = places_in(model, classes);
  for (const bool sets : {false, true}) {  // first checks all, so that an error changes none
    for (const Place& place : places) {
      const std::vector<float> weights = idf_in(file, path_of(place.group));
      if (weights.size() != place.words->idf_of_columns().size()) {
        throw FileError(fmt::format("{}/vars/{}: {} numbers; expected {}, the columns of \"{}\" in the mode tf_idf.",
                                    place.group, idf_weights, weights.size(), place.words->idf_of_columns().size(),
                                    shown((*place.layer)->name())));
      }
      if (sets && !weights.empty()) place.words->set_idf_of_columns(weights);
    }
  }
}

void check_no_vocabularies(const std::string& path, Sequential& model) {
  for (const Place& place : places_in(model)) {
    if (!place.words->vocabulary_file()) continue;
    throw InvalidArgument(
        fmt::format("{}: \"{}\" has learnt a vocabulary, which .h5 files do not hold; expected a .keras file. Give it "
                    "that name, or give the words as the argument .vocabulary.",
                    path, shown((*place.layer)->name())));
  }
}

}  // namespace xeras::io
