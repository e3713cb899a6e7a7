# Natively on x86-64 the kernels are compiled once per instruction set and chosen when the program runs: core/src/kernels/variant.hpp tells
# how. What is not a kernel is compiled for every x86-64 machine. Included after flags.cmake; X2G_DISPATCH says whether it is so.
set(X2G_DISPATCH OFF)
if(NOT EMSCRIPTEN AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  set(X2G_DISPATCH ON)
  target_compile_definitions(x2g_flags INTERFACE X2G_DISPATCH=1)
endif()

# From the smallest to the largest; dispatch.cpp asks the machine for exactly these.
set(X2G_VARIANTS sse avx2 avx512)
set(X2G_VARIANT_OPTIONS_sse)
set(X2G_VARIANT_OPTIONS_avx2 -mavx2 -mfma)
set(X2G_VARIANT_OPTIONS_avx512 ${X2G_VARIANT_OPTIONS_avx2} -mavx512f -mavx512bw -mavx512cd -mavx512dq -mavx512vl)

# x2g_variants(NAME SOURCE…): static libraries NAME_sse, NAME_avx2, NAME_avx512 of the same sources, each linking the next, so that whoever
# links the first links them in this order. What they need is given to NAME_options, an INTERFACE library.
function(x2g_variants name)
  add_library(${name}_options INTERFACE)
  set(last)
  foreach(variant IN LISTS X2G_VARIANTS)
    set(library ${name}_${variant})
    add_library(${library} STATIC EXCLUDE_FROM_ALL ${ARGN})
    target_compile_definitions(${library} PRIVATE X2G_VARIANT=${variant})
    target_compile_options(${library} PRIVATE ${X2G_VARIANT_OPTIONS_${variant}})
    target_link_libraries(${library} PRIVATE ${name}_options)
    if(last)
      target_link_libraries(${last} INTERFACE ${library})
    endif()
    set(last ${library})
  endforeach()
endfunction()
