# Does a stranger's project build against what we install? Installs the built library into an empty prefix, then
# configures, builds and runs the project beside this file against that prefix alone.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(configure ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -G ${generator}
  -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_TOOLCHAIN_FILE=${toolchain})
# Our prefix, then those that xeras itself was built with.
list(PREPEND prefix_path ${work}/prefix)
list(JOIN prefix_path ":" prefix_path)
set(ENV{CMAKE_PREFIX_PATH} ${prefix_path})

# Yesterday's files must not make today's package look complete.
file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} --install ${library_build} --config ${config} --prefix ${work}/prefix)
run(${configure} -B ${work}/build)
run(${CMAKE_COMMAND} --build ${work}/build)
run(${emulator} ${work}/build/app)
run(${emulator} ${work}/build/app_xsimd)
run(${emulator} ${work}/build/app_locale)
if(EXISTS ${work}/build/app_distribution)
  run(${CMAKE_COMMAND} -E env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 ${work}/build/app_distribution)
endif()

function(refused target message)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${work}/build --target refused_${target}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0 OR NOT output MATCHES "${message}")
    message(FATAL_ERROR "refused_${target} was not refused with \"${message}\":\n${output}")
  endif()
endfunction()
refused(no_rtti "xeras needs run-time type information")
refused(no_exceptions "xeras reports errors by exceptions")
refused(glibcxx_debug "_GLIBCXX_DEBUG gives std::vector another layout")
refused(none_macro "None is a macro here")

# A program that finds another xtensor than the library was built with is told so.
file(WRITE ${work}/other_xtensor/xtensorConfig.cmake "add_library(xtensor INTERFACE IMPORTED)\n")
file(WRITE ${work}/other_xtensor/xtensorConfigVersion.cmake "set(PACKAGE_VERSION 0.1.2)\n")
execute_process(COMMAND ${configure} -B ${work}/other_build -D xtensor_DIR=${work}/other_xtensor
  RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE errors)
string(REGEX REPLACE "[ \n]+" " " errors "${errors}")  # CMake breaks lines
if(status EQUAL 0 OR NOT errors MATCHES "finds xtensor 0\\.1\\.2 .*xeras was built with xtensor [0-9]")
  message(FATAL_ERROR "A program with xtensor 0.1.2 was not refused:\n${errors}")
endif()
