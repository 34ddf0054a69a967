# The library. Its sources are found, not listed, so a new layer needs no change to a CMake file.
file(GLOB_RECURSE xeras_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.cpp)
list(FILTER xeras_sources EXCLUDE REGEX "/src/distribution/")
if(XERAS_FILES)
  list(FILTER xeras_sources EXCLUDE REGEX "/src/without_files/")
  find_package(nlohmann_json REQUIRED)
  set(xeras_file_libraries xeras::hdf5 xeras::zip $<BUILD_INTERFACE:nlohmann_json::nlohmann_json>)
else()
  list(FILTER xeras_sources EXCLUDE REGEX "/src/(io/|callbacks/(backup_and_restore|model_checkpoint))")
  list(APPEND xeras_sources ${PROJECT_SOURCE_DIR}/src/io/atomic_file.cpp)  # pictures need no library
  set(xeras_file_libraries)
endif()
if(XERAS_TENSORBOARD)
  list(FILTER xeras_sources EXCLUDE REGEX "/src/without_tensorboard/")
  include(cmake/event_files.cmake)
else()
  list(FILTER xeras_sources EXCLUDE REGEX "/src/(tensorboard/|callbacks/tensorboard)")
endif()

# The sources are compiled once and packed into the library. If that is shared, they also go into a static library for
# the tests, which call private functions that a shared library hides.
add_library(xeras_objects OBJECT ${xeras_sources})
set_target_properties(xeras_objects PROPERTIES POSITION_INDEPENDENT_CODE ON)
xeras_warnings(xeras_objects)
target_compile_definitions(xeras_objects PRIVATE XERAS_VERSION="${PROJECT_VERSION}")
xeras_group_by_folder(xeras_objects ${xeras_sources})
# The headers that most sources include; xtensor alone takes a second to read. Each source still includes what it needs
# (record 16).
target_precompile_headers(xeras_objects PRIVATE <fmt/format.h> ${PROJECT_SOURCE_DIR}/include/xeras/layers/call.hpp)

add_library(xeras $<TARGET_OBJECTS:xeras_objects>)
add_library(xeras::xeras ALIAS xeras)
# A debug and a release build can share a prefix: their libraries have different names, and the package knows both.
set_target_properties(xeras PROPERTIES DEBUG_POSTFIX d
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

set(xeras_targets xeras_objects xeras)
if(BUILD_SHARED_LIBS)
  # The threads live as long as the process, so dlclose must not unload their code.
  if(NOT APPLE)
    target_link_options(xeras PRIVATE LINKER:-z,nodelete)
  endif()
  add_library(xeras_static STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:xeras_objects>)
  list(APPEND xeras_targets xeras_static)
else()
  add_library(xeras_static ALIAS xeras)
endif()

foreach(target IN LISTS xeras_targets)
  target_compile_features(${target} PUBLIC cxx_std_20)
  # On processors with FMA, the compiler would fuse a * b + c in one place and not in another, so that results would
  # depend on the place of a number. The kernels use FMA explicitly.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src ${xeras_generated_includes})
  target_link_libraries(${target} PUBLIC xeras::xtensor PRIVATE fmt::fmt xeras::utf8proc xeras::blas Threads::Threads ${xeras_file_libraries})
  # Symbols are hidden even in the static library: a program that links it must neither re-export them nor replace them
  # by its own instances of xtensor's templates.
  set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endforeach()

# Instruction sets: everything is built for the baseline of its architecture and runs anywhere. The simd files contain
# the same kernels for wider vectors, chosen at run time. They use -O3 even in Debug: without inlining, such a file also
# emits ordinary functions (std::min) with wide instructions, and the linker may choose those for the whole program.
set(kernel_options -fno-math-errno -fno-trapping-math)
file(GLOB kernel_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/kernels/*.cpp)
foreach(source IN LISTS kernel_sources)
  get_filename_component(stem ${source} NAME_WE)
  set(options ${kernel_options})
  if(stem MATCHES "^simd_")
    list(APPEND options -O3)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
      if(stem STREQUAL "simd_avx2")
        list(APPEND options -mavx2 -mfma)
      elseif(stem STREQUAL "simd_avx512")
        list(APPEND options -mavx512f -mavx512cd -mavx512dq -mavx512bw -mavx512vl -mavx2 -mfma
          -mprefer-vector-width=512)
      endif()
    endif()
  else()
    list(APPEND options $<$<CONFIG:Release>:-O3>)
  endif()
  set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${options}" SKIP_PRECOMPILE_HEADERS ON)
endforeach()
