# The component xeras::distribution: a library of its own, so that programs without it need no MPI.
find_package(MPI COMPONENTS CXX)
if(NOT MPI_CXX_FOUND)
  if(XERAS_MPI STREQUAL "ON")
    message(FATAL_ERROR "xeras: XERAS_MPI is ON, and MPI is missing; expected OpenMPI or MPICH. Install libopenmpi-dev, "
      "or leave XERAS_MPI out.")
  endif()
  message(STATUS "xeras::distribution is left out: it needs MPI (Debian: libopenmpi-dev openmpi-bin)")
  return()
endif()

file(GLOB distribution_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/distribution/*.cpp)
add_library(xeras_distribution ${distribution_sources})
add_library(xeras::distribution ALIAS xeras_distribution)
xeras_warnings(xeras_distribution)
target_link_libraries(xeras_distribution PUBLIC xeras PRIVATE MPI::MPI_CXX fmt::fmt)
# The old C++ interface of MPI is not used, and gives warnings.
target_compile_definitions(xeras_distribution PRIVATE OMPI_SKIP_MPICXX MPICH_SKIP_MPICXX)
target_include_directories(xeras_distribution PRIVATE ${PROJECT_SOURCE_DIR}/src)
set_target_properties(xeras_distribution PROPERTIES EXPORT_NAME distribution CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON DEBUG_POSTFIX d VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
if(XERAS_INSTALL)
  # A program asks for it: find_package(xeras CONFIG REQUIRED COMPONENTS distribution).
  install(TARGETS xeras_distribution EXPORT xerasDistributionTargets)
  install(EXPORT xerasDistributionTargets NAMESPACE xeras:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/xeras)
endif()
