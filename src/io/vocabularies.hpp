#pragma once

#include "io/hdf5_reader.hpp"
#include "io/hdf5_writer.hpp"
#include "io/weight_places.hpp"
#include "io/zip.hpp"

namespace xeras::io {

// The words of preprocessing layers, which a .keras file has as assets/layers/text_vectorization/vocabulary.txt, and
// their weights in the mode "tf_idf", which are beside the weights of layers. Keras also has both for the lookup layer
// within a TextVectorization.

void write_vocabularies(ZipWriter& zip, Sequential& model);
void write_idf_weights(Hdf5Writer& file, Sequential& model);

// Reads the words of a model that is not built yet, since the number of columns depends on them.
void read_vocabularies(const ZipReader& zip, const Hdf5Reader& weights, Sequential& model, const FileClasses& classes);
// Reads the weights alone, for the words that the model has. `path_of` gives the place of a group in the file.
void read_idf_weights(const Hdf5Reader& file, Sequential& model, const FileClasses& classes,
                      const std::function<std::string(const std::string& group)>& path_of);

// The name of the array among the weights of a layer.
extern const std::string& idf_weights;

// Throws InvalidArgument for a model with words that a file without assets cannot hold.
void check_no_vocabularies(const std::string& path, Sequential& model);

}  // namespace xeras::io
