#include "x2g/io/checkpoint.hpp"

#include <algorithm>
#include <cstring>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/io/checksum.hpp"

namespace x2g {
namespace {

constexpr std::string_view kMagic("x2gckpt\x1a", 8);
constexpr std::size_t kHead = 32, kEntry = 48, kName = 32, kSeal = 8, kMost = 64;

[[noreturn]] void bad(std::uint64_t byte, std::string_view why) { throw Error(ErrorCode::bad_file, text("byte ", byte, ": ", why)); }

template <class I>
I load(std::span<const std::uint8_t> bytes, std::size_t at) {
  I value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}
template <class I>
void store(std::vector<std::uint8_t>& bytes, std::size_t at, I value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

std::uint64_t padded(std::uint64_t size) { return (size + 7) / 8 * 8; }

bool good_name(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; };
  return !name.empty() && name.size() <= kName && std::ranges::all_of(name, allowed);
}

}  // namespace

Checkpoint Checkpoint::parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kHead) bad(bytes.size(), text("the record ends; its head alone has ", kHead, " bytes"));
  if (std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) bad(0, "this is no saved run; choose a file saved by this lab");
  const auto version = load<std::uint32_t>(bytes, 8), count = load<std::uint32_t>(bytes, 12);
  if (version > kCheckpointVersion)
    bad(8, text("it was saved by a newer lab (version ", version, "; this one reads up to ", kCheckpointVersion,
                "): reload the page to update it"));
  if (version == 0) bad(8, "a version of 0");
  const auto length = load<std::uint64_t>(bytes, 16);
  if (length != bytes.size())
    bad(16, text("it says it has ", static_cast<double>(length), " bytes and has ", bytes.size(), ": it was not written to its end"));
  if (count < 1 || count > kMost) bad(12, text(count, " sections; 1 to ", kMost, " are allowed"));
  const std::size_t table = kHead + kEntry * count;
  if (bytes.size() < table + kSeal) bad(bytes.size(), text("the record ends within the list of its ", count, " sections"));
  const std::size_t seal = bytes.size() - kSeal;
  if (load<std::uint64_t>(bytes, seal) != xxh64(bytes.first(seal)))
    bad(seal, "the checksum does not match: it was damaged or half written");

  Checkpoint out;
  out.sequence = load<std::uint64_t>(bytes, 24);
  std::uint64_t reached = table;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = kHead + kEntry * i;
    const std::string_view field(reinterpret_cast<const char*>(bytes.data()) + entry, kName);
    const std::string_view name = field.substr(0, field.find('\0'));
    if (!good_name(name) || field.find_first_not_of('\0', name.size()) != std::string_view::npos)
      bad(entry, "a section without a proper name");
    if (out.has(name)) bad(entry, text("the section \"", name, "\" is there twice"));
    const auto offset = load<std::uint64_t>(bytes, entry + kName), size = load<std::uint64_t>(bytes, entry + kName + 8);
    if (offset != reached || size > seal - offset || padded(size) > seal - offset)
      bad(entry, text("the section \"", name, "\" does not lie where the one before it ends"));
    out.sections.push_back({std::string(name), bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size))});
    reached = offset + padded(size);
    for (std::uint64_t at = offset + size; at < reached; ++at)
      if (bytes[static_cast<std::size_t>(at)] != 0) bad(at, "a byte between two sections");
  }
  if (reached != seal) bad(reached, text(seal - reached, " bytes after the last section"));
  return out;
}

bool Checkpoint::has(std::string_view name) const {
  return std::ranges::any_of(sections, [name](const CheckpointSection& s) { return s.name == name; });
}

std::span<const std::uint8_t> Checkpoint::section(std::string_view name) const {
  for (const CheckpointSection& s : sections)
    if (s.name == name) return s.bytes;
  throw Error(ErrorCode::bad_file, text("the saved run has no section \"", name, "\""));
}

std::vector<std::uint8_t> write_checkpoint(std::span<const CheckpointSection> sections, std::uint64_t sequence) {
  const auto refuse = [](std::string why) { throw Error(ErrorCode::invalid_argument, std::move(why)); };
  if (sections.empty() || sections.size() > kMost) refuse(text(sections.size(), " sections; 1 to ", kMost, " are allowed"));
  std::uint64_t total = kHead + kEntry * sections.size() + kSeal;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::string& name = sections[i].name;
    if (!good_name(name))
      refuse(text("section ", i, " is called \"", name.substr(0, 80), "\"; a name is 1 to ", kName, " of a-z 0-9 . _ -"));
    for (std::size_t j = 0; j < i; ++j)
      if (sections[j].name == name) refuse(text("two sections are called \"", name, "\"; names must differ"));
    total += padded(sections[i].bytes.size());
  }
  std::vector<std::uint8_t> out(static_cast<std::size_t>(total));
  std::memcpy(out.data(), kMagic.data(), kMagic.size());
  store(out, 8, kCheckpointVersion);
  store(out, 12, static_cast<std::uint32_t>(sections.size()));
  store(out, 16, total);
  store(out, 24, sequence);
  std::size_t at = kHead + kEntry * sections.size();
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::span<const std::uint8_t> bytes = sections[i].bytes;
    const std::size_t entry = kHead + kEntry * i;
    std::ranges::copy(sections[i].name, out.begin() + static_cast<std::ptrdiff_t>(entry));
    store(out, entry + kName, static_cast<std::uint64_t>(at));
    store(out, entry + kName + 8, static_cast<std::uint64_t>(bytes.size()));
    std::ranges::copy(bytes, out.begin() + static_cast<std::ptrdiff_t>(at));
    at += static_cast<std::size_t>(padded(bytes.size()));
  }
  store(out, at, xxh64(std::span(out).first(at)));
  return out;
}

int newest_checkpoint(std::span<const std::span<const std::uint8_t>> places) {
  int newest = -1;
  std::uint64_t highest = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    try {
      const std::uint64_t sequence = Checkpoint::parse(places[i]).sequence;
      if (newest >= 0 && sequence <= highest) continue;
      newest = static_cast<int>(i);
      highest = sequence;
    } catch (const Error& e) {
      if (e.code() != ErrorCode::bad_file) throw;
    }
  }
  return newest;
}

}  // namespace x2g
