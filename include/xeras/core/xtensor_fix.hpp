#pragma once

// Workarounds for bugs in xtensor. Include this header before any other use of xtensor.

// Before 0.26, under g++ in C++20, xtensor gives expressions over an xarray a wrong temporary type: a fixed-rank
// xtensor of an uninitialised shape. It compiles silently and crashes. The specialization below names the right type
// for the one affected shape type. With -fno-new-ttp-matching, which the CMake target sets, the macro below is
// undefined and no workaround is needed.
#if __has_include(<xtensor/core/xtensor_config.hpp>)
#include <xtensor/core/xtensor_config.hpp>
#else
#include <xtensor/xtensor_config.hpp>
#endif

#if XTENSOR_VERSION_MAJOR == 0 && XTENSOR_VERSION_MINOR < 26 && defined(__cpp_template_template_args)
#include <xtensor/xexpression_traits.hpp>
#include <xtensor/xstorage.hpp>

namespace xt::detail {
template <>
struct xtype_for_shape<svector<std::size_t, 4, std::allocator<std::size_t>, true>> {
  template <class T, layout_type L>
  using type = xarray<T, L>;
};
}  // namespace xt::detail
#endif

// A lazy reduction with keep_dims has size 1 along the axes that it sums. When the result broadcasts, xtensor's stepper
// still moves along these axes: it sums other elements, some of them past the end of the memory. This stepper stays in
// place.
#if __has_include(<xtensor/reducers/xreducer.hpp>)
#include <xtensor/reducers/xreducer.hpp>
#else
#include <xtensor/xreducer.hpp>
#endif

namespace xeras {

template <class F, class CT, class X, class O>
class KeepDimsStepper : public xt::xreducer_stepper<F, CT, X, O> {
 public:
  using Base = xt::xreducer_stepper<F, CT, X, O>;
  using size_type = typename Base::size_type;

  KeepDimsStepper(const xt::xreducer<F, CT, X, O>& reducer, size_type offset)
      : Base(reducer, offset), reducer_(&reducer), offset_(offset) {}
  KeepDimsStepper(const xt::xreducer<F, CT, X, O>& reducer, size_type offset, bool end, xt::layout_type layout)
      : KeepDimsStepper(reducer, offset) {
    if (end) to_end(layout);
  }

  void step(size_type axis) { step(axis, 1); }
  void step(size_type axis, size_type n) {
    if (moves_along(axis)) Base::step(axis, n);
  }
  void step_back(size_type axis) { step_back(axis, 1); }
  void step_back(size_type axis, size_type n) {
    if (moves_along(axis)) Base::step_back(axis, n);
  }
  // Moves one step past the last element, along the axis by which iterators step back first.
  void to_end(xt::layout_type layout) {
    Base::to_begin();
    const size_type rank = reducer_->dimension();
    for (size_type axis = 0; axis < rank; ++axis) step(axis + offset_, reducer_->shape()[axis] - 1);
    if (rank != 0) step(layout == xt::layout_type::row_major ? offset_ + rank - 1 : 0);
  }

 private:
  bool moves_along(size_type axis) const { return axis >= offset_ && reducer_->shape()[axis - offset_] > 1; }

  const xt::xreducer<F, CT, X, O>* reducer_;
  size_type offset_;
};

}  // namespace xeras

namespace xt {
template <class F, class CT, class X, class O>
requires(O::keep_dims::value) struct xiterable_inner_types<xreducer<F, CT, X, O>> {
  using inner_shape_type =
      typename xreducer_shape_type<typename std::decay_t<CT>::shape_type, std::decay_t<X>, typename O::keep_dims>::type;
  using const_stepper = xeras::KeepDimsStepper<F, CT, X, O>;
  using stepper = const_stepper;
};
}  // namespace xt
