#include "values.h"
#include <charconv>
#include <clang/AST/RecordLayout.h>
#include <clang/AST/Type.h>
#include <cmath>
#include <cstring>
#include <sys/uio.h>
#include <unistd.h>

using namespace clang;

namespace kernelbox {
namespace {

constexpr int deepest = 8;
constexpr uint64_t mostEntries = 1000;
constexpr size_t longestText = 1 << 20;

/// The text that a pointer leads to, if it leads to one: pointers of C may lead anywhere.
std::optional<std::string> textAt(const char *pointer) {
  std::string text;
  size_t page = sysconf(_SC_PAGESIZE);
  while (text.size() < longestText) {
    char piece[4096];
    size_t length = std::min(sizeof piece, page - reinterpret_cast<uintptr_t>(pointer) % page);
    iovec here{piece, length}, there{const_cast<char *>(pointer), length};
    ssize_t count = process_vm_readv(getpid(), &here, 1, &there, 1, 0);
    if (count <= 0) {
      // Where that call is forbidden, the kernel still tells through a pipe whether memory can be read.
      int ends[2];
      if (errno != EPERM && errno != ENOSYS) return std::nullopt;
      if (pipe(ends) != 0) return std::nullopt;
      count = write(ends[1], pointer, length);
      if (count > 0) count = read(ends[0], piece, length);
      close(ends[0]);
      close(ends[1]);
      if (count <= 0) return std::nullopt;
    }
    size_t end = strnlen(piece, count);
    text.append(piece, end);
    if (end < static_cast<size_t>(count)) return text;
    pointer += count;
  }
  return text;
}

std::string quoted(std::string_view text, char quote = '"') {
  std::string out(1, quote);
  for (unsigned char character : text) {
    char escape[8];
    if (character == '\n') out += "\\n";
    else if (character == '\t') out += "\\t";
    else if (character == '\r') out += "\\r";
    else if (character == static_cast<unsigned char>(quote) || character == '\\') (out += '\\') += static_cast<char>(character);
    else if (character < 0x20 || character == 0x7f) {
      snprintf(escape, sizeof escape, "\\x%02x", character);
      out += escape;
    } else out += static_cast<char>(character);
  }
  return out + quote;
}

template <class Number> std::string numberText(const void *value) {
  Number number;
  std::memcpy(&number, value, sizeof number);
  if constexpr (std::is_floating_point_v<Number>) {
    if (!std::isfinite(number)) return std::isnan(number) ? "nan" : number < 0 ? "-inf" : "inf";
    char text[64];
    std::string written(text, std::to_chars(text, text + sizeof text, number).ptr);
    return written.find_first_of(".e") == std::string::npos ? written + ".0" : written;
  } else if constexpr (sizeof(Number) > 8) {
    bool isNegative = number < 0;
    std::string digits;
    do digits.insert(digits.begin(), static_cast<char>('0' + std::abs(static_cast<int>(number % 10))));
    while ((number /= 10) != 0);
    return isNegative ? "-" + digits : digits;
  } else {
    return std::to_string(number);
  }
}

int64_t integerAt(const void *value, uint64_t bytes, bool isSigned) {
  int64_t number = 0;
  std::memcpy(&number, value, std::min<uint64_t>(bytes, 8));
  if (isSigned && bytes < 8) number = number << (64 - bytes * 8) >> (64 - bytes * 8);
  return number;
}

std::string builtinText(const BuiltinType &type, const void *value) {
  switch (type.getKind()) {
  case BuiltinType::Bool: return *static_cast<const unsigned char *>(value) ? "true" : "false";
  case BuiltinType::Char_S:
  case BuiltinType::Char_U: {
    char character = *static_cast<const char *>(value);
    return static_cast<unsigned char>(character) < 0x80 ? quoted({&character, 1}, '\'') : std::to_string(character);
  }
  case BuiltinType::SChar: return numberText<signed char>(value);
  case BuiltinType::UChar: return numberText<unsigned char>(value);
  case BuiltinType::Short: return numberText<short>(value);
  case BuiltinType::UShort: return numberText<unsigned short>(value);
  case BuiltinType::Int: return numberText<int>(value);
  case BuiltinType::UInt: return numberText<unsigned>(value);
  case BuiltinType::Long: return numberText<long>(value);
  case BuiltinType::ULong: return numberText<unsigned long>(value);
  case BuiltinType::LongLong: return numberText<long long>(value);
  case BuiltinType::ULongLong: return numberText<unsigned long long>(value);
  case BuiltinType::Int128: return numberText<__int128>(value);
  case BuiltinType::UInt128: return numberText<unsigned __int128>(value);
  case BuiltinType::Float: return numberText<float>(value);
  case BuiltinType::Double: return numberText<double>(value);
  case BuiltinType::LongDouble: return numberText<long double>(value);
  case BuiltinType::NullPtr: return "nullptr";
  default: return "…";
  }
}

std::string recordText(const ASTContext &context, const RecordDecl *record, const void *value, int depth) {
  std::string out;
  if (auto *name = record->getIdentifier()) out = std::string(record->isUnion() ? "union " : "struct ") + name->getName().str() + " ";
  else if (auto *other = record->getTypedefNameForAnonDecl()) out = other->getName().str() + " ";
  out += "{";
  auto &layout = context.getASTRecordLayout(record);
  bool isFirst = true;
  for (auto *field : record->fields()) {
    if (!isFirst) out += ", ";
    isFirst = false;
    if (field->getIdentifier()) out += "." + field->getName().str() + " = ";
    uint64_t bit = layout.getFieldOffset(field->getFieldIndex());
    auto *start = static_cast<const char *>(value) + bit / 8;
    if (!field->isBitField()) {
      out += textOfValue(context, field->getType(), start, depth + 1);
      continue;
    }
    unsigned width = field->getBitWidthValue(context);
    uint64_t bits = 0;
    std::memcpy(&bits, start, std::min<uint64_t>(8, (bit % 8 + width + 7) / 8));
    bits = bits >> bit % 8 & (width >= 64 ? ~0ULL : (1ULL << width) - 1);
    bool isNegative = field->getType()->isSignedIntegerType() && width > 0 && bits >> (width - 1) & 1;
    out += isNegative ? std::to_string(static_cast<int64_t>(bits - (1ULL << width))) : std::to_string(bits);
  }
  return out + "}";
}

std::string arrayText(const ASTContext &context, const ConstantArrayType *array, const void *value, int depth) {
  auto type = array->getElementType();
  uint64_t count = array->getSize().getZExtValue(), size = context.getTypeSizeInChars(type).getQuantity();
  auto *start = static_cast<const char *>(value);
  if (type->isCharType() && count > 0 && memchr(start, 0, count)) return quoted({start, strnlen(start, count)});
  std::string out = "{";
  for (uint64_t index = 0; index < std::min(count, mostEntries); ++index)
    out += (index == 0 ? "" : ", ") + textOfValue(context, type, start + index * size, depth + 1);
  return out + (count > mostEntries ? ", …}" : "}");
}

} // namespace

std::string textOfValue(const ASTContext &context, QualType type, const void *value, int depth) {
  if (depth > deepest) return "…";
  type = type.getCanonicalType().getUnqualifiedType();
  if (auto *atomic = type->getAs<AtomicType>()) return textOfValue(context, atomic->getValueType(), value, depth);
  if (auto *enumeration = type->getAs<EnumType>()) {
    auto underlying = enumeration->getDecl()->getIntegerType();
    int64_t number = integerAt(value, context.getTypeSizeInChars(type).getQuantity(), underlying->isSignedIntegerType());
    for (auto *constant : enumeration->getDecl()->enumerators())
      if (constant->getInitVal().getExtValue() == number) return constant->getName().str();
    return std::to_string(number);
  }
  if (auto *builtin = type->getAs<BuiltinType>()) return builtinText(*builtin, value);
  if (auto *array = context.getAsConstantArrayType(type)) return arrayText(context, array, value, depth);
  if (auto *record = type->getAs<RecordType>()) return recordText(context, record->getDecl()->getDefinition(), value, depth);
  if (auto *number = type->getAs<ComplexType>()) {
    auto *start = static_cast<const char *>(value);
    auto part = number->getElementType();
    return textOfValue(context, part, start) + " + " + textOfValue(context, part, start + context.getTypeSizeInChars(part).getQuantity()) + "i";
  }
  if (type->isFunctionType()) return type.getAsString();
  if (type->isPointerType()) {
    const void *pointer;
    std::memcpy(&pointer, value, sizeof pointer);
    if (!pointer) return "NULL";
    if (type->getPointeeType()->isCharType())
      if (auto text = textAt(static_cast<const char *>(pointer))) return quoted(*text);
    char text[32];
    snprintf(text, sizeof text, "%p", pointer);
    return text;
  }
  return type.getAsString();
}

std::vector<std::string> bundleOfValue(const ASTContext &context, QualType type, const void *value) {
  std::vector<std::string> bundle{"text/plain", textOfValue(context, type, value)};
  std::optional<std::string> text;
  if (type->isPointerType() && type->getPointeeType()->isCharType()) {
    const char *pointer;
    std::memcpy(&pointer, value, sizeof pointer);
    if (pointer) text = textAt(pointer);
  } else if (auto *array = context.getAsConstantArrayType(type); array && array->getElementType()->isCharType()) {
    auto *start = static_cast<const char *>(value);
    uint64_t count = array->getSize().getZExtValue();
    if (memchr(start, 0, count)) text = start;
  }
  if (text) {
    bundle.push_back("application/vnd.kernelbox.string");
    bundle.push_back(*text);
  }
  return bundle;
}

} // namespace kernelbox
