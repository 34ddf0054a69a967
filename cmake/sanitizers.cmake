# XERAS_SANITIZE applies to the whole tree, because a partly instrumented program reports false errors.
if(XERAS_SANITIZE)
  add_compile_options(-fsanitize=${XERAS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${XERAS_SANITIZE})
endif()
