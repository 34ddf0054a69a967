# Generates the code for the messages of TensorBoard's event files, and adds it to the sources of the library.
set(event_folder ${PROJECT_BINARY_DIR}/generated)
set(event_sources ${event_folder}/tensorboard/event.pb.cc ${event_folder}/tensorboard/event.pb.h)
file(MAKE_DIRECTORY ${event_folder})
add_custom_command(OUTPUT ${event_sources}
  COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR}/src --cpp_out=${event_folder} tensorboard/event.proto
  DEPENDS ${PROJECT_SOURCE_DIR}/src/tensorboard/event.proto
  VERBATIM)
set_source_files_properties(${event_sources} PROPERTIES COMPILE_OPTIONS -w SKIP_PRECOMPILE_HEADERS ON)
list(APPEND xeras_sources ${event_sources})
list(APPEND xeras_file_libraries protobuf::libprotobuf-lite)
# Private headers of src include the generated one.
set(xeras_generated_includes ${event_folder})
