// Variants of the kernels for tests. A test case that begins with X2G_ON_EACH_VARIANT runs once on each that this machine has
// (natively on x86-64: kernels/variant.hpp), elsewhere once. Not for cases that keep a graph from one run to the next.
#pragma once

#include <catch2/catch_test_macros.hpp>

#if X2G_DISPATCH
#include <catch2/generators/catch_generators_range.hpp>

#include "kernels/dispatch.hpp"
#include "x2g/version.hpp"

namespace x2g::test {

/// Puts a variant in the place of the one in use, until the end of the block.
class OnVariant {
 public:
  explicit OnVariant(const kernels::Table& table) : before_(kernels::table()) { kernels::use(table); }
  ~OnVariant() { kernels::use(before_); }
  OnVariant(const OnVariant&) = delete;
  OnVariant& operator=(const OnVariant&) = delete;

 private:
  const kernels::Table& before_;
};

}  // namespace x2g::test

#define X2G_ON_EACH_VARIANT()                                                                                                     \
  const auto x2g_tables = x2g::kernels::tables();                                                                                 \
  const x2g::test::OnVariant x2g_on_variant(*GENERATE_COPY(Catch::Generators::from_range(x2g_tables.begin(), x2g_tables.end()))); \
  INFO("kernels: " << x2g::variant())
#else
#define X2G_ON_EACH_VARIANT() static_cast<void>(0)
#endif
