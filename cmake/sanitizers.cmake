# XERAS_SANITIZE applies to the whole tree: a program that is only half instrumented reports nonsense.
if(XERAS_SANITIZE)
  add_compile_options(-fsanitize=${XERAS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${XERAS_SANITIZE})
endif()
