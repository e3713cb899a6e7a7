# Header libraries and Catch2, as targets x2g_eigen, x2g_xsimd and x2g_catch2.
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

# Catch2 3.7: its headers one by one, its library from the one amalgamated source (15 s instead of a hundred small files).
if(X2G_TESTS)
  set(X2G_CATCH2_DIR "${X2G_TOOLCHAIN}/catch2")
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
endif()
