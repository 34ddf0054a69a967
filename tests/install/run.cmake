# Does a stranger's project build against what we install? Installs the built library into an empty prefix, then
# configures, builds and runs the project beside this file against that prefix alone.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Yesterday's files must not make today's package look complete.
file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} --install ${library_build} --config ${config} --prefix ${work}/prefix)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work}/build -G ${generator}
  -D CMAKE_PREFIX_PATH=${work}/prefix -D CMAKE_CXX_COMPILER=${compiler})
run(${CMAKE_COMMAND} --build ${work}/build)
run(${work}/build/app)
run(${work}/build/app_xsimd)
