#pragma once

// Cures for faults of xtensor. Every other use of xtensor comes after this header.

// xtensor before 0.26 gives expressions over an xarray a wrong temporary type under g++ in C++20 (a fixed-rank xtensor
// of an uninitialised shape), which compiles silently and crashes; naming the right one for the one shape type
// concerned cures it. Where the compiler was told -fno-new-ttp-matching, as the CMake target does, the macro below is
// not defined and nothing needs a cure.
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

// The result of a lazy reduction with keep_dims is 1 long along the axes that it sums. Where it broadcasts, xtensor's
// stepper walks along these axes nevertheless: it sums other elements, and some beyond the end of the memory. Ours
// stays where it is.
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
  // One step beyond the last element, along the axis by which iterators first step back.
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
