#include "x2g/io/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

#include "base/order.hpp"
#include "io/json.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian and is copied as it is");

constexpr std::uint64_t kHeaderLimit = 100000000;  // bytes, the format's own limit
constexpr std::size_t kRankLimit = 32;
constexpr std::string_view kMetadata = "__metadata__";

struct Dtype {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array kDtypes{Dtype{"F32", 4}, Dtype{"F16", 2}, Dtype{"BF16", 2}, Dtype{"F64", 8},     Dtype{"BOOL", 1},
                             Dtype{"I8", 1},  Dtype{"U8", 1},  Dtype{"I16", 2},  Dtype{"U16", 2},     Dtype{"I32", 4},
                             Dtype{"U32", 4}, Dtype{"I64", 8}, Dtype{"U64", 8},  Dtype{"F8_E4M3", 1}, Dtype{"F8_E5M2", 1}};

/// Bytes an element of this kind takes; 0 when the kind is unknown.
std::uint64_t dtype_bytes(std::string_view name) {
  for (const Dtype& d : kDtypes) {
    if (d.name == name) return d.bytes;
  }
  return 0;
}

/// Product of a shape, or false when it leaves 64 bits. An empty dimension makes it 0 whatever the others are.
bool product(std::span<const std::uint64_t> shape, std::uint64_t& out) {
  out = 1;
  if (std::find(shape.begin(), shape.end(), 0u) != shape.end()) {
    out = 0;
    return true;
  }
  for (const std::uint64_t n : shape) {
    if (out > UINT64_MAX / n) return false;
    out *= n;
  }
  return true;
}

/// A name as it may appear in a message: not longer than a line, cut between characters.
std::string shown(std::string_view name) {
  std::size_t length = 80;
  if (name.size() <= length) return std::string(name);
  while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0) == 0x80) --length;
  return std::string(name.substr(0, length)) + "…";
}

float half_to_float(std::uint16_t h) {
  const float sign = (h & 0x8000) != 0 ? -1.0f : 1.0f;
  const std::uint32_t exponent = (h >> 10) & 31u, mantissa = h & 0x3FFu;
  if (exponent == 0) return sign * static_cast<float>(mantissa) * 0x1p-24f;  // subnormal: exact in float
  const std::uint32_t bits =
      (static_cast<std::uint32_t>(h & 0x8000) << 16) | ((exponent == 31 ? 255u : exponent + 112u) << 23) | (mantissa << 13);
  return std::bit_cast<float>(bits);
}

/// The value of one tensor's key: an object of exactly dtype, shape and data_offsets.
void read_entry(JsonReader& json, StoredTensor& t) {
  bool dtype = false, shape = false, offsets = false;
  std::string key;
  json.begin_object();
  while (json.next_key(key)) {
    if (key == "dtype" && !dtype) {
      dtype = true;
      t.dtype = json.string();
      if (dtype_bytes(t.dtype) == 0) json.fail(text("tensor \"", shown(t.name), "\" has the unknown kind \"", shown(t.dtype), "\""));
    } else if (key == "shape" && !shape) {
      shape = true;
      json.begin_array();
      while (json.next_item()) {
        if (t.shape.size() == kRankLimit) json.fail(text("tensor \"", shown(t.name), "\" has more than ", kRankLimit, " dimensions"));
        t.shape.push_back(json.whole_number());
      }
    } else if (key == "data_offsets" && !offsets) {
      offsets = true;
      json.begin_array();
      if (!json.next_item()) json.fail("data_offsets must be two numbers");
      t.begin = json.whole_number();
      if (!json.next_item()) json.fail("data_offsets must be two numbers");
      t.end = json.whole_number();
      if (json.next_item()) json.fail("data_offsets must be two numbers");
    } else {
      const bool known = key == "dtype" || key == "shape" || key == "data_offsets";
      json.fail(text("\"", shown(key), known ? "\" is given twice" : "\" is no property of a tensor"));
    }
  }
  if (!dtype || !shape || !offsets)
    json.fail(text("tensor \"", shown(t.name), "\" lacks ", !dtype ? "dtype" : !shape ? "shape" : "data_offsets"));
}

void check_entry(const JsonReader& json, const StoredTensor& t, std::uint64_t data_bytes) {
  if (t.begin > t.end) json.fail(text("tensor \"", shown(t.name), "\" begins at ", t.begin, " after its end at ", t.end));
  if (t.end > data_bytes) {
    json.fail(text("tensor \"", shown(t.name), "\" ends at ", t.end, "; the file holds ", data_bytes, " bytes of data"));
  }
  std::uint64_t elements = 0;
  const std::uint64_t size = dtype_bytes(t.dtype);  // not 0: an unknown kind was refused when it was read
  // NOLINTNEXTLINE(clang-analyzer-core.DivideZero)
  if (!product(t.shape, elements) || elements > UINT64_MAX / size) {
    json.fail(text("the shape of tensor \"", shown(t.name), "\" is too large to count"));
  }
  if (elements * size != t.end - t.begin) {
    json.fail(
        text("tensor \"", shown(t.name), "\" needs ", elements * size, " bytes by its shape and kind; its range holds ", t.end - t.begin));
  }
}

/// Every byte of the data belongs to exactly one tensor.
void check_cover(const std::vector<StoredTensor>& tensors, std::uint64_t header_end, std::uint64_t data_bytes) {
  std::vector<std::uint32_t> rows(tensors.size());
  std::iota(rows.begin(), rows.end(), 0u);
  order(rows, [&](std::uint32_t a, std::uint32_t b) {
    return tensors[a].begin != tensors[b].begin ? tensors[a].begin < tensors[b].begin : tensors[a].end < tensors[b].end;
  });
  std::uint64_t reached = 0;
  for (const std::uint32_t i : rows) {
    const StoredTensor& t = tensors[i];
    if (t.begin != reached) {
      throw Error(ErrorCode::bad_file, text("byte ", header_end + t.begin, ": tensor \"", shown(t.name),
                                            t.begin < reached ? "\" overlaps the one before it" : "\" leaves a hole before it"));
    }
    reached = t.end;
  }
  if (reached != data_bytes) {
    throw Error(ErrorCode::bad_file, text("byte ", header_end + reached, ": ", data_bytes - reached, " bytes after the last tensor"));
  }
}

/// A name that appears twice, or null.
const std::string* duplicate(std::span<const std::string* const> names) {
  std::vector<std::uint32_t> rows(names.size());
  std::iota(rows.begin(), rows.end(), 0u);
  order(rows, [&](std::uint32_t a, std::uint32_t b) { return *names[a] < *names[b]; });
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (*names[rows[i]] == *names[rows[i - 1]]) return names[rows[i]];
  }
  return nullptr;
}

}  // namespace

SafeTensors SafeTensors::parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 8) {
    throw Error(ErrorCode::bad_file,
                text("byte ", bytes.size(), ": the file ends; a safetensors file starts with 8 bytes of header length"));
  }
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  if (header > kHeaderLimit) {
    throw Error(ErrorCode::bad_file, text("byte 0: a header of ", static_cast<double>(header), " bytes; at most ", kHeaderLimit,
                                          " are allowed: is this a safetensors file?"));
  }
  if (header > bytes.size() - 8) {
    throw Error(ErrorCode::bad_file,
                text("byte 0: a header of ", header, " bytes; only ", bytes.size() - 8, " follow: the file is cut short"));
  }
  if (header == 0 || bytes[8] != '{') throw Error(ErrorCode::bad_file, "byte 8: the header does not start with \"{\"");

  SafeTensors out;
  out.data = bytes.subspan(8 + static_cast<std::size_t>(header));
  JsonReader json({reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(header)}, 8);
  bool metadata = false;
  std::string key;
  json.begin_object();
  while (json.next_key(key)) {
    if (key == kMetadata) {
      if (metadata) json.fail("\"__metadata__\" is given twice");
      metadata = true;
      json.begin_object();
      while (json.next_key(key)) {
        if (json.peek() != JsonReader::Kind::string) json.fail(text("the metadata \"", shown(key), "\" is no string"));
        out.metadata.emplace_back(key, json.string());
      }
      continue;
    }
    StoredTensor t;
    t.name = key;
    read_entry(json, t);
    check_entry(json, t, out.data.size());
    out.tensors.push_back(std::move(t));
  }
  json.finish();

  std::vector<const std::string*> names;
  for (const StoredTensor& t : out.tensors) names.push_back(&t.name);
  if (const std::string* twice = duplicate(names)) {
    throw Error(ErrorCode::bad_file, text("byte 8: the tensor \"", shown(*twice), "\" is given twice"));
  }
  names.clear();
  for (const auto& m : out.metadata) names.push_back(&m.first);
  if (const std::string* twice = duplicate(names)) {
    throw Error(ErrorCode::bad_file, text("byte 8: the metadata \"", shown(*twice), "\" is given twice"));
  }
  check_cover(out.tensors, 8 + header, out.data.size());
  return out;
}

const StoredTensor* SafeTensors::find(std::string_view name) const {
  for (const StoredTensor& t : tensors) {
    if (t.name == name) return &t;
  }
  return nullptr;
}

std::string_view SafeTensors::meta(std::string_view key) const {
  for (const auto& [name, value] : metadata) {
    if (name == key) return value;
  }
  return {};
}

std::vector<float> SafeTensors::floats(const StoredTensor& t) const {
  const bool single = t.dtype == "F32", half = t.dtype == "F16", brain = t.dtype == "BF16";
  if (!single && !half && !brain) {
    throw Error(ErrorCode::bad_file, text("tensor \"", shown(t.name), "\" is of kind ", t.dtype, "; only F32, F16 and BF16 can be read"));
  }
  const std::size_t size = single ? 4 : 2;
  if (t.begin > t.end || t.end > data.size() || (t.end - t.begin) % size != 0) {
    throw Error(ErrorCode::invalid_argument, text("tensor \"", shown(t.name), "\" is not of this file"));
  }
  const std::uint8_t* from = data.data() + t.begin;
  std::vector<float> out(static_cast<std::size_t>(t.end - t.begin) / size);
  if (single) {
    if (!out.empty()) std::memcpy(out.data(), from, out.size() * 4);
    return out;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, from + 2 * i, 2);
    out[i] = half ? half_to_float(bits) : std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
  }
  return out;
}

std::vector<std::uint8_t> write_safetensors(std::span<const TensorToStore> tensors,
                                            std::span<const std::pair<std::string, std::string>> metadata) {
  const auto check_name = [](std::string_view name) {
    if (!is_utf8(name)) throw Error(ErrorCode::invalid_argument, "a name or a metadata text is not UTF-8");
  };
  std::vector<const std::string*> names;
  std::string header = "{";
  if (!metadata.empty()) {
    header += "\"__metadata__\":{";
    for (const auto& [key, value] : metadata) {
      check_name(key);
      check_name(value);
      names.push_back(&key);
      if (header.back() != '{') header += ',';
      header += json_quote(key) + ':' + json_quote(value);
    }
    header += '}';
    if (const std::string* twice = duplicate(names)) {
      throw Error(ErrorCode::invalid_argument, text("the metadata \"", shown(*twice), "\" is given twice; names must differ"));
    }
  }
  names.clear();
  std::uint64_t at = 0;
  for (const TensorToStore& t : tensors) {
    check_name(t.name);
    if (t.name == kMetadata) throw Error(ErrorCode::invalid_argument, "a tensor cannot be called \"__metadata__\"; choose another name");
    std::uint64_t elements = 0;
    if (t.shape.size() > kRankLimit || !product(t.shape, elements) || elements != t.values.size()) {
      throw Error(ErrorCode::shape_mismatch,
                  text("tensor \"", shown(t.name), "\" has ", t.values.size(), " values; its shape says otherwise"));
    }
    names.push_back(&t.name);
    if (header.size() > 1) header += ',';
    header += json_quote(t.name) + ":{\"dtype\":\"F32\",\"shape\":[";
    for (std::size_t i = 0; i < t.shape.size(); ++i) header += (i > 0 ? "," : "") + to_text(static_cast<std::int64_t>(t.shape[i]));
    const std::uint64_t end = at + 4 * elements;
    header += text("],\"data_offsets\":[", at, ",", end, "]}");
    at = end;
  }
  if (const std::string* twice = duplicate(names)) {
    throw Error(ErrorCode::invalid_argument, text("the tensor \"", shown(*twice), "\" is given twice; names must differ"));
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  if (header.size() > kHeaderLimit)
    throw Error(ErrorCode::invalid_argument,
                text("the header would take ", header.size(), " bytes; at most ", kHeaderLimit, " are allowed"));

  std::vector<std::uint8_t> out(8 + header.size() + static_cast<std::size_t>(at));
  const std::uint64_t length = header.size();
  std::memcpy(out.data(), &length, 8);
  std::memcpy(out.data() + 8, header.data(), header.size());
  std::uint8_t* to = out.data() + 8 + header.size();
  for (const TensorToStore& t : tensors) {
    if (t.values.empty()) continue;
    std::memcpy(to, t.values.data(), t.values.size_bytes());
    to += t.values.size_bytes();
  }
  return out;
}

}  // namespace x2g
