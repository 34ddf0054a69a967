# The dependencies of xeras, each as a target xeras::<name> that is the same for every packaging.
# This file is also installed and read by xerasConfig.cmake, which recreates the wrappers from what the consumer's
# machine has. It therefore defines imported targets only, and nothing that only a build of xeras itself needs.
include(CMakeFindDependencyMacro)

if(CMAKE_FIND_PACKAGE_NAME STREQUAL "xeras")
  macro(xeras_find name)
    find_dependency(${name})
  endmacro()
  set(xeras_scope)
else()
  # In a build of xeras (not inside a find_package call), a missing package is an immediate error. The targets must be
  # visible to programs outside this directory, in case xeras is a subdirectory of a larger build.
  macro(xeras_find name)
    find_package(${name} REQUIRED)
  endmacro()
  set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
  set(xeras_scope GLOBAL)
endif()

# xtensor: the arrays in the public headers.
xeras_find(xtensor)
if(NOT TARGET xeras::xtensor)
  add_library(xeras::xtensor INTERFACE IMPORTED ${xeras_scope})
  if(TARGET xtensor::xtensor)
    target_link_libraries(xeras::xtensor INTERFACE xtensor::xtensor)
  else()
    target_link_libraries(xeras::xtensor INTERFACE xtensor)
  endif()
  if(xtensor_VERSION VERSION_LESS 0.26)
    # In C++20 mode these compilers take the shape of xt::xarray for that of xt::xtensor<T, 4>; reductions of
    # temporaries then crash (g++) or do not compile (clang). core/tensor.hpp works around it for g++, but only if it is
    # included before xtensor; the option allows any order. clang has accepted the option since 19, when the rule became
    # its default, and did so until 21.
    set(is_clang_19_to_21 "$<COMPILE_LANG_AND_ID:CXX,Clang>"
      "$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,19>" "$<VERSION_LESS:$<CXX_COMPILER_VERSION>,22>")
    list(JOIN is_clang_19_to_21 "," is_clang_19_to_21)
    target_compile_options(xeras::xtensor INTERFACE
      "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-new-ttp-matching>"
      "$<$<AND:${is_clang_19_to_21}>:-fno-relaxed-template-template-args>")
    unset(is_clang_19_to_21)
  endif()
endif()

# The rest is for sources only; a program that links the shared library does not need it.
if(XERAS_IS_SHARED_PACKAGE)
  unset(xeras_scope)
  return()
endif()

# fmt: messages.
xeras_find(fmt)

xeras_find(Threads)

# Finds a library whose packages have no CMake files in common.
macro(xeras_find_library name header)
  if(NOT TARGET xeras::${name})
    string(TOUPPER ${name} xeras_upper)
    find_path(XERAS_${xeras_upper}_INCLUDE_DIR ${header} PATH_SUFFIXES hdf5/serial REQUIRED)
    set(xeras_libraries)
    foreach(xeras_names IN ITEMS ${ARGN})  # each with its alternative names, separated by |
      string(REPLACE "|" ";" xeras_names ${xeras_names})
      list(GET xeras_names 0 xeras_first)
      find_library(XERAS_${xeras_first}_LIBRARY NAMES ${xeras_names} REQUIRED)
      mark_as_advanced(XERAS_${xeras_first}_LIBRARY)
      set(xeras_library ${XERAS_${xeras_first}_LIBRARY})
      # Only programs that call a library should load it at their start, because HDF5 alone depends on thirty others.
      # The flags form one item so that CMake does not reorder them. A library in another folder needs the path that
      # CMake gives to its programs.
      cmake_path(GET xeras_library PARENT_PATH xeras_folder)
      if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND xeras_folder IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
        set(xeras_library "-Wl,--push-state,--as-needed,${xeras_library},--pop-state")
      endif()
      list(APPEND xeras_libraries ${xeras_library})
    endforeach()
    mark_as_advanced(XERAS_${xeras_upper}_INCLUDE_DIR)
    add_library(xeras::${name} INTERFACE IMPORTED ${xeras_scope})
    target_link_libraries(xeras::${name} INTERFACE ${xeras_libraries})
    target_include_directories(xeras::${name} INTERFACE ${XERAS_${xeras_upper}_INCLUDE_DIR})
  endif()
endmacro()

# Unicode, in two sources.
xeras_find_library(utf8proc utf8proc.h utf8proc)

# BLAS and LAPACK, in one source each: OpenBLAS through the interfaces of xtensor-blas. The CMake package of
# xtensor-blas links any BLAS that CMake finds, so only its headers are used.
xeras_find_library(blas xtensor-blas/xblas_config.hpp openblas)

# Keras files, in src/io only.
if(XERAS_FILES)
  xeras_find_library(hdf5 hdf5.h hdf5_serial|hdf5)
  xeras_find_library(zip zip.h zip)
endif()

# TensorBoard's event files, in src/tensorboard only. Newer releases of protobuf have a CMake package of their own, which
# knows the libraries that they need.
if(XERAS_TENSORBOARD)
  find_package(protobuf CONFIG QUIET)
  if(NOT TARGET protobuf::libprotobuf-lite)
    xeras_find(Protobuf)
  endif()
endif()

unset(xeras_scope)
