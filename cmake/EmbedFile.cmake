# Writes OUT: the bytes of IN as a string_view. Raw strings keep the generated file readable and
# fast to compile; no input may contain the delimiter.
file(READ ${IN} text)
if(text MATCHES "\\)RUBRICON_EMBED\"")
  message(FATAL_ERROR "${IN} contains the raw string delimiter")
endif()
# file(WRITE) would treat ';' and brackets literally here: the text is one argument.
file(WRITE ${OUT} "#include <string_view>\n\nnamespace rubricon::${MODULE}::embedded {\n"
  "extern const std::string_view ${NAME};\nconst std::string_view ${NAME} = R\"RUBRICON_EMBED(")
file(APPEND ${OUT} "${text}")
file(APPEND ${OUT} ")RUBRICON_EMBED\";\n}  // namespace rubricon::${MODULE}::embedded\n")
