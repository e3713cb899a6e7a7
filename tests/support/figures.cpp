#include "support/figures.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/interfaces/catch_interfaces_config.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>

#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <utility>

namespace x2g::test {
namespace {

struct Figure {
  double reached = 0, bound = 0;
  int times = 0;
};

std::map<std::pair<std::string, std::string>, Figure>& figures() {
  static std::map<std::pair<std::string, std::string>, Figure> all;
  return all;
}

class FigureWriter : public Catch::EventListenerBase {
 public:
  using Catch::EventListenerBase::EventListenerBase;
  void testRunEnded(const Catch::TestRunStats&) override {
    // Shards of the tests run side by side (tests/CMakeLists.txt): a file each.
    const std::string path = X2G_FIGURES "_" + std::to_string(m_config->shardIndex()) + ".txt";
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (!file) return;
    for (const auto& [name, f] : figures())
      std::fprintf(file, "%s: %s: %.2g of %.2g (worst of %d)\n", name.first.c_str(), name.second.c_str(), f.reached, f.bound, f.times);
    std::fclose(file);
  }
};

CATCH_REGISTER_LISTENER(FigureWriter)

}  // namespace

void figure(std::string_view promise, std::string_view what, double reached, double bound) {
  Figure& f = figures()[{std::string(promise), std::string(what)}];
  f.bound = bound;
  ++f.times;
  if (!(reached <= f.reached)) f.reached = reached;
  CAPTURE(promise, what);
  CHECK(reached < bound);
}

}  // namespace x2g::test
