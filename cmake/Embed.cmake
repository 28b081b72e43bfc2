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

# rubricon_embed_yaml(<module> <name> <file>)
# As rubricon_embed, with the YAML converted to JSON (tools/yaml_to_json.py, Debian: python3-yaml).
function(rubricon_embed_yaml module name file)
  set(json ${PROJECT_BINARY_DIR}/embedded/${module}_${name}.json)
  get_filename_component(path ${file} ABSOLUTE)
  set(tool ${PROJECT_SOURCE_DIR}/tools/yaml_to_json.py)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/embedded)
  add_custom_command(
    OUTPUT ${json}
    COMMAND python3 ${tool} ${path} ${json}
    DEPENDS ${path} ${tool}
    COMMENT "Converting ${name} to JSON")
  rubricon_embed(${module} ${name} ${json})
endfunction()
