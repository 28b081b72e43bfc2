// Whatever a client brings: nobody finds a place or a pid that was not made here.
#include <rubricon/base/assert.hpp>
#include <rubricon/gateway/recovery_seal.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  const gateway::RecoverySeal seal(gateway::RecoverySecret{3, 1, 4});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  RUBRICON_ASSERT(!seal.place(text));
  RUBRICON_ASSERT(!seal.belongs(text, domain::UserId(), text));
  return 0;
}
