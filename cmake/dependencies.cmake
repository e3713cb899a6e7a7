# Header libraries and Catch2, as targets x2g_eigen, x2g_xsimd, x2g_cli11 and x2g_catch2.
# Looked for in this order: the system, the folders that `./lab setup` unpacked (.toolchain/), a pinned download.
# Each header library is reached through a folder of its own, so that a WebAssembly build never sees the host's headers.
include(FetchContent)
set(X2G_TOOLCHAIN "${CMAKE_CURRENT_LIST_DIR}/../.toolchain")

# Makes target NAME offering FOLDER/SUBFOLDER as <SUBFOLDER/…>.
function(x2g_header_library name folder subfolder)
  set(view "${CMAKE_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${view}")
  file(CREATE_LINK "${folder}/${subfolder}" "${view}/${subfolder}" SYMBOLIC)
  add_library(${name} INTERFACE)
  target_include_directories(${name} SYSTEM INTERFACE "${view}")
endfunction()

# Eigen 3.4
find_path(X2G_EIGEN_DIR Eigen/Core PATH_SUFFIXES eigen3 NO_CMAKE_FIND_ROOT_PATH PATHS /usr/include /usr/local/include /opt/homebrew/include)
if(X2G_EIGEN_DIR)
  x2g_header_library(x2g_eigen "${X2G_EIGEN_DIR}" Eigen)
else()
  FetchContent_Declare(eigen URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.bz2
    URL_HASH SHA256=b4c198460eba6f28d34894e3a5710998818515104d6e74e5cc331ce31e46e626 SOURCE_SUBDIR none)
  FetchContent_MakeAvailable(eigen)
  x2g_header_library(x2g_eigen "${eigen_SOURCE_DIR}" Eigen)
endif()
target_compile_definitions(x2g_eigen INTERFACE EIGEN_MPL2_ONLY EIGEN_DONT_PARALLELIZE)

# xsimd 13 (Debian 12's own 8.1 knows no WebAssembly): a system copy counts only when it is new enough.
find_path(X2G_XSIMD_DIR xsimd/xsimd.hpp NO_CMAKE_FIND_ROOT_PATH NO_DEFAULT_PATH
  PATHS "${X2G_TOOLCHAIN}/include" /usr/local/include /opt/homebrew/include /usr/include)
set(x2g_xsimd_major 0)
if(X2G_XSIMD_DIR)
  file(STRINGS "${X2G_XSIMD_DIR}/xsimd/config/xsimd_config.hpp" x2g_xsimd_line REGEX "define XSIMD_VERSION_MAJOR")
  string(REGEX MATCH "[0-9]+$" x2g_xsimd_major "${x2g_xsimd_line}")
endif()
if(x2g_xsimd_major GREATER_EQUAL 13)
  x2g_header_library(x2g_xsimd "${X2G_XSIMD_DIR}" xsimd)
else()
  FetchContent_Declare(xsimd GIT_REPOSITORY https://github.com/xtensor-stack/xsimd GIT_TAG 13.2.0 SOURCE_SUBDIR none)
  FetchContent_MakeAvailable(xsimd)
  x2g_header_library(x2g_xsimd "${xsimd_SOURCE_DIR}/include" xsimd)
endif()

# CLI11 2: the arguments of the native program
if(X2G_CLI AND NOT EMSCRIPTEN)
  find_path(X2G_CLI11_DIR CLI/CLI.hpp NO_DEFAULT_PATH PATHS "${X2G_TOOLCHAIN}/include" /usr/local/include /opt/homebrew/include /usr/include)
  if(X2G_CLI11_DIR)
    x2g_header_library(x2g_cli11 "${X2G_CLI11_DIR}" CLI)
  else()
    FetchContent_Declare(cli11 URL https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.1.2.tar.gz
      URL_HASH SHA256=26291377e892ba0e5b4972cdfd4a2ab3bf53af8dac1f4ea8fe0d1376b625c8cb SOURCE_SUBDIR none)
    FetchContent_MakeAvailable(cli11)
    x2g_header_library(x2g_cli11 "${cli11_SOURCE_DIR}/include" CLI)
  endif()
endif()

# Catch2 3: a system copy (native builds only), else its headers one by one and its library from the one amalgamated
# source (15 s instead of a hundred small files).
if(X2G_TESTS)
  set(X2G_CATCH2_DIR "${X2G_TOOLCHAIN}/catch2")
  if(NOT EMSCRIPTEN AND NOT EXISTS "${X2G_CATCH2_DIR}/extras/catch_amalgamated.cpp")
    find_package(Catch2 3 QUIET)
  endif()
  if(Catch2_FOUND)
    add_library(x2g_catch2 INTERFACE)
    target_link_libraries(x2g_catch2 INTERFACE Catch2::Catch2WithMain)
  else()
    include(catch2)
  endif()
endif()
