# rubricon_embed(<module> <name> <file>)
# Compiles the bytes of <file> into <module> as `extern const std::string_view <name>` in namespace
# rubricon::<module>::embedded. The module declares it itself where it is used.
function(rubricon_embed module name file)
  set(out ${PROJECT_BINARY_DIR}/embedded/${module}_${name}.cpp)
  get_filename_component(path ${file} ABSOLUTE)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DIN=${path} -DOUT=${out} -DMODULE=${module} -DNAME=${name}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
    DEPENDS ${path} ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
    COMMENT "Embedding ${name} into ${module}")
  target_sources(${module} PRIVATE ${out})
endfunction()
