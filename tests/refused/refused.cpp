// What a compiler must refuse, one snippet for each REFUSED_*; CMakeLists.txt says what it must say.
#include <xeras/xeras.hpp>

using namespace xeras;
using namespace xeras::layers;

#if defined(REFUSED_copy)
Sequential refused(const Sequential& model) {
  Sequential copy = model;
  return copy;
}
#elif defined(REFUSED_pointer)
void refused(Sequential& model) { model.add(new Dense(3)); }
#elif defined(REFUSED_smart_pointer)
void refused() { Sequential model{std::make_unique<Dense>(3), Dense(1)}; }
#elif defined(REFUSED_pointer_in_wrapper)
void refused() { Bidirectional both(new LSTM(3)); }
#elif defined(REFUSED_model_by_reference)
void refused(Sequential& model, const Sequential& part) { model.add(part); }
#elif defined(REFUSED_unknown_class)
void refused(Sequential& model, const Sequential& other) { model.add(other.get_layer(0)); }
#else
struct OwnOptions {
#if defined(REFUSED_field)
  char* text = nullptr;
#else
  int text = 0;
#endif
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(OwnOptions, text, name, trainable)
class Own final : public LayerWith<OwnOptions> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder&) override { return input; }
  void forward(const Call&) const override {}
#if defined(REFUSED_layer_without_copy)
  std::unique_ptr<int> owned;
#endif
};
void refused(Sequential& model) { model.add(Own()); }
#endif
