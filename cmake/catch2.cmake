# x2g_catch2 from Catch2's own files in X2G_CATCH2_DIR, or downloaded where that folder is missing. Included by dependencies.cmake.
if(NOT EXISTS "${X2G_CATCH2_DIR}/extras/catch_amalgamated.cpp")
  FetchContent_Declare(catch2 URL https://github.com/catchorg/Catch2/archive/refs/tags/v3.7.1.tar.gz
    URL_HASH SHA256=c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c SOURCE_SUBDIR none)
  FetchContent_MakeAvailable(catch2)
  set(X2G_CATCH2_DIR "${catch2_SOURCE_DIR}")
endif()
set(CATCH_CONFIG_DEFAULT_REPORTER console)
set(CATCH_CONFIG_CONSOLE_WIDTH 120)
configure_file("${X2G_CATCH2_DIR}/src/catch2/catch_user_config.hpp.in" "${CMAKE_BINARY_DIR}/include/catch2/catch2/catch_user_config.hpp")
add_library(x2g_catch2 STATIC "${X2G_CATCH2_DIR}/extras/catch_amalgamated.cpp")
target_compile_features(x2g_catch2 PUBLIC cxx_std_20)
# Barely optimized and not sanitized: it is not what is tested, and it is a third of a fresh build's time otherwise.
target_compile_options(x2g_catch2 PRIVATE -O1)
if(EMSCRIPTEN)
  target_link_libraries(x2g_catch2 PRIVATE x2g_abi)
endif()
target_include_directories(x2g_catch2 SYSTEM PUBLIC "${CMAKE_BINARY_DIR}/include/catch2" "${X2G_CATCH2_DIR}/src" "${X2G_CATCH2_DIR}/extras")
