# `cmake --install` installs the headers, the library, and the package that find_package(xeras CONFIG) reads.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/xeras)

install(TARGETS xeras EXPORT xerasTargets)
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT xerasTargets NAMESPACE xeras:: DESTINATION ${package_dir})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES cmake/dependencies.cmake DESTINATION ${package_dir} RENAME xerasDependencies.cmake)

configure_package_config_file(cmake/xerasConfig.cmake.in ${PROJECT_BINARY_DIR}/xerasConfig.cmake
  INSTALL_DESTINATION ${package_dir})
# Before 1.0, a minor release may break source compatibility.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/xerasConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/xerasConfig.cmake ${PROJECT_BINARY_DIR}/xerasConfigVersion.cmake
  DESTINATION ${package_dir})
