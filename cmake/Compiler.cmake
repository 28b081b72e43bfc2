# The compiler, its warnings and its sanitizers. Why clang 19: docs/adr/0001-compiler.md.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} destroys temporaries twice in statements that contain co_await "
    "(docs/adr/0001-compiler.md). Use clang 17 or newer (`./dev build` installs and picks clang 19) or g++ 13 or newer.")
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 17)
  message(FATAL_ERROR "clang ${CMAKE_CXX_COMPILER_VERSION} is too old: 17 or newer is needed, 19 is what the tests run with.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
# Fuzzers, whose worth is in how often they run. Assertions stay.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -fstack-protector-strong -D_FORTIFY_SOURCE=2")

option(RUBRICON_WERROR "Treat warnings as errors" OFF)
set(RUBRICON_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")

add_library(rubricon_flags INTERFACE)
target_compile_options(rubricon_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
  -Wnon-virtual-dtor -Wno-missing-field-initializers -Wno-missing-designated-field-initializers)
if(RUBRICON_WERROR)
  target_compile_options(rubricon_flags INTERFACE -Werror)
endif()
if(RUBRICON_SANITIZE)
  add_compile_options(-fsanitize=${RUBRICON_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  string(REPLACE ",fuzzer-no-link" "" link_sanitize "${RUBRICON_SANITIZE}")
  add_link_options(-fsanitize=${link_sanitize})
endif()

# Asio is compiled once, in boost_impl, instead of in every translation unit.
add_library(boost_impl STATIC ${CMAKE_CURRENT_LIST_DIR}/boost_impl.cpp)
target_compile_definitions(boost_impl PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
