#include "files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include "io/json.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextLimit = std::size_t{1} << 30;  // bytes: windows are counted in 32 bits, tokens take four bytes each
constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

[[noreturn]] void bad(std::string message) { throw Error(ErrorCode::bad_file, std::move(message)); }

File open_file(const std::string& path, const char* mode) { return {std::fopen(path.c_str(), mode), &std::fclose}; }

std::string part_of(const std::string& path) { return path + ".part"; }

/// \r\n and a lone \r become \n, in place.
void unify_line_ends(std::string& text) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < text.size(); ++from) {
    const bool before_newline = from + 1 < text.size() && text[from + 1] == '\n';
    if (text[from] == '\r' && before_newline) continue;
    text[to++] = text[from] == '\r' ? '\n' : text[from];
  }
  text.resize(to);
}

}  // namespace

std::vector<std::uint8_t> read_bytes(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) bad(text("\"", path, "\" is a folder; give a file"));
  const File file = open_file(path, "rb");
  if (!file) bad(text("\"", path, "\" cannot be opened: ", std::strerror(errno), "; check the path and the rights"));
  std::vector<std::uint8_t> bytes;
  for (std::size_t got = kChunk; got == kChunk;) {  // to the end, not by its size: it may be a pipe
    const std::size_t have = bytes.size();
    bytes.resize(have + kChunk);
    got = std::fread(bytes.data() + have, 1, kChunk, file.get());
    bytes.resize(have + got);
  }
  if (std::ferror(file.get())) bad(text("\"", path, "\" cannot be read: ", std::strerror(errno)));
  return bytes;
}

std::string read_text(const std::string& path) {
  const std::vector<std::uint8_t> bytes = read_bytes(path);
  if (bytes.empty()) bad(text("\"", path, "\" is empty; give a text of at least a few thousand characters"));
  if (bytes.size() > kTextLimit)
    bad(text("\"", path, "\" has ", bytes.size() >> 20, " MiB; at most ", kTextLimit >> 20, " are read: cut it into parts"));
  std::string out(bytes.begin(), bytes.end());
  const std::size_t wrong = utf8_until(out);
  if (wrong < out.size())
    bad(text("\"", path, "\" is not UTF-8 at byte ", wrong, "; save it as UTF-8 (from Shift_JIS: iconv -f SHIFT_JIS -t UTF-8)"));
  if (const std::size_t zero = out.find('\0'); zero != std::string::npos)
    bad(text("\"", path, "\" holds a zero byte at byte ", zero, ", so it is not text; give a text file"));
  if (out.starts_with(kByteOrderMark)) out.erase(0, kByteOrderMark.size());
  unify_line_ends(out);
  return out;
}

void check_writable(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) bad(text("\"", path, "\" is a folder; give the name of a file in it"));
  if (!open_file(part_of(path), "wb"))
    bad(text("\"", path, "\" cannot be written: ", std::strerror(errno), "; choose another folder, or make it first"));
  fs::remove(part_of(path), ignored);
}

void make_folder(const std::string& path) {
  std::error_code failed, ignored;
  fs::create_directories(path, failed);
  if (!fs::is_directory(path, ignored)) bad(text("the folder \"", path, "\" cannot be made: ", failed.message(), "; choose another place"));
}

void write_bytes(const std::string& path, std::span<const std::uint8_t> bytes) {
  const std::string part = part_of(path);
  std::error_code ignored;
  File file = open_file(part, "wb");
  const bool written = file && std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() && std::fflush(file.get()) == 0;
  const bool closed = file && std::fclose(file.release()) == 0;
  if (!written || !closed) {
    const std::string reason = std::strerror(errno);
    fs::remove(part, ignored);
    bad(text("\"", path, "\" cannot be written: ", reason, "; it takes ", bytes.size(), " bytes"));
  }
  std::error_code failed;
  fs::rename(part, path, failed);
  if (failed) bad(text("\"", path, "\" cannot be replaced: ", failed.message(), "; the weights are in \"", part, "\""));
}

}  // namespace x2g::cli
