# xeras_warnings(target): the warnings our own code must pass. Private, so that no user ever inherits them.
function(xeras_warnings target)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual>
    $<$<BOOL:${XERAS_WERROR}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # g++ refuses designated initializers out of order; clang only warns, and users of g++ would pay.
    target_compile_options(${target} PRIVATE -Werror=reorder-init-list)
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # False alarms that g++ raises from -O2 on for code inlined from xtensor, although its headers are system headers.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-maybe-uninitialized -Wno-restrict
      -Wno-stringop-overflow)
  endif()
endfunction()
