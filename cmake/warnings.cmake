# xeras_warnings(target): the warnings for our own code. They are private, so users do not inherit them.
function(xeras_warnings target)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual>
    $<$<BOOL:${XERAS_WERROR}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # g++ rejects designated initializers in the wrong order; clang only warns, so users of g++ would get the error.
    target_compile_options(${target} PRIVATE -Werror=reorder-init-list)
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # False positives of g++ with -O2 or higher for code inlined from xtensor, although its headers are system headers.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-maybe-uninitialized -Wno-restrict
      -Wno-stringop-overflow)
  endif()
endfunction()
