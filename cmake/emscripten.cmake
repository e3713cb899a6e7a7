# Toolchain file of the wasm presets: an emcc on PATH wins, else the copy that `./lab setup` unpacked into .toolchain/.
# It only finds Emscripten and hands over to Emscripten's own toolchain file.
find_program(X2G_EMCC emcc NO_CMAKE_FIND_ROOT_PATH)
if(X2G_EMCC)
  # emcc may be a link (Homebrew, Debian): ask it where it lives.
  get_filename_component(x2g_emscripten_real "${X2G_EMCC}" REALPATH)
  get_filename_component(x2g_emscripten_root "${x2g_emscripten_real}" DIRECTORY)
  if(NOT EXISTS "${x2g_emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
    execute_process(COMMAND em-config EMSCRIPTEN_ROOT OUTPUT_VARIABLE x2g_emscripten_root OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
else()
  set(x2g_emscripten_root "${CMAKE_CURRENT_LIST_DIR}/../.toolchain/em/usr/share/emscripten")
endif()
get_filename_component(x2g_emscripten_root "${x2g_emscripten_root}" ABSOLUTE)
if(NOT EXISTS "${x2g_emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
  message(FATAL_ERROR "No Emscripten found: neither an emcc on PATH nor .toolchain/em. Run `./lab setup`, or install the emsdk (3.1.60 or newer).")
endif()
include("${x2g_emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
