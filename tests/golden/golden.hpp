// Reads the golden files that make_golden.py wrote, and makes the same weights as it does from a tensor's name.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace x2g::golden {

struct Tensor {
  std::vector<std::size_t> shape;
  std::vector<double> data;
};

/// The tensors of one file by name. A missing file, a missing name and a shape that does not fit its numbers are exceptions.
class File {
 public:
  explicit File(const std::string& name) : name_(name) {
    std::ifstream in(std::string(X2G_GOLDEN_DIR) + "/" + name);
    if (!in) throw std::runtime_error("cannot read the golden file " + name);
    Tensor* open = nullptr;
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#') continue;
      std::istringstream words(line);
      if (line[0] == ' ') {
        for (double v; words >> v;) open->data.push_back(v);
        continue;
      }
      std::string key;
      words >> key;
      open = &tensors_[key];
      words.ignore(line.size(), '(');
      for (std::size_t n; words >> n; words.ignore(1)) open->shape.push_back(n);
    }
    for (const auto& [key, tensor] : tensors_) {
      std::size_t count = 1;
      for (const std::size_t n : tensor.shape) count *= n;
      if (count != tensor.data.size()) throw std::runtime_error(name + ": the shape of " + key + " does not fit its numbers");
    }
  }

  const Tensor& operator[](const std::string& key) const {
    const auto found = tensors_.find(key);
    if (found == tensors_.end()) throw std::runtime_error(name_ + " holds no " + key);
    return found->second;
  }
  const std::map<std::string, Tensor>& tensors() const { return tensors_; }

 private:
  std::string name_;
  std::map<std::string, Tensor> tensors_;
};

/// Numbers in [−1, 1) from a name, multiples of 2⁻²³: `made_up` of make_golden.py.
inline std::vector<double> made_up(std::string_view name, std::size_t count) {
  std::uint32_t basis = 0x811C9DC5u;
  for (const char c : name) basis = (basis ^ static_cast<unsigned char>(c)) * 0x01000193u;  // FNV-1a
  std::vector<double> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t h = basis + static_cast<std::uint32_t>(i) * 0x9E3779B1u;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    h ^= h >> 15;
    out[i] = (static_cast<double>(h >> 8) - 0x1p23) * 0x1p-23;
  }
  return out;
}

}  // namespace x2g::golden
